"""The library's search: keys in a piece of data that the caller holds."""

from __future__ import annotations

from hexscan import matcher
from hexscan.match import Match
from hexscan.matcher import may_hold, text_may_hold

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.match import Data


# At its end for good, so that all may have the same one.
_NOTHING: Iterator[Match] = iter(())


def find(
    data: str | Data,
    *,
    unprefixed: bool = False,
    lookalikes: bool = False,
    decode: bool = False,
) -> Iterator[Match]:
    """Return an iterator over the keys in ``data``, in order of where they stand.

    ``data`` is text or any contiguous buffer of bytes. Offsets count characters in text and bytes
    in a buffer; ``[start, end)`` of a match slices the key out of what was given, in the form that
    it has there: ``decoding`` of a match names the readings that lead to it. The flags are those of
    :class:`hexscan.Config`, but ``decode`` is off: what is asked about are short texts, and many.
    Raises ``TypeError`` for anything else.
    """
    # Callers ask about millions of short texts, nearly all of them clean.
    if not (unprefixed or lookalikes or decode):
        if type(data) is str:
            if data.isascii() and not text_may_hold(data):
                return _NOTHING
        elif type(data) is bytes and not may_hold(data):
            return _NOTHING
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    find_bytes = matcher.find
    if decode:
        from hexscan.decoders import nest  # noqa: PLC0415 - wanted on request

        find_bytes = nest.find
    matches = find_bytes(raw, unprefixed=unprefixed, lookalikes=lookalikes)
    if matches and isinstance(data, str) and len(raw) != len(data):
        _count_characters(bytes(raw), matches)
    return iter(matches)


def _count_characters(raw: bytes, matches: list[Match]) -> None:
    """Turn byte offsets into character offsets, in place; matches are in order."""
    passed = characters = 0
    for match in matches:
        characters += len(raw[passed : match.start].decode("utf-8", "surrogatepass"))
        passed = match.start
        length = len(raw[match.start : match.end].decode("utf-8", "surrogatepass"))
        match.start, match.end = characters, characters + length
