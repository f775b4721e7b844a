"""Lists of integers, as Erlang, Elixir and JSON print a string of bytes.

``[104,101,120,95,…]``, ``<<104,101,…>>``, ``[0x68, 0x65, …]``: numbers, commas, blanks and line
breaks. What stands around the list does not matter.
"""

from __future__ import annotations

import re

from hexscan.decoders.decoded import Decoded
from hexscan.decoders.kinds import FEWEST_COMMAS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.match import Span

NAME = "integers"

# No reading of a key has fewer characters than the key.
_LIST = re.compile(
    rb"(?<![0-9A-Za-z])(?:(?:0[xX][0-9A-Fa-f]{1,2}+|[0-9]{1,3}+)\s{0,64}+,\s{0,64}+){43,}+"
    rb"(?:0[xX][0-9A-Fa-f]{1,2}|[0-9]{1,3})?"
)
_NUMBER = re.compile(rb"[0-9A-Fa-fxX]+")
_MOST = 255


def read(data: bytes, span: Span) -> Iterator[Decoded]:
    """Yield the lists of integers in a span of ``data``."""
    if data.count(b",", *span) < FEWEST_COMMAS:
        return
    for found in _LIST.finditer(data, *span):
        yield _decoded(found[0], found.start())


def _decoded(source: bytes, base: int) -> Decoded:
    # What ends with a comma was cut off, or is no list.
    numbers = source.rstrip(b", \t\r\n").split(b",")
    if b"x" in source or b"X" in source:
        values = [int(number, 16 if b"x" in number.lower() else 10) for number in numbers]
    else:
        values = list(map(int, numbers))
    if max(values) > _MOST:
        values = [min(value, _MOST) for value in values]

    def place(start: int, end: int) -> Span:
        spans = [number.span() for number in _NUMBER.finditer(source)]
        return base + spans[start][0], base + spans[end - 1][1]

    return Decoded(NAME, bytes(values), base, place)
