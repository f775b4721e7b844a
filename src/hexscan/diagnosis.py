"""What one string is: a key, nearly one, an example, or none. It is told without the string.

A right checksum comes about by chance once in 4 billion times. So where one small change makes it
right, among the thousand changes that are tried, that change is what went wrong.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Literal

from hexscan.key import DIGITS, PREFIX, RANDOM_DIGITS, has_right_checksum, is_hex
from hexscan.labelled import is_placeholder
from hexscan.matcher import find
from hexscan.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["key", "legacy", "placeholder", "broken", "none"]

_ALPHABET = "0123456789abcdef"
_WORD = re.compile(r"[0-9a-z]+")
# More letters than this that are no hex digits were not typed for a key.
_MOST_WRONG = 2


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What a string is, and in ``said`` a few sentences about it that hold none of its digits."""

    kind: Kind
    said: tuple[str, ...]


def diagnose(text: str) -> Diagnosis:
    """Say what a string is; blanks and quotation marks around it do not count.

    More than one string, as a line with a key in it, is searched for keys.
    """
    told = _of_one_string(text.strip().strip("\"'`").strip())
    if told.kind == "none" and find(text.encode("utf-8", "replace")):
        return _HOLDS_A_KEY
    return told


def _of_one_string(text: str) -> Diagnosis:
    lowered = text.lower()
    prefixed = lowered.startswith(PREFIX)
    digits = lowered.removeprefix(PREFIX)
    if len(digits) > 2 * DIGITS or not _WORD.fullmatch(digits):
        return _NONE
    if is_hex(digits.encode("ascii")):
        return _of_hex_digits(digits, prefixed=prefixed, lower=text == lowered)
    return _with_change(digits) or (_MISSHAPEN if prefixed else _NONE)


def _of_hex_digits(digits: str, *, prefixed: bool, lower: bool) -> Diagnosis:
    """Say what hex digits are; they are in lower case, ``lower`` is whether they were given so."""
    raw = digits.encode("ascii")
    if len(digits) == DIGITS and has_right_checksum(raw):
        return _key(prefixed=prefixed, lower=lower)
    if len(digits) >= RANDOM_DIGITS and is_placeholder(raw):
        return _PLACEHOLDER
    if not prefixed and len(digits) == RANDOM_DIGITS:
        return _LEGACY
    return _with_change(digits) or _of_no_key(digits, prefixed=prefixed)


_NONE = Diagnosis("none", ("It does not look like a key of Hex.pm.",))
_HOLDS_A_KEY = Diagnosis(
    "key",
    (
        "It holds a key of Hex.pm, among other text.",
        "Where it is and what to do: hexscan -",
    ),
)
_MISSHAPEN = Diagnosis("none", (f"No key: {DIGITS} hex digits have to follow hex_.",))
_PLACEHOLDER = Diagnosis(
    "placeholder", ("A placeholder: the digits were made up by a person. It is no key.",)
)
_LEGACY = Diagnosis(
    "legacy",
    (
        "It can be a key of the old format: 32 hex digits.",
        "Such keys have no checksum, so only the place it comes from tells. Old keys still work.",
    ),
)
_BROKEN = "With that put right the checksum is right: treat it as a leaked key."


def _key(*, prefixed: bool, lower: bool) -> Diagnosis:
    said = ["A valid key: the checksum is right."]
    if not prefixed:
        said.append("The prefix hex_ is missing; Hex.pm accepts the digits without it too.")
    if not lower:
        said.append("Hex.pm refuses it in capitals; in lower case it is the working key.")
    said.append("Whether it has been revoked is not asked here. If it has leaked, revoke it.")
    return Diagnosis("key", tuple(said))


def _with_change(digits: str) -> Diagnosis | None:
    change = _change(digits)
    return Diagnosis("broken", (f"No key as it stands: {change}.", _BROKEN)) if change else None


def _of_no_key(digits: str, *, prefixed: bool) -> Diagnosis:
    length = len(digits)
    if length == DIGITS:
        why = "The checksum is wrong, and no small typing error explains it. It is no key."
        if not prefixed:
            why = "40 hex digits without a key's checksum, as the id of a git commit has."
        return Diagnosis("none", (why,))
    if prefixed and length == RANDOM_DIGITS:
        short = DIGITS - length
        why = f"It has the shape of a key that was cut short by {short}, which cannot be checked."
        return Diagnosis("broken", (why,))
    return _MISSHAPEN if prefixed else _NONE


def _change(digits: str) -> str:
    """Return in words the one small change that makes the checksum right, or nothing."""
    length = len(digits)
    wrong = [at for at, char in enumerate(digits) if char not in _ALPHABET]
    if wrong:
        return _letters(digits, wrong) if length == DIGITS and len(wrong) <= _MOST_WRONG else ""
    if RANDOM_DIGITS < length < DIGITS and _starts_checksum(digits):
        return f"it is cut short by {DIGITS - length}"
    for words, candidates in _CHANGES.get(length, ()):
        for candidate, place in candidates(digits):
            if has_right_checksum(candidate.encode("ascii")):
                return words.format(place)
    return ""


def _starts_checksum(digits: str) -> bool:
    checksum = zlib.crc32(bytes.fromhex(digits[:RANDOM_DIGITS])).to_bytes(4, "big").hex()
    return checksum.startswith(digits[RANDOM_DIGITS:])


def _letters(digits: str, wrong: list[int]) -> str:
    """Try all digits in the place of what is no hex digit."""
    candidates = [digits]
    for at in wrong:
        candidates = [
            candidate[:at] + digit + candidate[at + 1 :]
            for candidate in candidates
            for digit in _ALPHABET
        ]
    if not any(has_right_checksum(candidate.encode("ascii")) for candidate in candidates):
        return ""
    places = " and ".join(str(at + 1) for at in wrong)
    return f"at {places} after hex_ stands a letter that is no hex digit"


def _substituted(digits: str) -> Iterator[tuple[str, int]]:
    for at in range(len(digits)):
        for digit in _ALPHABET:
            yield digits[:at] + digit + digits[at + 1 :], at + 1


def _swapped(digits: str) -> Iterator[tuple[str, int]]:
    for one in range(len(digits)):
        for other in range(one + 1, len(digits)):
            changed = list(digits)
            changed[one], changed[other] = changed[other], changed[one]
            yield "".join(changed), one + 1


def _with_one_more(digits: str) -> Iterator[tuple[str, int]]:
    for at in range(len(digits) + 1):
        for digit in _ALPHABET:
            yield digits[:at] + digit + digits[at:], at + 1


def _with_one_less(digits: str) -> Iterator[tuple[str, int]]:
    for at in range(len(digits)):
        yield digits[:at] + digits[at + 1 :], at + 1


_CHANGES = {
    DIGITS: (
        ("one digit is mistyped, the one at {} after hex_", _substituted),
        ("two digits are swapped, the first of them at {} after hex_", _swapped),
    ),
    DIGITS - 1: (("one digit is missing, at {} after hex_", _with_one_more),),
    DIGITS + 1: (("there is one digit too many, at {} after hex_", _with_one_less),),
}
