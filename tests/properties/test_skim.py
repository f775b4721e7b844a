"""The compiled part and the pure one look for the same: neither casts doubt where the other finds.

What the compiled part passes over is never looked at again, so whatever the pure part would find
there, it has to have doubts about.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hexscan import key, matcher, skim
from hexscan.decoders import kinds, nest, runs, sieve
from hexscan.decoders.decoded import DEPTH
from hexscan.decoders.kinds import NULS, NUMBERS, PLAIN, RUN
from tests.support.encodings import FORMS, GLUES
from tests.support.keys import legacy, random_key
from tests.unit.test_labels import LABELLED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.match import Match

pytestmark = pytest.mark.skipif(
    skim.encoded is None, reason="hexscan was installed without a compiler"
)

KEY = random_key(11).reveal().encode()
DIGITS = KEY[4:]
LEGACY = legacy(11).reveal().encode()
ALONE = (
    *(
        KEY,
        KEY.upper(),
        DIGITS,
        LEGACY,
        KEY[:20],
        DIGITS[:31],
        DIGITS[:32],
        b"hex",
        b"HEX",
        b"_key",
    ),
    *(b"HEX_API_KEY=", b'{api_key,<<"', b'hex: [api_key: "', b"mix hex.organization auth acme "),
    *(b"aGV4X", b"hleF", b"oZXhf", b"hex_", b"hex_\\", b"hex%5f", b"hex&#95;", b"_", b"\\x68ex_"),
    *(b"1,", b"104, ", b"0x68,\n", b"256,", b"\0", b"\n", b" ", b"%", b"\\x", b"A" * 54, b"a" * 55),
    *(b"0123456789abcdef" * 3, b"%41" * 40, b"1," * 64, b"\xe2\x80\x8b", b"/", b"+", b"-", b"="),
)
PARTS = st.one_of(
    st.sampled_from(ALONE),
    st.sampled_from([encode(KEY) for _, encode in FORMS.values()]),
    st.sampled_from([encode(b"key: " + KEY.upper() + b"\n") for _, encode in FORMS.values()]),
    st.sampled_from([KEY[:17] + glue + KEY[17:] for glue in GLUES]),
    st.sampled_from([(KEY[:17] + glue + KEY[17:]).decode().encode("utf-16-le") for glue in GLUES]),
    st.binary(max_size=8),
    st.text("abcxyz ,;(){}\n\t01", max_size=40).map(str.encode),
    st.integers(0, 9000).map(lambda size: b"some words of text, and more. " * (size // 30)),
)
ENCODED = (
    base64.b64encode(b"the key is " + KEY.upper()),
    base64.b64encode(KEY.decode().encode("utf-16")),
    base64.b64encode(base64.b64encode(b"k: " + KEY)),
    KEY.upper().hex().encode(),
)


WRAPS = (
    *(b"\n", b"\r\n", b"\n  ", b" \n\t", b"\\n", b"\\r\\n  ", b"=\n", b"=\n  "),
    *(b"\n" + b" " * blanks for blanks in (63, 64, 65, 80)),
    *(b" " * blanks + b"\n" for blanks in (64, 65, 66, 71)),
)


@st.composite
def wrapped(draw: st.DrawFn) -> bytes:
    """Return a run of several lines, each as wide as it comes, between others of its kind."""
    run = draw(st.sampled_from(ENCODED))
    cuts = sorted(draw(st.sets(st.integers(1, len(run) - 1), max_size=6)))
    lines = [run[low:high] for low, high in zip([0, *cuts], [*cuts, len(run)], strict=True)]
    around = st.sampled_from([[], [b"z" * 60], [b"AAAA"], [b"  data"]])
    wrap = draw(st.sampled_from(WRAPS))
    return wrap.join([*draw(around), *lines, *draw(around)])


DATA = st.lists(wrapped() | PARTS, max_size=8).map(b"".join)


def compiled(search: skim.Search | None) -> skim.Search:
    assert search is not None
    return search


def purely_found(data: bytes, **flags: bool) -> list[Match]:
    """Return what the pure part finds."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("digits", "encoded", "plain"):
            patch.setattr(skim, name, None)
        return nest.find(data, **flags)


@given(DATA)
@example(b"HEX_API_KEY=" + b" " * 1000 + LEGACY)
def test_what_is_passed_over_in_plain_text_holds_nothing(data: bytes) -> None:
    if compiled(skim.plain)(data) < 0:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(skim, "plain", None)
            assert not matcher.find(data)


@given(DATA)
def test_what_is_passed_over_holds_nothing(data: bytes) -> None:
    if compiled(skim.encoded)(data) < 0:
        assert not purely_found(data)


@given(DATA)
def test_it_doubts_where_the_sieve_does(data: bytes) -> None:
    hits = {kind for kind, _ in pure_triggers(data)}
    if compiled(skim.encoded)(data) < 0:
        # A prefix counts here only with a right checksum, the others if what they stand for can be
        # a text.
        assert hits <= {PLAIN, NULS, NUMBERS, RUN}


