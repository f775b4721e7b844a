"""Whether a run that the sieve has found could be what it looks like."""

from __future__ import annotations

from stringzilla import find_first_of as _first_of
from stringzilla import find_last_not_of as _last_not_of

from hexscan.decoders import base16, base64
from hexscan.decoders.decoded import LONGEST
from hexscan.decoders.kinds import ESCAPE_SIGNS, FEWEST_COMMAS, SHORTEST_LIST
from hexscan.key import DIGITS, RANDOM_DIGITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.match import Data

# The prefix of a key that starts with an escape ends at most this far before its digits.
_BEFORE_DIGITS = 128
_HEX_DIGITS = b"0123456789abcdefABCDEF"
# What an escaped prefix is written with, names of characters and all, and glue behind it.
_SPELLING = _HEX_DIGITS + b"hHxXuUmplowrs_{}#;+.<>\"'` \r\n" + ESCAPE_SIGNS
# Beside these a run may go on in another line.
_OPEN = (b"\r", b"\n", b"\\", b" ", b"\t")
_LONG = 4096


def may_be_text(block: memoryview, start: int, end: int) -> bool:
    """Tell whether a run that stands by itself could read as text in base 64 or in base 16.

    What may go on in another line is not settled here.
    """
    if start and block[end - 1] in b"\r\n":
        return True
    before = bytes(block[max(0, start - 1) : start])
    behind = bytes(block[end : end + 2])
    if end - start > _LONG or not before or not behind:
        return True
    if before in _OPEN or behind[:1] in _OPEN or (behind[:1] == b"=" and behind[1:] in _OPEN):
        return True
    run = bytes(block[start:end])
    return base64.may_be_text(run) or base16.may_be_text(run)


def may_be_escaped(data: Data, start: int, end: int) -> bool:
    """Tell whether digits with escapes among them, or before them, could be those of a key."""
    run = bytes(data[start:end])
    digits = len(run) - len(run.translate(None, _HEX_DIGITS))
    if digits < RANDOM_DIGITS:
        return False
    if end - start >= SHORTEST_LIST and digits >= 2 * DIGITS:
        signs = len(run) - len(run.translate(None, ESCAPE_SIGNS))
        if signs >= FEWEST_COMMAS:
            return True
    floor = max(0, start - _BEFORE_DIGITS)
    before = max(floor, _last_not_of(data, _SPELLING, floor, start) + 1)
    if _first_of(data, ESCAPE_SIGNS, before, end) < 0:
        return False
    from hexscan.decoders import spelling  # noqa: PLC0415 - patterns that few files need

    return spelling.spells_prefix(bytes(data[before:end])) and spelling.holds_key(
        bytes(data[before : end + LONGEST])
    )
