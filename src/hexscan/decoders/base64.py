"""Base 64, standard and URL-safe, padded or not, wrapped or not, at every alignment.

Where a run of its letters starts says little about where the encoded text does, so all four phases
are tried. A phase is decoded only where it gives text for a key's length: the first letter of each
group of four then stands for an ASCII character, which chance brings about once in 40,000 groups.
"""

from __future__ import annotations

from binascii import a2b_base64

from stringzilla import find, find_first_not_of, translate

from hexscan.decoders.decoded import Decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.decoders.runs import Run
    from hexscan.match import Span

NAME = "base64"

# What the first letter of a group of four stands for is text, in whatever way it goes on: blanks,
# the NULs of UTF-16, the start of a terminal's colour, or an ASCII character.
_STANDARD = bytes.maketrans(b"-_", b"+/")
_TEXT = bytes(1 if byte in b"ACDGIJKLMNOPQRSTUVWXYZabcdef" else 0 for byte in range(256))
# A key of 44 bytes has a byte at the start of 14 groups at the least.
_GROUPS = b"\1" * 13


def may_be_text(run: bytes) -> bool:
    """Tell whether letters without ``-`` and ``_`` could hold a key in base 64, in any phase."""
    kinds = run.translate(_TEXT)
    return any(_GROUPS in kinds[phase::4] for phase in range(4))


def read(run: Run) -> Iterator[Decoded]:
    """Yield what a run reads in base 64, by phase and from place to place."""
    letters = translate(run.text, _STANDARD)
    for phase in range(4):
        first_letters = translate(letters[phase::4], _TEXT)
        at = find(first_letters, _GROUPS)
        while at >= 0:
            end = find_first_not_of(first_letters, b"\1", at)
            end = len(first_letters) if end < 0 else end
            # The key may share its first group, and its last, with bytes of another kind.
            yield _decoded(run, letters, phase + 4 * max(0, at - 1), phase + 4 * (end + 1))
            at = find(first_letters, _GROUPS, end)


def _decoded(run: Run, letters: bytes, start: int, end: int) -> Decoded:
    piece = letters[start:end]
    text = a2b_base64(piece + b"A" * (-len(piece) % 4))
    last = len(letters)

    def place(low: int, high: int) -> Span:
        # Six bits a letter, eight a byte.
        return run.place(start + low * 4 // 3, min(last, start - (-high * 4 // 3)))

    return Decoded(NAME, text, run.start + start, place)