def pure_triggers(data: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    view = memoryview(data)
    for block in sieve.blocks(len(view)):
        yield from sieve.triggers(view, block)


@given(DATA)
def test_both_find_the_same(data: bytes) -> None:
    assert list(map(told, nest.find(data))) == list(map(told, purely_found(data)))


def told(match: Match) -> tuple[str, int, int, tuple[str, ...]]:
    return match.rule, match.start, match.end, match.decoding


@given(
    pieces=st.lists(DATA, min_size=1, max_size=4),
    apart=st.sampled_from([b"\0", b"\n"]),
    decode=st.booleans(),
)
def test_one_question_about_many_pieces_passes_over_none(
    pieces: list[bytes], apart: bytes, *, decode: bool
) -> None:
    search = compiled(skim.encoded if decode else skim.plain)
    data = b"".join(piece + apart for piece in pieces)
    place = skim.places(search, data)
    start = 0
    for piece in pieces:
        stop = start + len(piece) + 1
        if place(start, stop) >= stop:
            assert not (purely_found(piece) if decode else matcher.find(piece))
        start = stop


@given(DATA, st.integers(0, 60), st.integers(0, 60))
def test_a_place_lies_where_it_was_asked_for(data: bytes, low: int, left: int) -> None:
    start, stop = min(low, len(data)), max(0, len(data) - left)
    for search in (compiled(skim.plain), compiled(skim.encoded)):
        place = search(data, start, stop)
        assert place == -1 or start <= place < stop
        assert search(memoryview(data)[start:stop]) == -1 or start < stop


# As short as what each of them calls a look for can be, and what must not touch it.
SHORTEST = {
    "prefix": (KEY, b" "),
    "prefix in base 64": (b"hleF", b"."),
    "letters": (b"Z" * 3 + b"AAAA" * 13, b"-"),
    "escapes": (b"%68" + DIGITS + b"%41", b"-"),
    "list": (b",".join(b"%3d" % byte for byte in KEY) + b" " * 30, b";"),
    "label": (b"HEX_API_KEY=" + LEGACY, b" "),
    "characters and NULs": (KEY.decode().encode("utf-16-le"), b"-"),
}


@pytest.mark.parametrize(("secret", "around"), SHORTEST.values(), ids=SHORTEST.keys())
def test_none_is_lost_between_two_steps_or_blocks(secret: bytes, around: bytes) -> None:
    search = compiled(skim.encoded)
    for offset in (*range(200), *range(4096 - len(secret) - 2, 4096 + 66)):
        before = around * offset
        assert 0 <= search(before + secret) <= offset
        assert 0 <= search(before + secret + around * 100) <= offset
        data = secret + before + secret
        assert search(data, len(secret), len(data)) >= 0


@pytest.mark.parametrize("needle", [b"aGV4X", b"hleF", b"oZXhf"])
def test_a_needle_counts_that_ends_behind_what_is_asked_about(needle: bytes) -> None:
    for offset in range(130):
        assert compiled(skim.encoded)(b"." * offset + needle, 0, offset + 1) == offset


@pytest.mark.parametrize("search", [skim.plain, skim.encoded], ids=["plain", "encoded"])
def test_calls_that_are_wrong(search: skim.Search | None) -> None:
    ask = compiled(search)
    with pytest.raises(TypeError):
        ask("text")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        ask()  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="never negative"):
        ask(b"", -1)
    assert ask(b"", 5, 3) == -1
    assert ask(KEY, 0, 1 << 62) == ask(KEY)


@pytest.mark.parametrize("text", LABELLED.values(), ids=LABELLED.keys())
def test_every_label_calls_for_a_look(text: bytes) -> None:
    for digits in (LEGACY, DIGITS):
        data = b"first line\n\n" + text % digits + b"\nlast line\n"
        assert compiled(skim.plain)(data) >= 0
        assert compiled(skim.encoded)(data) >= 0


@given(
    st.sampled_from(sorted(LABELLED.values())),
    st.sampled_from([b"%%%02x", b"\\x%02x", b"\\u%04x", b"&#%d;"]),
    st.data(),
)
def test_a_label_that_is_partly_escaped(text: bytes, escape: bytes, data: st.DataObject) -> None:
    plain = text % LEGACY
    where = data.draw(st.sets(st.integers(0, len(plain) - 1), max_size=4))
    written = b"".join(
        escape % character if at in where else bytes([character])
        for at, character in enumerate(plain)
    )
    assert list(map(told, nest.find(written))) == list(map(told, purely_found(written)))


