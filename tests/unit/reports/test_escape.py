"""Hostile text made safe to show."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.reports import escape


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (b"lib/app.ex", "lib/app.ex"),
        ("lib/café 日本.ex".encode(), "lib/café 日本.ex"),
        (b"a\nb\tc\rd", r"a\nb\tc\rd"),
        (b"\x00\x1b[2J\x7f", r"\x00\x1b[2J\x7f"),
        ("\x85\u202e\u200f".encode(), r"\u0085\u202e\u200f"),
        ("\u2066\u2028\U000e0041".encode(), r"\u2066\u2028\U000e0041"),
        (b"\xff\xc3", r"\xff\xc3"),
        (b"::error::x", r"\x3a:error::x"),
        (b"a::error::x", "a::error::x"),
        (b"x##[error]y ##vso[a] ## title", r"x\x23#[error]y \x23#vso[a] ## title"),
        (rb"src\app.ex", r"src\app.ex"),
        (rb"src\new.ex", r"src\\new.ex"),
        (b"src\\\n", r"src\\\n"),
        (b"a\\\\b", r"a\\\b"),
        (b"", ""),
    ],
)
def test_name(path: bytes, shown: str) -> None:
    assert escape.name(path) == shown


@given(st.binary())
def test_a_name_is_one_printable_line(path: bytes) -> None:
    assert escape.name(path).isprintable()


PARTS = st.sampled_from([b"\\", b"n", b"x", b"f", b"0", b"\n", b"\xff", b"u", "\u202e".encode()])


@given(st.lists(PARTS).map(b"".join), st.lists(PARTS).map(b"".join))
def test_two_names_never_look_the_same(one: bytes, other: bytes) -> None:
    assert (escape.name(one) == escape.name(other)) == (one == other)


def test_place_joins_the_way_inside_with_exclamation_marks() -> None:
    assert escape.place(b"app.tgz", (b"a\n", b"b")) == r"app.tgz!a\n!b"


def test_message_is_one_line_and_leaves_backslashes_alone() -> None:
    assert escape.message("a\\n\nb") == r"a\n\nb"


@given(st.text(st.characters()), st.sampled_from(["", "##[error]", "\u202e", "\x7f", "\U000e0001"]))
def test_json_keeps_its_value(text: str, hostile: str) -> None:
    written = escape.json_string(json.dumps(text + hostile, ensure_ascii=False))
    assert written.isprintable()
    assert "##[" not in written
    assert json.loads(written) == text + hostile
