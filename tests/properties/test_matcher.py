"""What holds of the matcher whatever the input."""

from itertools import pairwise
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st

from hexscan.key import Key
from hexscan.match import Match
from hexscan.matcher import find, find_chunks, sift
from tests.support.keys import legacy, random_key, wrong_checksum

PIECES = st.sampled_from(
    [
        random_key(1).reveal().encode(),
        random_key(2).reveal().upper().encode(),
        random_key(3).reveal()[4:].encode(),
        random_key(4).reveal()[:30].encode(),
        legacy(5).reveal().encode(),
        wrong_checksum(6).encode(),
        b"HEX_API_KEY=",
        b"HEX_API_KEY:\n",
        b'{api_key,<<"',
        b"mix hex.publish ",
        b"rebar3 hex ",
        b"hex: [api_key: ",
        b"hex-organization\n  key: ",
        b"${{ secrets.HEX_TOKEN }}",
        b"hex_",
        b"hexpm",
        b"_key_",
        b"\n",
        b" ",
        b"." * 500,
        b"0123",
        b"\xff\x00",
    ]
)
TEXTS = st.lists(PIECES | st.binary(max_size=8), max_size=30).map(b"".join)


@given(TEXTS, st.data())
def test_a_stream_gives_the_same_however_it_is_cut(text: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    chunks = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    flags = {"unprefixed": data.draw(st.booleans()), "lookalikes": data.draw(st.booleans())}
    assert list(find_chunks(chunks, **flags)) == find(text, **flags)


@given(st.integers(0, 2**32), st.booleans())
def test_every_split_point_of_a_key_and_its_label(
    seed: int,
    bare: bool,  # noqa: FBT001 - drawn by hypothesis, which knows no keyword-only parameters
) -> None:
    random = Random(seed)
    key = Key.from_random(random.randbytes(16)).reveal().encode()
    text = b"HEX_API_KEY=" + (key[4:] if bare else key) + b"\n"
    expected = find(text)
    assert len(expected) == 1
    for cut in range(len(text) + 1):
        assert list(find_chunks([text[:cut], text[cut:]])) == expected
    assert list(find_chunks([text[i : i + 1] for i in range(len(text))])) == expected


@given(st.lists(st.integers(1, 20_000), max_size=12), st.integers(0, 2**32))
def test_keys_on_every_edge_of_chunks_of_any_size(sizes: list[int], seed: int) -> None:
    random = Random(seed)
    text = bytearray(b"." * (sum(sizes) + 100))
    edge = 0
    planted: set[int] = set()
    for size in [0, *sizes]:
        edge += size
        start = max(0, edge - random.randrange(45))
        if all(abs(start - other) >= 44 for other in planted):
            text[start : start + 44] = Key.from_random(random.randbytes(16)).reveal().encode()
            planted.add(start)
    bounds = [sum(sizes[:i]) for i in range(len(sizes) + 1)]
    chunks = [bytes(text[a:b]) for a, b in zip(bounds, [*bounds[1:], len(text)], strict=True)]
    found = list(find_chunks(chunks))
    assert {match.start for match in found} == planted
    assert len(found) == len(planted)


@given(st.binary(max_size=200), st.binary(min_size=16, max_size=16), st.binary(max_size=200))
@example(b"hex_", bytes(16), b"0")
def test_a_key_is_found_whatever_stands_around_it(
    before: bytes, random: bytes, after: bytes
) -> None:
    key = Key.from_random(random).reveal().encode()
    data = before + key + after
    assert sift(data)
    assert any(match.start == len(before) and match.end == len(before) + 44 for match in find(data))


@given(TEXTS)
def test_matches_are_ordered_within_bounds_and_never_overlap(text: bytes) -> None:
    matches = find(text, unprefixed=True, lookalikes=True)
    assert matches == sorted(matches)
    for match, following in pairwise(matches):
        assert match.end <= following.start
    for match in matches:
        assert 0 <= match.start < match.end <= len(text)


@given(st.integers(0, 60), TEXTS)
def test_a_block_full_of_hits_changes_nothing(hits: int, text: bytes) -> None:
    noise = b"hex_ . " * (64 + hits)
    shifted = [
        Match(match.rule, match.start + len(noise), match.end + len(noise), match.severity)
        for match in find(b"hex_ . " + text)
    ]
    offset = len(b"hex_ . ")
    for match in shifted:
        match.start -= offset
        match.end -= offset
    assert find(noise + text) == shifted