RUN_ALONE = base64.b64encode(b"the key is: " + KEY.upper() + b" ")
LISTED = b",".join(b" " * 62 + b"%d" % byte + b" " * 62 for byte in b"z" * 60 + KEY + b"z" * 60)
ONCE_LOST = {
    "behind a line that is none of its own": b"- |\n  data\n" + b" " * 80 + KEY.hex().encode(),
    "behind more blanks than a line has": b"AAAA\n" + b" " * 65 + RUN_ALONE,
    "behind trailing blanks": b"AAAA" + b" " * 71 + b"\n" + KEY.hex().encode(),
    "in lines as JSON writes them": (
        RUN_ALONE[:40] + rb"\n  " + RUN_ALONE[40:] + rb"\n  " + b"z" * 60
    ),
    "behind a soft line break": b"z" * 60 + b"\n" + RUN_ALONE[:40] + b"=\n" + RUN_ALONE[40:],
    "in quoted-printable, the first line of it too short for a run": (
        b"\n" + RUN_ALONE[:40] + b"=\n" + RUN_ALONE[40:80] + b"/" * 32 + b"=\n" + b"/" * 72
    ),
    "behind an indent, and a line that could end softly": b"d=\n  " + RUN_ALONE[1:] + b"\n",
    "in quoted-printable, behind an empty line": (
        b"\n" + RUN_ALONE[:40] + b"=\n\n  " + RUN_ALONE[40:80] + b"/" * 32 + b"=\n" + b"/" * 72
    ),
    "in two lines that are too short for a run, behind two soft line breaks": (
        RUN_ALONE[:22] + b"\n" + RUN_ALONE[22:] + b"=\n=\n" + b"z" * 60 + b"=\0\0"
    ),
    "with a letter in quoted-printable": (
        b"\n" + b"z" * 60 + RUN_ALONE[:40] + b"=%02X" % RUN_ALONE[40] + RUN_ALONE[41:]
    ),
    "behind what is no soft line break, for its blanks": b"data=\n  " + RUN_ALONE,
    "behind what is no soft line break, for its ends": b"data=\r\r\n" + RUN_ALONE,
    "behind what is no soft line break, in JSON": rb"data=\n" + RUN_ALONE,
    "in a list that lies across two blocks": b"x" * (sieve.BLOCK - 4000) + b"[" + LISTED + b"]",
    "in narrow lines across two blocks": (
        b"x" * (sieve.BLOCK - 2000)
        + b"\n"
        + b"z" * 60
        + b"\n"
        + b"\n".join([b"z" * 40] * 150)
        + b"\n"
        + RUN_ALONE
    ),
    "by a long name": b"hexpm:" + b"z" * 60 + b" " + LEGACY,
    "with a character of no width in its prefix": b"hex\xe2\x80\x8b_" + DIGITS,
    "the same in a crowd": b"hex, " * 600 + b"hex\xe2\x80\x8b_" + DIGITS,
    "with an escape far inside its label": b"% HEX_ORGANIZATION_PUBLISH_PUL%4C_TOKEN=" + LEGACY,
    "in UTF-16, coloured": b"\x1b[m".join([KEY[:10], KEY[10:19], KEY[19:30], KEY[30:]])
    .decode()
    .encode("utf-16-le"),
}


@pytest.mark.parametrize("data", ONCE_LOST.values(), ids=ONCE_LOST.keys())
def test_what_was_once_lost_is_found_by_both(data: bytes) -> None:
    found = nest.find(data)
    assert len(found) == 1
    assert list(map(told, found)) == list(map(told, purely_found(data)))


# Of no text, whichever letter it starts at.
SIGNATURE = b"\n ".join([b"////" * 16] * 6) + b"\n " + b"/" * 34


@pytest.mark.parametrize(
    "end", [b"==\n =njUN\n", b"=\n =aQcz\n", b"=\n\n", b'="', b"=\r\n-----END CERTIFICATE-----\n"]
)
def test_what_pads_base_64_is_no_escape(end: bytes) -> None:
    assert compiled(skim.encoded)(b"gpgsig -----BEGIN\n " + SIGNATURE + end + b" words") < 0


@given(DATA, st.booleans())
def test_the_flags_give_the_same(data: bytes, unprefixed: bool) -> None:  # noqa: FBT001
    flags = {"unprefixed": unprefixed, "lookalikes": not unprefixed}
    assert list(map(told, nest.find(data, **flags))) == list(map(told, purely_found(data, **flags)))


def test_both_speak_of_the_same_sizes() -> None:
    header = (Path(__file__).parents[2] / "csrc/skim.h").read_text("utf-8")
    sizes = {
        name: int(size)
        for name, size in re.findall(r"^    ([A-Z_]+) = (\d+),", header, re.MULTILINE)
    }
    assert sizes == {
        "DIGITS": key.DIGITS,
        "FEWEST_DIGITS": key.RANDOM_DIGITS,
        "CONTEXT": matcher.CONTEXT,
        "SHORTEST_RUN": sieve.SHORTEST_RUN,
        "SHORTEST_ESCAPED": sieve.SHORTEST_ESCAPED,
        "SHORTEST_LIST": kinds.SHORTEST_LIST,
        "FEWEST_COMMAS": kinds.FEWEST_COMMAS,
        "FARTHEST": runs.FARTHEST,
        "DEPTH": DEPTH,
    }
    assert sieve.MARGIN >= nest.CONTEXT
