"""Readings in which single characters are written as escapes, and all others stand for themselves.

The escapes are replaced and the rest is kept, so nothing has to be known about where such a text
starts or ends.
"""

from __future__ import annotations

from bisect import bisect_right

from hexscan.decoders.decoded import Decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from hexscan.match import Span


class _Values:
    """The values of the escapes of a span, each worked out once: there are few different ones."""

    __slots__ = ("_known", "_value")

    def __init__(self, value: Callable[[re.Match[bytes]], bytes]) -> None:
        self._value = value
        self._known: dict[bytes, bytes] = {}

    def of(self, escape: re.Match[bytes]) -> bytes:
        """Return what an escape stands for."""
        written = escape[0]
        known = self._known.get(written)
        if known is None:
            known = self._known[written] = self._value(escape)
        return known


def substituted(
    reading: str,
    data: bytes,
    span: Span,
    escape: re.Pattern[bytes],
    value: Callable[[re.Match[bytes]], bytes],
) -> Decoded | None:
    """Return what a span of ``data`` reads with every escape replaced; ``None`` if it has none."""
    low, high = span
    source = data[low:high]
    known = _Values(value)
    text, count = escape.subn(known.of, source)
    if not count or text == source:
        return None

    places: list[_Places] = []

    def place(start: int, end: int) -> Span:
        if not places:
            places.append(_Places(source, escape, known))
        begin, _ = places[0].of(start)
        _, stop = places[0].of(end - 1)
        return low + begin, low + stop

    return Decoded(reading, text, low, place)


class _Places:
    """Where in a source with escapes the bytes of the text come from."""

    __slots__ = ("_after_source", "_after_text", "_escapes")

    def __init__(self, source: bytes, escape: re.Pattern[bytes], values: _Values) -> None:
        self._escapes: list[Span] = []
        self._after_source: list[int] = []
        self._after_text: list[int] = []
        grown = 0
        for found in escape.finditer(source):
            grown += len(values.of(found)) - (found.end() - found.start())
            self._escapes.append(found.span())
            self._after_source.append(found.end())
            self._after_text.append(found.end() + grown)

    def of(self, at: int) -> Span:
        """Return the span of the source that the byte at ``at`` of the text comes from."""
        passed = bisect_right(self._after_text, at)
        shift = self._after_source[passed - 1] - self._after_text[passed - 1] if passed else 0
        plain = at + shift
        if passed < len(self._escapes) and plain >= self._escapes[passed][0]:
            return self._escapes[passed]
        return plain, plain + 1
