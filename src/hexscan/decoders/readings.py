"""What the needles' hits in some data call for: each reading where it applies, and there alone."""

from __future__ import annotations

from hexscan.decoders import (
    base16,
    base64,
    entities,
    escapes,
    integers,
    interrupted,
    kinds,
    percent,
    quoted_printable,
    utf,
)
from hexscan.decoders.decoded import LONGEST
from hexscan.decoders.runs import run_at

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.decoders.decoded import Decoded
    from hexscan.decoders.kinds import Hits
    from hexscan.match import Span

_BEFORE = 1024 + 64
"""What is decoded before a hit: the reach of a label."""

_SUBSTITUTIONS = (
    (kinds.ESCAPED, (percent.read, escapes.read, entities.read, quoted_printable.read)),
    (kinds.QUOTED, (quoted_printable.read,)),
)


def readings(data: bytes, hits: Hits) -> Iterator[Decoded]:
    """Yield every text that one reading makes of a part of ``data``, where the sieve had hits.

    No reading decodes the same bytes twice, but for what stands around a hit.
    """
    for kind, substitutions in _SUBSTITUTIONS:
        for span in _neighbourhoods(hits.get(kind, []), len(data)):
            decodeds = (read(data, span) for read in substitutions)
            yield from (decoded for decoded in decodeds if decoded is not None)
    for at, _ in hits.get(kinds.PREFIX, ()):
        decoded = interrupted.read(data, at)
        if decoded is not None:
            yield decoded
    for span in _merged(hits.get(kinds.NUMBERS, [])):
        yield from integers.read(data, span)
    for span in _neighbourhoods(hits.get(kinds.NULS, []), len(data)):
        yield from utf.read(data, span)
    end = 0
    for at, _ in sorted(hits.get(kinds.RUN, ())):
        if at >= end:
            run = run_at(data, at, end)
            end = run.end
            yield from base64.read(run)
            yield from base16.read(run)


def _merged(spans: list[Span]) -> Iterator[Span]:
    """Yield some spans, those that overlap as one: a run goes on from block to block."""
    low = high = -1
    for start, end in sorted(spans):
        if start > high:
            if high > 0:
                yield low, high
            low = start
        high = max(high, end)
    if high > 0:
        yield low, high


def _neighbourhoods(spans: list[Span], size: int) -> Iterator[Span]:
    """Yield what is to be decoded for some hits, without overlap."""
    low = high = -1
    for start, end in sorted(spans):
        begin = max(0, start - _BEFORE)
        if begin > high:
            if high > 0:
                yield low, high
            low = begin
        high = max(high, min(size, end + LONGEST))
    if high > 0:
        yield low, high
