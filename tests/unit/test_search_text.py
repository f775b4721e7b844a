"""Text is searched as it is where it can be; that must change nothing."""

from hypothesis import given
from hypothesis import strategies as st

import hexscan
from hexscan.matcher import may_hold, text_may_hold
from tests.support.keys import legacy, random_key

PIECES = st.sampled_from(
    [
        random_key(5).reveal(),
        random_key(5).reveal().upper(),
        f"HEX_API_KEY={legacy(5).reveal()}",
        'api_key: "',
        " key ",
        "Hex",
        "é",
        "\ud800",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=6).map("".join))
def test_text_and_its_bytes_hold_the_same_keys(text: str) -> None:
    raw = text.encode("utf-8", "surrogatepass")
    in_text = [text[match.start : match.end] for match in hexscan.find(text)]
    in_bytes = [raw[match.start : match.end].decode() for match in hexscan.find(raw)]
    in_view = [raw[match.start : match.end].decode() for match in hexscan.find(memoryview(raw))]
    assert in_text == in_bytes == in_view


@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=6).map("".join))
def test_the_needles_are_those_of_bytes(text: str) -> None:
    ascii_text = text.encode("ascii", "ignore").decode()
    assert text_may_hold(ascii_text) == may_hold(ascii_text.encode())


def test_a_long_text_is_searched_to_its_end() -> None:
    text = "key words and hex_ prefixes " * 30_000 + random_key(5).reveal()
    assert [match.start for match in hexscan.find(text)] == [len(text) - 44]
