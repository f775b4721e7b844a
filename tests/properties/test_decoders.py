"""What holds of readings whatever the text around the key, and however they are nested."""

import base64

from hypothesis import assume, example, given
from hypothesis import strategies as st

from hexscan import matcher
from hexscan.decoders import sieve
from hexscan.decoders.nest import find, find_chunks
from hexscan.key import Key
from tests.support.encodings import FORMS, GLUES
from tests.support.keys import legacy, random_key

KEYS = st.binary(min_size=16, max_size=16).map(Key.from_random)
FORM = st.sampled_from(sorted(FORMS))
# Text that no escape is part of, so that what an encoder writes is what a reader reads.
AROUND = st.text("abcz XYZ019.,:;(){}\n", max_size=60).map(str.encode)
NOISE = st.binary(max_size=40)


@given(KEYS, FORM, AROUND, AROUND, NOISE)
def test_a_key_in_a_text_is_found_by_its_reading(
    key: Key, form: str, before: bytes, after: bytes, noise: bytes
) -> None:
    reading, encode = FORMS[form]
    encoded = encode(before + key.reveal().encode() + after)
    data = noise + b" [" + encoded + b"] "
    found = [match for match in find(data) if match.fingerprint == key.fingerprint]
    assert [match.decoding for match in found] == [(reading,)]
    assert len(noise) + 2 <= found[0].start < found[0].end <= len(data) - 2


@given(KEYS, FORM, FORM, AROUND, AROUND)
def test_two_readings_nest(key: Key, outer: str, inner: str, before: bytes, after: bytes) -> None:
    inner_name, encode_inner = FORMS[inner]
    outer_name, encode_outer = FORMS[outer]
    # Nobody writes one of these within the other, and the NULs between NULs have no needle.
    assume(not {outer_name, inner_name} <= {"utf-16", "utf-32"})
    text = before + b" [" + encode_inner(key.reveal().encode()) + b"] " + after
    found = find(b"- " + encode_outer(text) + b"\n")
    assert [match.fingerprint for match in found] == [key.fingerprint]
    assert found[0].decoding == (outer_name, inner_name)


@given(KEYS, KEYS, st.integers(20, 90), AROUND)
def test_keys_in_narrow_lines_stand_near_each_other(
    one: Key, other: Key, columns: int, between: bytes
) -> None:
    assume(one != other)
    runs = [base64.b64encode(b"- " + key.reveal().encode()) for key in (one, other)]
    blocks = [
        b"\n".join(run[at : at + columns] for at in range(0, len(run), columns)) for run in runs
    ]
    found = find(b"a: |\n" + blocks[0] + b"\n\n---\n(" + between + b")\n\n" + blocks[1] + b"\n")
    assert [match.fingerprint for match in found] == [one.fingerprint, other.fingerprint]


@given(KEYS, FORM, st.sampled_from([glue for glue in GLUES if glue.isascii()]), st.integers(4, 43))
def test_interrupted_keys_nest(key: Key, outer: str, glue: bytes, at: int) -> None:
    text = key.reveal().encode()
    found = find(FORMS[outer][1](b'x = "' + text[:at] + glue + text[at:] + b'"\n'))
    assert [match.fingerprint for match in found] == [key.fingerprint]
    assert found[0].decoding == (FORMS[outer][0], "interrupted")


@given(
    st.lists(st.tuples(KEYS, FORM, FORM | st.none()), max_size=3),
    st.sampled_from([b" ", b"\n" * 300, b"some words, and more. " * 500]),
    st.data(),
)
def test_a_stream_gives_the_same_however_it_is_cut(
    planted: list[tuple[Key, str, str | None]], between: bytes, data: st.DataObject
) -> None:
    parts = [between]
    for key, outer, inner in planted:
        assume("utf" not in outer or inner is None or "utf" not in inner)
        text = key.reveal().encode()
        parts += [FORMS[outer][1](FORMS[inner][1](text) if inner else text), between]
    whole = b"|".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=6)))
    chunks = [whole[a:b] for a, b in zip([0, *cuts], [*cuts, len(whole)], strict=True)]
    expected = find(whole)
    assert {match.fingerprint for match in expected} == {key.fingerprint for key, *_ in planted}
    assert list(find_chunks(chunks)) == expected


PIECES = [
    *(b"hex", b"HEX", b"hex_", b"_key_", b"_KEY", b".", b" ", b"p", b"k", b"\n", b"=", b'"'),
    *(b"HEX_API_KEY", b"mix hex.repo list", b'{api_key,<<"', b'">>}.', b"hexpm:acme", b"%", b"\\n"),
    *(key.reveal().encode() for key in map(random_key, range(2))),
    *(key.reveal()[4:].encode() for key in map(random_key, range(2))),
    *(legacy(seed).reveal().encode() for seed in range(3)),
]


@given(st.lists(st.sampled_from(PIECES)))
@example([b"HEX_API_KEY", b"hex_", b"\n", PIECES[-4]])
def test_what_the_matcher_finds_passes_the_sieve(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert sieve.sift(data) or not matcher.find(data)
    plain, found = matcher.find(data), find(data)
    assert [match for match in found if not match.decoding] == [
        match
        for match in plain
        # Told by its prefix, which is on the line before, and no more by a label.
        if not any(other.decoding and other.start < match.start < other.end for other in found)
    ]


@given(st.binary(max_size=400))
def test_nothing_is_found_where_there_is_no_key(data: bytes) -> None:
    assert find(data) == []
