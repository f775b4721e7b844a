"""Base 16 of a text, in either case: ``6865785f…``.

A digest is a run of hex digits as well. A text differs: every second digit is 2 to 7, since ASCII
letters, digits and signs lie between 0x20 and 0x7F.
"""

from __future__ import annotations

import re

from hexscan.decoders.decoded import Decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.decoders.runs import Run
    from hexscan.match import Span

NAME = "base16"

_DIGITS = re.compile(rb"[0-9A-Fa-f]{88,}")
# Texts in UTF-16 have NULs, and lines end with 0x0A.
_HIGH = re.compile(rb"[0-7]{44,}")


def read(run: Run) -> Iterator[Decoded]:
    """Yield what a run reads in base 16, at either alignment."""
    for digits in _DIGITS.finditer(run.text):
        for first in range(2):
            for high in _HIGH.finditer(digits[0][first::2]):
                start = digits.start() + first + 2 * high.start()
                yield _decoded(run, start, start + 2 * (high.end() - high.start()))


def _decoded(run: Run, start: int, end: int) -> Decoded:
    digits = run.text[start:end]
    text = bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii"))

    def place(low: int, high: int) -> Span:
        return run.place(start + 2 * low, start + 2 * high)

    return Decoded(NAME, text, run.start + start, place)
