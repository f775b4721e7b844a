"""What a key is: the format, and the mask that does not come off by accident."""

import copy
import hashlib
import json
import pickle

import pytest

from hexscan.key import Key, fingerprint, preview
from tests.support.keys import key_of, legacy, random_key, wrong_checksum

VECTOR = "0123456789abcdef0123456789abcdef"
VECTOR_CHECKSUM = 0x67E86628
DOCUMENTED_EXAMPLE = "hex_0123456789abcdef0123456789abcdef0123abcd"


def test_from_random_computes_the_checksum_of_the_raw_bytes() -> None:
    key = key_of(VECTOR)
    assert key.checksum == VECTOR_CHECKSUM
    assert key.reveal() == f"hex_{VECTOR}{VECTOR_CHECKSUM:08x}"


@pytest.mark.parametrize("as_bytes", [False, True])
@pytest.mark.parametrize("upper", [False, True])
def test_parse_takes_either_case_and_either_type(*, as_bytes: bool, upper: bool) -> None:
    key = random_key(1)
    text = key.reveal().upper() if upper else key.reveal()
    assert Key.parse(text.encode() if as_bytes else text).reveal() == key.reveal()


def test_parse_takes_a_key_without_its_prefix() -> None:
    key = random_key(2)
    bare = Key.parse(key.reveal()[4:])
    assert bare == key
    assert bare.fingerprint == key.fingerprint
    assert bare.reveal() == key.reveal()[4:]


def test_parse_takes_a_legacy_key() -> None:
    key = legacy(3)
    assert key.is_legacy
    assert key.checksum is None
    assert "hex_" not in key.preview


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hex_",
        "hex_" + "a" * 39,
        "hex_" + "a" * 41,
        "hex_" + VECTOR,  # a legacy key has no prefix
        "a" * 33,
        "hex_" + "g" * 40,
        "hex_" + "٣" * 40,  # digits, but not hex digits
        "hex_" + " " * 40,
        DOCUMENTED_EXAMPLE,
        "hex_" + "a" * 40,
        "hex_" + "0" * 40,
        "hex_" + "f" * 40,
        "hex_" + "deadbeef" * 5,
        wrong_checksum(4),
    ],
)
def test_parse_refuses_without_quoting(text: str) -> None:
    with pytest.raises(ValueError, match=r"key|checksum") as caught:
        Key.parse(text)
    assert text[4:12] == "" or text[4:12] not in str(caught.value)


@pytest.mark.parametrize("value", [None, 5, bytearray(44), ["hex_"]])
def test_parse_refuses_other_types(value: object) -> None:
    with pytest.raises(TypeError, match="str or bytes"):
        Key.parse(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", [0, 15, 17, 20])
def test_from_random_wants_sixteen_bytes(size: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Key.from_random(bytes(size))


def test_from_random_wants_bytes() -> None:
    with pytest.raises(TypeError, match="bytes, not str"):
        Key.from_random("0" * 16)  # type: ignore[arg-type]


def test_a_key_is_made_by_its_constructors_only() -> None:
    with pytest.raises(TypeError, match=r"Key\.parse"):
        Key()


def test_preview_and_fingerprint() -> None:
    key = random_key(5)
    digits = key.reveal()[4:]
    assert key.preview == f"hex_{digits[:4]}…{digits[-4:]}"
    assert key.fingerprint == hashlib.sha256(digits.encode()).hexdigest()
    assert fingerprint(digits.upper()) == key.fingerprint
    assert preview(digits.upper(), prefixed=True) == key.preview


def test_a_key_shows_only_its_preview() -> None:
    key = random_key(6)
    hidden = key.reveal()[8:40]
    for shown in (repr(key), str(key), f"{key}", f"{key!r}", f"{key:>60}", str([key]), str({key})):
        assert hidden not in shown
        assert key.preview in shown


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_key_is_not_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(random_key(7), protocol)


def test_a_key_is_neither_copied_nor_dumped() -> None:
    with pytest.raises(TypeError):
        copy.deepcopy(random_key(8))
    with pytest.raises(TypeError):
        json.dumps(random_key(8))
    with pytest.raises(TypeError):
        vars(random_key(8))


def test_equality_is_by_digits() -> None:
    assert random_key(9) == Key.parse(random_key(9).reveal().upper())
    assert len({random_key(9), random_key(9), random_key(10)}) == 2
    assert random_key(9) != random_key(9).reveal()
