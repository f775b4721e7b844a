"""Marks in the text, where they count and where not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.blob import NAME, Blob, Origin
from hexscan.finding import Finding, Suppression
from hexscan.scanner import Scanner
from hexscan.suppression.inline import REACH, Marks, is_text
from tests.support.keys import random_key

KEY = random_key(1).reveal().encode()
OTHER = random_key(2).reveal().encode()


def scan(*chunks: bytes) -> list[Finding]:
    head, *rest = [memoryview(chunk) for chunk in chunks]
    return list(Scanner().scan(Blob(Origin(b"a"), head, iter(rest) if rest else None)))


def marks(*chunks: bytes) -> Marks:
    seen = Marks()
    for chunk in chunks:
        seen.see(memoryview(chunk))
    seen.end()
    return seen


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"KEY # hexscan:allow revoked 2026-05-20", "revoked 2026-05-20"),
        (b"KEY // hexscan:allow", ""),
        (b"KEY /* hexscan:allow revoked */ more", "revoked"),
        (b"/* hexscan:allow revoked */ KEY", "revoked"),
        (b"<!-- hexscan:allow an example --> KEY\r", "an example"),
        (b"KEY <%# hexscan:allow x %>", "x"),
        (b"KEY {# hexscan:allow#}", ""),
        (b"KEY % hexscan:allow\tgr\xc3\xbcn", "grün"),
    ],
)
def test_a_mark_on_the_line(line: bytes, reason: str) -> None:
    (finding,) = scan(b"one\n" + line.replace(b"KEY", KEY) + b"\ntwo")
    assert finding.suppressed == Suppression("inline", reason)
    assert not finding.fails


@pytest.mark.parametrize(
    "text",
    [
        b"# hexscan:allowed\nKEY",
        b"# hexscan:allow\nKEY",
        b"KEY\n# hexscan:allow",
        b"# hexscan:allow-next-line\n\nKEY",
        b"KEY # hexscan:allow-next-line",
        b"KEY # `hexscan:allow`",
        b"KEY # Hexscan:Allow",
        b"\0 KEY # hexscan:allow",
    ],
)
def test_what_is_no_mark_for_the_key(text: bytes) -> None:
    (finding,) = scan(text.replace(b"KEY", KEY))
    assert finding.suppressed is None


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_mark_on_the_line_before(end: bytes) -> None:
    (finding,) = scan(b"-- hexscan:allow-next-line why" + end + b"x " + KEY + end)
    assert finding.suppressed == Suppression("inline", "why")


def test_a_name_has_no_marks() -> None:
    text = b"# hexscan:allow " + KEY
    (finding,) = Scanner().scan(Blob(Origin(b"x", NAME), memoryview(text)))
    assert finding.suppressed is None


def test_a_reason_holds_no_key() -> None:
    (finding, _) = scan(b"/* hexscan:allow " + KEY + b" " + OTHER + b" " + OTHER[4:30])
    assert finding.suppressed is not None
    for secret in (KEY, OTHER):
        assert secret[4:16].decode() not in finding.suppressed.reason
    assert finding.suppressed.reason.startswith("hex_f5b1…a5f4 ")


def test_a_date_in_a_reason_stays() -> None:
    (finding,) = scan(KEY + b" # hexscan:allow revoked 20260520")
    assert finding.suppressed == Suppression("inline", "revoked 20260520")


def test_a_mark_out_of_reach_does_not_count() -> None:
    (finding,) = scan(KEY + b" " * REACH + b"# hexscan:allow")
    assert finding.suppressed is None


@pytest.mark.parametrize("size", [1, 7, 1000, 5000, 9000])
def test_a_stream_gives_the_judgements_of_the_whole(size: int) -> None:
    filler = b"some text\n" * 900
    marked = b"# hexscan:allow-next-line r\n" + KEY + b"\n" + KEY + b" # hexscan:allow s\n"
    data = filler + marked + filler + KEY + b"\n" + filler + marked
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    assert scan(*chunks, b"") == scan(data)
    assert [finding.suppressed is not None for finding in scan(data)] == [1, 1, 0, 1, 1]


def test_unused_marks_are_known_by_their_lines() -> None:
    text = b"a # hexscan:allow\nb\n# hexscan:allow-next-line\nc\nd # hexscan:allow\n"
    assert list(marks(text).unused({1})) == [3, 5]
    assert list(marks(text).unused({1, 4, 5})) == []


@given(st.lists(st.sampled_from([b"hexscan:allow", b"-next-line", b"\n", b" x", b"*/"])), st.data())
def test_unused_marks_are_the_same_however_the_bytes_pass(
    pieces: list[bytes], data: st.DataObject
) -> None:
    text = b"".join(pieces)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)))))
    chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    whole = Marks()
    whole.see_all(memoryview(text))
    assert list(marks(*chunks).unused(set())) == list(whole.unused(set()))


def test_text_is_told_by_its_first_bytes() -> None:
    assert is_text(memoryview(b""))
    assert is_text(memoryview(b"a" * 8000 + b"\0"))
    assert not is_text(memoryview(b"a" * 7999 + b"\0"))
