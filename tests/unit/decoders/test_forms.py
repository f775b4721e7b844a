"""Every form of every reading, alone: which key, where, and by which reading."""

import base64

import pytest

from hexscan import rule as rules
from hexscan.decoders.nest import find
from tests.support.encodings import FORMS, GLUES
from tests.support.keys import legacy, random_key

KEY = random_key(1)
TEXT = KEY.reveal().encode()


def only(data: bytes) -> tuple[int, int, tuple[str, ...]]:
    (match,) = find(data)
    assert match.rule == rules.API_KEY
    assert match.preview == KEY.preview
    assert match.fingerprint == KEY.fingerprint
    return match.start, match.end, match.decoding


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("before", [b"", b"x: ", b"\n\n(", b"\xff\x00\xfe "])
@pytest.mark.parametrize("after", [b"", b" ;", b"\xff\xff", b'"\n'])
def test_a_key_is_found_at_its_place(form: str, before: bytes, after: bytes) -> None:
    reading, encode = FORMS[form]
    encoded = encode(TEXT)
    start, end, decoding = only(before + encoded + after)
    assert decoding == (reading,)
    # The NULs of UTF-16 and UTF-32 and the padding of base 64 may be left out of the span.
    assert len(before) <= start <= len(before) + 3
    assert len(before) + len(encoded) - 3 <= end <= len(before) + len(encoded)


@pytest.mark.parametrize("case", [str.upper, str.lower, str.title])
@pytest.mark.parametrize("form", FORMS)
def test_either_case_is_found(form: str, case: type[str]) -> None:
    reading, encode = FORMS[form]
    assert only(b"- " + encode(case(KEY.reveal()).encode()))[2] == (reading,)


@pytest.mark.parametrize("before", range(8))
@pytest.mark.parametrize("after", range(4))
@pytest.mark.parametrize("form", [form for form in FORMS if form.startswith("base64")])
def test_base64_is_read_at_every_alignment(form: str, before: int, after: int) -> None:
    encoded = FORMS[form][1](b"abcdefgh"[:before] + TEXT + b"wxyz"[:after])
    start, end, _ = only(b"token=" + encoded)
    assert start == 6 + before * 4 // 3 or b"\n" in encoded or b"\\n" in encoded
    assert end - start >= 59


@pytest.mark.parametrize("width", range(55, 90))
@pytest.mark.parametrize("before", [0, 30, 45, 60])
def test_base64_is_read_over_line_breaks(width: int, before: int) -> None:
    encoded = base64.b64encode(b"." * before + TEXT + b"." * 100)
    lines = [encoded[at : at + width] for at in range(0, len(encoded), width)]
    assert only(b"x\n" + b"\n".join(lines) + b"\n")[2] == ("base64",)


def test_base64_behind_a_path_is_read_in_the_right_phase() -> None:
    for junk in (b"a", b"ab/", b"some/path/", b"abcd-"):
        assert only(junk + base64.b64encode(TEXT))[2] == ("base64",)


@pytest.mark.parametrize("at", range(44))
@pytest.mark.parametrize(
    "form", ["percent", "backslash x", "backslash u", "decimal entities", "hexadecimal entities"]
)
def test_one_escaped_character_is_enough(form: str, at: int) -> None:
    reading, encode = FORMS[form]
    data = b"k=" + TEXT[:at] + encode(TEXT[at : at + 1]) + TEXT[at + 1 :] + b"\n"
    assert only(data) == (2, len(data) - 1, (reading,))


@pytest.mark.parametrize("at", range(3, 44))
def test_quoted_printable_in_part(at: int) -> None:
    data = b"k: " + TEXT[:at] + b"=%02X" % TEXT[at] + TEXT[at + 1 :] + b"\n"
    assert only(data) == (3, len(data) - 1, ("quoted-printable",))


@pytest.mark.parametrize("line_break", [b"=\n", b"=\r\n", b"= \r\n"])
@pytest.mark.parametrize("at", range(3, 44))
def test_quoted_printable_with_soft_breaks(line_break: bytes, at: int) -> None:
    data = TEXT[:at] + line_break + TEXT[at:]
    assert only(data) == (0, len(data), ("quoted-printable",))


@pytest.mark.parametrize("name", [b"&lowbar;", b"&UnderBar;"])
def test_named_entities(name: bytes) -> None:
    data = TEXT.replace(b"_", name)
    assert only(data) == (0, len(data), ("entities",))


@pytest.mark.parametrize(
    ("written", "decoding"),
    [
        (b"%255F", ("percent", "percent")),
        (b"\\\\u005f", ("escapes", "escapes")),
        (b"&amp;#95;", ("entities", "entities")),
        (b"\\u002595", ()),
    ],
)
def test_escapes_of_escapes(written: bytes, decoding: tuple[str, ...]) -> None:
    found = find(TEXT.replace(b"_", written))
    assert [match.decoding for match in found] == ([decoding] if decoding else [])


@pytest.mark.parametrize("glue", GLUES)
@pytest.mark.parametrize("at", [4, 5, 20, 43])
def test_keys_with_something_between_their_digits(glue: bytes, at: int) -> None:
    data = b'key = "' + TEXT[:at] + glue + TEXT[at:] + b'"'
    assert only(data) == (7, 7 + 44 + len(glue), ("interrupted",))


@pytest.mark.parametrize("glue", GLUES)
def test_keys_with_something_between_all_their_digits(glue: bytes) -> None:
    data = TEXT[:4] + glue.join(TEXT[at : at + 1] for at in range(4, 44))
    assert only(data) == (0, len(data), ("interrupted",))


@pytest.mark.parametrize("between", [b" ", b", ", b"-", b"g", b"\n\n\n\n\n\n\n\n\nx"])
def test_what_is_no_glue_is_not_taken_out(between: bytes) -> None:
    assert find(TEXT[:20] + between + TEXT[20:]) == []


def test_utf_16_at_odd_offsets_in_binary_data() -> None:
    for before in range(5):
        data = b"\x07" * before + KEY.reveal().encode("utf-16-le") + b"\x90\x91"
        assert only(data) == (before, before + 87, ("utf-16",))


def test_utf_32_is_found_before_utf_16() -> None:
    between = b"\n" * 2000
    wide = KEY.reveal().encode("utf-32-be")
    found = find(wide + between + random_key(2).reveal().encode("utf-16-be"))
    assert [match.decoding for match in found] == [("utf-32",), ("utf-16",)]


def test_a_legacy_key_counts_where_its_label_is_decoded_with_it() -> None:
    old = legacy(2).reveal().encode()
    (match,) = find(b"data: " + base64.b64encode(b"export HEX_API_KEY=" + old + b"\n"))
    assert (match.rule, match.decoding) == (rules.LEGACY, ("base64",))
    assert find(b"HEX_API_KEY=" + base64.b64encode(b"x" * 20 + old)) == []


def test_a_key_in_plain_text_is_not_told_again() -> None:
    data = b"a%20b \\x41 &#65; =\n" + TEXT + b" %5f \\n &#95;"
    assert only_plain(data) == [(data.index(TEXT), ())]


def only_plain(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    return [(match.start, match.decoding) for match in find(data)]
