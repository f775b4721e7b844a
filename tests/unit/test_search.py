"""The library's search."""

import pytest

import hexscan
from tests.support.keys import random_key

KEY = random_key(1).reveal()


@pytest.mark.parametrize("before", ["", "abc ", "é€ ", "\U0001f600", "\ud800 "])
def test_offsets_slice_the_key_out_of_what_was_given(before: str) -> None:
    text = f"{before}{KEY} é {KEY.upper()}"
    assert [text[match.start : match.end] for match in hexscan.find(text)] == [KEY, KEY.upper()]
    data = text.encode("utf-8", "surrogatepass")
    assert [data[match.start : match.end] for match in hexscan.find(data)] == [
        KEY.encode(),
        KEY.upper().encode(),
    ]


def test_it_is_an_iterator_over_any_buffer() -> None:
    found = hexscan.find(memoryview(bytearray(KEY.encode())))
    assert next(found).rule == "hex-api-key"
    assert next(found, None) is None


def test_flags() -> None:
    assert not list(hexscan.find(KEY[4:]))
    assert len(list(hexscan.find(KEY[4:], unprefixed=True))) == 1
    assert len(list(hexscan.find("hex_" + "a" * 40, lookalikes=True))) == 1
    # Without as many digits in a row as any other rule asks for.
    mistyped = f"{KEY[:20]}g{KEY[21:]}"
    for data in (mistyped, mistyped.encode()):
        assert len(list(hexscan.find(data, lookalikes=True))) == 1


@pytest.mark.parametrize("data", [None, 5, ["hex_"], object()])
def test_other_types_are_refused(data: object) -> None:
    with pytest.raises(TypeError):
        hexscan.find(data)  # type: ignore[arg-type]
