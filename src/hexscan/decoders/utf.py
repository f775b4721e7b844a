"""UTF-16 and UTF-32, in both byte orders, with or without a mark, at any offset.

An ASCII character is one byte and one or three NULs, before it or behind it. Which of the two it
is cannot be told in the middle of a text, and does not matter.
"""

from __future__ import annotations

import re

from hexscan.decoders.decoded import Decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.match import Span

UTF_16 = "utf-16"
UTF_32 = "utf-32"

# A key has 44 characters; the first and the last may lack a NUL on one side.
_NULS = re.compile(rb"\0{40,}")
_SHORTEST = 40


def read(data: bytes, span: Span) -> Iterator[Decoded]:
    """Yield the texts in a span of ``data`` whose characters stand between NULs."""
    for first in range(4):
        yield from _texts(data, span, first, 4)
    for first in range(2):
        yield from _texts(data, span, first, 2)


def _texts(data: bytes, span: Span, first: int, width: int) -> Iterator[Decoded]:
    """Yield the texts whose characters are at ``first`` and every ``width`` bytes from there."""
    low, high = span
    source = data[low:high]
    characters = source[first::width]
    nuls = source[first + 1 :: width]
    if width > 2:  # noqa: PLR2004 - UTF-32 has a NUL in the middle of the others as well
        nuls = bytes(map(int.__or__, nuls, source[first + 2 :: width]))
    for found in _NULS.finditer(nuls):
        # The character before the first NUL's own and the one behind the last are tried too.
        begin, end = found.start(), min(found.end() + 1, len(characters))
        text = characters[begin:end]
        if text.strip(b"\0"):
            yield _decoded(text, low + first + begin * width, width)


def _decoded(text: bytes, base: int, width: int) -> Decoded:
    def place(start: int, end: int) -> Span:
        return base + start * width, base + (end - 1) * width + 1

    return Decoded(UTF_16 if width == 2 else UTF_32, text, base, place)  # noqa: PLR2004
