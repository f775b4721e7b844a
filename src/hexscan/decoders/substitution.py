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

    # The places of the text and of the source behind each escape, made when they are wanted.
    after_text: list[int] = []
    after_source: list[int] = []

    def settle() -> None:
        grown = 0
        for found in escape.finditer(source):
            grown += len(known.of(found)) - (found.end() - found.start())
            after_text.append(found.end() + grown)
            after_source.append(found.end())

    def place(start: int, end: int) -> Span:
        if not after_text:
            settle()
        return low + _begin(start), low + _begin(end - 1, last=True)

    def _begin(at: int, *, last: bool = False) -> int:
        """Return where the source of the byte at ``at`` of the text starts, or ends."""
        escapes = bisect_right(after_text, at)
        behind = after_source[escapes - 1] - after_text[escapes - 1] if escapes else 0
        plain = at + behind
        following = _escape_at(escapes)
        if following is not None and plain >= following[0]:
            return following[1] if last else following[0]
        return plain + 1 if last else plain

    def _escape_at(number: int) -> Span | None:
        if number >= len(after_source):
            return None
        end = after_source[number]
        begin = after_source[number - 1] if number else 0
        found = escape.search(source, begin)
        return (found.start(), end) if found else None

    return Decoded(reading, text, low, place)
