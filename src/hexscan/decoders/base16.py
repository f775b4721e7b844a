"""Base 16 of a text, in either case: ``6865785f…``.

A digest is a run of hex digits as well. A text differs: every second digit is 2 to 7, since ASCII
letters, digits and signs lie between 0x20 and 0x7F.
"""

from __future__ import annotations

from stringzilla import find, find_first_not_of, translate

from hexscan.decoders.decoded import Decoded
from hexscan.matcher import has_digits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.decoders.runs import Run
    from hexscan.match import Span

NAME = "base16"

# What a digit can be: none, the low half of a byte, or either half of an ASCII character.
_KINDS = bytes(
    2 if byte in b"01234567" else 1 if byte in b"89abcdefABCDEF" else 0 for byte in range(256)
)
_KEY = b"\2" * 44


def may_be_text(run: bytes) -> bool:
    """Tell whether letters could hold a key in base 16, at either alignment."""
    kinds = run.translate(_KINDS)
    return any(_KEY in kinds[first::2] for first in range(2))


def read(run: Run) -> Iterator[Decoded]:
    """Yield what a run reads in base 16, at either alignment."""
    if not has_digits(run.text):
        return
    kinds = translate(run.text, _KINDS)
    for first in range(2):
        high_digits = kinds[first::2]
        at = find(high_digits, _KEY)
        while at >= 0:
            end = find_first_not_of(high_digits, b"\2", at)
            end = len(high_digits) if end < 0 else end
            for span in _digits(kinds, first + 2 * at, first + 2 * end):
                yield _decoded(run, *span)
            at = find(high_digits, _KEY, end)


def _digits(kinds: bytes, start: int, end: int) -> Iterator[Span]:
    """Yield the parts of a span that are long enough and hold nothing but hex digits."""
    for piece in kinds[start:end].split(b"\0"):
        if len(piece) >= 2 * len(_KEY):
            yield start, start + len(piece) // 2 * 2
        start += len(piece) + 1


def _decoded(run: Run, start: int, end: int) -> Decoded:
    digits = run.text[start:end]
    text = bytes.fromhex(digits.decode("ascii"))

    def place(low: int, high: int) -> Span:
        return run.place(start + 2 * low, start + 2 * high)

    return Decoded(NAME, text, run.start + start, place)
