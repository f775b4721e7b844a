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
    for begin, end in _nul_runs(source, first, width):
        # The last character of a text may have its NULs before it.
        text = characters[begin : min(end + 1, len(characters))]
        if text.strip(b"\0"):
            yield _decoded(text, low + first + begin * width, width)


def _nul_runs(source: bytes, first: int, width: int) -> Iterator[Span]:
    """Yield the runs of characters that have NULs behind them, as numbers of characters."""
    spans = [(0, len(source) // width + 1)]
    for behind in range(1, width):
        nuls = source[first + behind :: width]
        spans = [found.span() for span in spans for found in _NULS.finditer(nuls, *span)]
    yield from spans


def _decoded(text: bytes, base: int, width: int) -> Decoded:
    def place(start: int, end: int) -> Span:
        return base + start * width, base + (end - 1) * width + 1

    return Decoded(UTF_16 if width == 2 else UTF_32, text, base, place)  # noqa: PLR2004
