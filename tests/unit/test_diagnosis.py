"""What one string is, told without its digits."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.diagnosis import Diagnosis, diagnose
from tests.support.keys import legacy, random_key, unprefixed, wrong_checksum

KEY = random_key(1).reveal()
DIGITS = KEY.removeprefix("hex_")


def other(digit: str) -> str:
    return "0" if digit != "0" else "1"


def mistyped(at: int) -> str:
    return f"hex_{DIGITS[:at]}{other(DIGITS[at])}{DIGITS[at + 1 :]}"


def swapped(one: int, two: int) -> str:
    digits = list(DIGITS)
    assert digits[one] != digits[two]
    digits[one], digits[two] = digits[two], digits[one]
    return f"hex_{''.join(digits)}"


def said(diagnosis: Diagnosis) -> str:
    return " ".join(diagnosis.said)


@pytest.mark.parametrize("text", [KEY, f' "{KEY}"\n', unprefixed(1).reveal(), KEY.upper()])
def test_a_key(text: str) -> None:
    diagnosis = diagnose(text)
    assert diagnosis.kind == "key"
    assert ("prefix hex_ is missing" in said(diagnosis)) == (text == DIGITS)
    assert ("in capitals" in said(diagnosis)) == (text == KEY.upper())


def test_a_legacy_key() -> None:
    assert diagnose(legacy(1).reveal()).kind == "legacy"


@pytest.mark.parametrize(
    "text",
    [
        "hex_0123456789abcdef0123456789abcdef0123abcd",
        "hex_" + "a" * 40,
        "hex_" + "0" * 40,
        "hex_" + "deadbeef" * 5,
        "f48ac236bca15c3271e077c15c5320c4",
    ],
)
def test_a_placeholder(text: str) -> None:
    assert diagnose(text).kind == "placeholder"


@pytest.mark.parametrize("at", [0, 17, 31, 32, 39])
def test_one_digit_mistyped(at: int) -> None:
    diagnosis = diagnose(mistyped(at))
    assert diagnosis.kind == "broken"
    assert f"one digit is mistyped, the one at {at + 1} " in said(diagnosis)


@pytest.mark.parametrize(("one", "two"), [(0, 1), (3, 30), (31, 32), (38, 39)])
def test_two_digits_swapped(one: int, two: int) -> None:
    if DIGITS[one] == DIGITS[two]:
        two -= 1
    diagnosis = diagnose(swapped(one, two))
    assert f"two digits are swapped, the first of them at {one + 1} " in said(diagnosis)


@pytest.mark.parametrize("short", range(1, 8))
def test_cut_short(short: int) -> None:
    assert f"it is cut short by {short}." in said(diagnose(KEY[:-short]))


def test_cut_short_by_the_whole_checksum() -> None:
    diagnosis = diagnose(KEY[:-8])
    assert diagnosis.kind == "broken"
    assert "cannot be checked" in said(diagnosis)


def test_a_digit_missing_or_too_many() -> None:
    assert "one digit is missing" in said(diagnose(f"hex_{DIGITS[:7]}{DIGITS[8:]}"))
    assert "one digit too many" in said(diagnose(f"hex_{DIGITS[:7]}0{DIGITS[7:]}"))


def test_letters_that_are_no_digits() -> None:
    once = f"hex_{DIGITS[:5]}o{DIGITS[6:]}"
    twice = f"hex_{DIGITS[:5]}o{DIGITS[6:20]}l{DIGITS[21:]}"
    assert "at 6 after hex_ stands a letter" in said(diagnose(once))
    assert "at 6 and 21 after hex_" in said(diagnose(twice))
    assert diagnose(f"hex_{DIGITS[:5]}xyz{DIGITS[8:]}").kind == "none"


def test_a_commit_and_other_things_are_none() -> None:
    commit = Random(5).randbytes(20).hex()
    assert "git commit" in said(diagnose(commit))
    assert "no small typing error" in said(diagnose(f"hex_{commit}"))
    for text in ("", "hex_", "hex_zz", "password", "é" * 44, "hex_" + "a" * 10_000_000):
        assert diagnose(text).kind == "none"


def test_a_wrong_last_digit_is_a_typing_error() -> None:
    assert diagnose(wrong_checksum(1)).kind == "broken"


@given(st.one_of(st.text(), st.from_regex(r"(hex_)?[0-9a-fA-FoOlL]{30,45}", fullmatch=True)))
def test_nothing_of_the_string_is_told(text: str) -> None:
    shown = said(diagnose(text))
    digits = text.strip().lower().removeprefix("hex_")
    for run in re.findall(r"[0-9a-f]{5,}", digits):
        assert run not in shown


@pytest.mark.parametrize("text", ["%s,", '"%s",', "HEX_API_KEY=%s", "key: %s", "%s %s"])
def test_a_line_that_holds_a_key_is_said_to_hold_one(text: str) -> None:
    key = random_key(1).reveal()
    told = diagnose(text.replace("%s", key))
    assert told.kind == "key"
    assert key[4:13] not in " ".join(told.said)
