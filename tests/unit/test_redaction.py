"""Text with every key in it masked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.match import Match
from hexscan.matcher import find
from hexscan.redaction import excerpt, redact
from tests.support.keys import legacy, random_key

KEY = random_key(1)
TEXT = KEY.reveal()


def test_redact_masks_every_rule() -> None:
    old = legacy(2)
    text = f"{TEXT} {TEXT.upper()} {TEXT[4:]}\nHEX_API_KEY={old.reveal()}\n"
    bare = f"{TEXT[4:8]}…{TEXT[-4:]}"
    assert redact(text) == (f"{KEY.preview} {KEY.preview} {bare}\nHEX_API_KEY={old.preview}\n")


def test_redact_keeps_type_and_everything_else() -> None:
    assert redact(b"\xff nothing") == b"\xff nothing"
    assert redact("\udc80 é nothing") == "\udc80 é nothing"
    assert redact(b"\xff" + TEXT.encode()) == b"\xff" + KEY.preview.encode()
    with pytest.raises(TypeError, match="not int"):
        redact(5)  # type: ignore[call-overload]


@given(st.text(), st.binary(min_size=16, max_size=16), st.text())
def test_nothing_of_a_key_is_left(before: str, random: bytes, after: str) -> None:
    key = type(KEY).from_random(random)
    redacted = redact(before + key.reveal() + after)
    assert key.reveal() not in redacted
    assert key.preview in redacted


def shown(data: bytes) -> tuple[str, str]:
    (match,) = find(data)[:1]
    piece = excerpt(data, match)
    return piece.text, piece.text[piece.start : piece.end]


def test_an_excerpt_is_the_line_with_the_mask_marked() -> None:
    data = b"first\n  key = \xc3\xa9 " + TEXT.encode() + b" # end\r\nlast"
    assert shown(data) == (f"  key = é {KEY.preview} # end", KEY.preview)


def test_an_excerpt_masks_every_other_key_of_the_line() -> None:
    other = random_key(3).reveal()
    text, _ = shown(f"{TEXT} {other} {TEXT[4:].upper()} {legacy(4).reveal()}".encode())
    assert other[8:40] not in text
    assert TEXT[8:40] not in text.lower()
    assert legacy(4).reveal()[4:28] not in text


@pytest.mark.parametrize("distance", range(100, 170))
def test_the_cut_of_a_long_line_shows_no_piece_of_a_key(distance: int) -> None:
    other = random_key(5).reveal()
    line = f"{other}{'.' * (distance - 44)}{TEXT}{'.' * (distance - 44)}{other}".encode()
    match = Match("hex-api-key", distance, distance + 44)
    text = excerpt(line, match).text
    for start in range(4, 36):
        assert other[start : start + 9] not in text.replace(KEY.preview, "")


def test_an_excerpt_of_a_very_long_line_is_short() -> None:
    data = b"x" * 1_000_000 + TEXT.encode() + b"y" * 1_000_000
    assert len(shown(data)[0]) < 300
