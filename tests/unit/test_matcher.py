"""Where keys are in a buffer."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

import pytest

from hexscan import rule as rules
from hexscan.match import Match
from hexscan.matcher import find, sift
from tests.support.keys import key_of, random_key, wrong_checksum

if TYPE_CHECKING:
    from pathlib import Path

    from hexscan.match import Data

KEY = random_key(1).reveal().encode()
OTHER = random_key(2).reveal().encode()


def spans(data: Data, rule: str = rules.API_KEY) -> list[tuple[int, int]]:
    return [(match.start, match.end) for match in find(data) if match.rule == rule]


def test_the_test_vector_is_a_key_and_the_documented_example_is_none() -> None:
    vector = key_of("0123456789abcdef0123456789abcdef").reveal().encode()
    assert spans(vector) == [(0, 44)]
    assert find(b"hex_0123456789abcdef0123456789abcdef0123abcd") == []


@pytest.mark.parametrize("prefix", [b"hex_", b"HEX_", b"Hex_", b"hEx_", b"heX_", b"HeX_", b"hEX_"])
@pytest.mark.parametrize("upper", [False, True])
def test_every_case_is_found(prefix: bytes, *, upper: bool) -> None:
    digits = KEY[4:].upper() if upper else KEY[4:]
    assert spans(b"key: " + prefix + digits) == [(5, 49)]


@pytest.mark.parametrize(
    "text",
    [
        b"\\n%s",
        b"%%20%s",
        b"MY_KEY_%s",
        b"pubkey%s",
        b"%sa",
        b"%sd",
        b"%s0123456789abcdef",
        b"deadbeef%s",
        b"\x00%s\x00",
        b"\xff\xfe%s\x80",
        b"<<109,0,0,0,44>>m\x00\x00\x00,%sj",
        b"hex_%s",
        b"hex_hex_hex_%s",
    ],
)
def test_neighbours_of_a_key_need_no_rule(text: bytes) -> None:
    data = text % KEY
    start = data.index(KEY)
    assert spans(data) == [(start, start + 44)]


def test_keys_back_to_back() -> None:
    assert spans(KEY + OTHER + KEY) == [(0, 44), (44, 88), (88, 132)]


@pytest.mark.parametrize(
    "text",
    [
        b"hex_array",
        b"hex_decode(x)",
        b"HEX_FLOAT_LIT",
        b"HEX_DEADBEEF",
        b"JSON_HEX_APOS",
        b"aqua_palette_hex_00000000",
        b"test_writehex_deadbeef_lower",
        b"pubkey_hex_" + b"7a" * 32,
        b"hex_da39a3ee5e6b4b0d3255bfef95601890afd80709",
        b"invalid_signature_hex_" + b"0" * 40,
        b"hex_" + b"a" * 40,
        b"hex_" + b"f" * 40,
        b"hex_" + b"deadbeef" * 5,
        wrong_checksum(3).encode(),
        KEY[:43],
        KEY[:20] + b" " + KEY[20:],
        KEY[:4] + b"+" + KEY[5:],
        KEY[:4] + b"_" + KEY[5:],
    ],
)
def test_shapes_that_are_no_keys_are_silent(text: bytes) -> None:
    assert find(text) == []
    assert find(b"HEX_API_KEY=" + text) == []


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview])
def test_any_buffer_will_do(wrap: type) -> None:
    assert spans(wrap(b"a " + KEY)) == [(2, 46)]


def test_a_view_of_other_items_is_read_as_bytes() -> None:
    data = (b"abcd" + KEY + b"    ").ljust(64)
    assert spans(memoryview(data).cast("I")) == [(4, 48)]


def test_a_mapped_file_is_searched_and_let_go(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"\x00" * 300_000 + KEY)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        assert spans(mapped) == [(300_000, 300_044)]


def test_text_is_no_buffer() -> None:
    with pytest.raises(TypeError):
        find("hex_")  # type: ignore[arg-type]


@pytest.mark.parametrize("around", range((1 << 18) - 50, (1 << 18) + 6))
def test_a_key_across_the_edge_of_a_block_is_found_once(around: int) -> None:
    assert spans(b"." * around + KEY + b"." * 300_000) == [(around, around + 44)]


def test_a_block_full_of_hits_misses_nothing() -> None:
    noise = b"hex_hex.hex:hex-hex hexp " * 40
    data = noise + KEY + noise + b"HEX_API_KEY=" + b"7d3f" * 7 + b"901b" + noise + OTHER
    assert len(spans(data)) == 2
    assert len(spans(data, rules.LEGACY)) == 1


def test_dense_keys_are_all_found() -> None:
    line = (KEY + b" " * 58) * 29_412
    assert len(spans(line)) == 29_412


def test_lookalikes_are_found_only_when_asked_for() -> None:
    wrong = wrong_checksum(4).encode()
    mistyped = KEY[:10] + b"o" + KEY[11:]
    name = b"hex_encode_of_the_whole_thing_and_some_more_text"
    data = b"\n".join([wrong, KEY[:40], mistyped, name])
    assert find(data) == []
    found = find(data, lookalikes=True)
    assert [data[match.start : match.end] for match in found] == [wrong, KEY[:40], mistyped]
    assert {match.rule for match in found} == {rules.LOOKALIKE}
    assert {match.severity for match in found} == {rules.NOTE}


def test_bare_digits_count_without_a_label_only_when_asked_for() -> None:
    data = b"commit " + KEY[4:] + b"\n"
    assert find(data) == []
    assert find(data, unprefixed=True) == [Match(rules.UNPREFIXED, 7, 47, rules.NOTE)]


@pytest.mark.parametrize("text", [b"%s0", b"0%s", b"a%sb", b"%s" + b"0" * 24])
def test_bare_digits_count_in_runs_of_exactly_forty(text: bytes) -> None:
    assert find(b"HEX_API_KEY=" + text % KEY[4:], unprefixed=True) == []


def test_a_prefixed_key_is_not_told_again_as_a_bare_one() -> None:
    assert [match.rule for match in find(b"HEX_API_KEY=" + KEY, unprefixed=True)] == [rules.API_KEY]


def test_sift_is_false_only_where_nothing_can_be() -> None:
    assert sift(KEY)
    assert not sift(b"nothing of that kind " * 1000)
    assert not sift(b"\x00" * 600_000)
    assert sift(b"\x00" * 600_000 + KEY)
    assert not sift(b"")


def test_a_match_has_an_order_and_shows_no_text() -> None:
    first, second = Match(rules.API_KEY, 1, 45), Match(rules.API_KEY, 2, 46)
    assert first < second
    assert first == Match(rules.API_KEY, 1, 45)
    assert len({first, second, Match(rules.API_KEY, 1, 45)}) == 2
    assert repr(first) == "Match('hex-api-key', 1, 45, 'error')"
