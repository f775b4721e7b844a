"""Keys in plain text and in every reading, one within the other.

A reading makes texts out of parts of the data; keys are looked for in them as in any other data,
and then further readings, to a depth of four. The same text at the same place is looked at once,
however it was come by. Where two chains of readings lead to one key, the shorter one is told.
"""

from __future__ import annotations

from bisect import bisect_left

from hexscan import matcher
from hexscan import rule as rules
from hexscan.decoders import kinds, sieve
from hexscan.decoders.decoded import DEPTH, LONGEST
from hexscan.match import Match
from hexscan.window import windows

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hexscan.decoders.kinds import Hits
    from hexscan.match import Data, Span

    Place = Callable[[int, int], Span]
    Layer = tuple[bytes, Hits, tuple[str, ...], Place, int]

CONTEXT = 8192
"""Bytes on either side of an offset that decide whether a match starts there."""

# More is looked at piece by piece, so that what readings make of it stays small.
_PIECE = 1 << 20

_RANKS = {rules.API_KEY: 0, rules.UNPREFIXED: 1, rules.LEGACY: 1, rules.LOOKALIKE: 3}


def find(data: Data, *, unprefixed: bool = False, lookalikes: bool = False) -> list[Match]:
    """Return the matches in ``data``, in order of their offsets; no two of them overlap.

    As :func:`hexscan.matcher.find`, and also what is encoded.
    """
    flags = {"unprefixed": unprefixed, "lookalikes": lookalikes}
    view = memoryview(data).cast("B")
    if len(view) <= _PIECE:
        return _find_in_piece(view, flags)
    pieces = (view[start : start + _PIECE] for start in range(0, len(view), _PIECE))
    return list(find_chunks(pieces, **flags))


def find_chunks(
    chunks: Iterable[Data], *, unprefixed: bool = False, lookalikes: bool = False
) -> Iterator[Match]:
    """Yield the matches in a stream, the same however it is cut into chunks.

    A chunk has to hold only until the next one is asked for. Memory does not grow with the stream.
    """
    flags = {"unprefixed": unprefixed, "lookalikes": lookalikes}
    for window in windows(chunks, CONTEXT):
        for match in _find_in_piece(memoryview(window.data).cast("B"), flags):
            match.start += window.base
            match.end += window.base
            if window.owns(match.start):
                yield match


def _find_in_piece(data: memoryview, flags: dict[str, bool]) -> list[Match]:
    hits = sieve.hits(data, by_default=not any(flags.values()))
    found = matcher.find(data, **flags) if kinds.PLAIN in hits or any(flags.values()) else []
    if not hits.keys() - {kinds.PLAIN}:
        return found
    encoded = list(_encoded(bytes(data), hits, flags))
    return _without_overlaps(found + encoded) if encoded else found


def _encoded(data: bytes, hits: Hits, flags: dict[str, bool]) -> Iterator[Match]:
    """Yield the matches in every reading of ``data``, the same one perhaps several times."""
    from hexscan.decoders.readings import readings  # noqa: PLC0415 - patterns that few files need

    layers: list[Layer] = [(data, hits, (), lambda start, end: (start, end), 0)]
    seen: set[tuple[int, int]] = set()
    for depth in range(1, DEPTH + 1):
        deeper: list[Layer] = []
        for outer, outer_hits, chain, place, base in layers:
            for decoded in readings(outer, outer_hits):
                text = decoded.text
                # Tells places apart, no more: the true offset is dear, and seldom wanted.
                origin = base + decoded.origin
                if (hash(text), origin) in seen:
                    continue
                seen.add((hash(text), origin))
                inner = sieve.hits(text, by_default=not any(flags.values()))
                calls = flags["unprefixed"] or (flags["lookalikes"] and matcher.sift(text))
                if not inner and not calls:
                    continue
                layer = (
                    text,
                    inner,
                    (*chain, decoded.reading),
                    _within(decoded.place, place),
                    origin,
                )
                yield from _matches(layer, flags)
                if depth < DEPTH:
                    deeper.append(layer)
        layers = deeper


def _within(inner: Place, outer: Place) -> Place:
    def place(start: int, end: int) -> Span:
        return outer(*inner(start, end))

    return place


def _matches(layer: Layer, flags: dict[str, bool]) -> Iterator[Match]:
    """Yield the matches in a text, at their places in the data that it was made of."""
    text, hits, chain, place, _ = layer
    if kinds.PLAIN not in hits and not any(flags.values()):
        return
    for match in matcher.find(text, **flags):
        start, end = place(match.start, match.end)
        if end - start > LONGEST:
            continue
        told = Match(match.rule, start, end, match.severity, chain)
        told.describe(text[match.start : match.end])
        yield told


def _without_overlaps(matches: list[Match]) -> list[Match]:
    """Return the matches in order; of two that overlap, the surer and simpler one stays."""
    starts: list[int] = []
    kept: list[Match] = []
    for match in sorted(matches, key=_preference):
        at = bisect_left(starts, match.end)
        # Those before ``at`` start before this one ends; the last of them ends last.
        if at and kept[at - 1].end > match.start:
            continue
        starts.insert(at, match.start)
        kept.insert(at, match)
    return kept


def _preference(match: Match) -> tuple[int, int, tuple[str, ...], int, int]:
    rank = 2 if match.severity == rules.NOTE and match.rule != rules.LOOKALIKE else 0
    rank = rank or _RANKS[match.rule]
    return rank, len(match.decoding), match.decoding, match.start, match.end
