from collections.abc import Iterator
from itertools import pairwise
from random import Random
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.memory import ids

SIZES = st.sampled_from([20, 32])


@st.composite
def lists(draw: st.DrawFn, count: int = 2) -> tuple[int, list[set[bytes]]]:
    """Give a length of ids and some sets of ids, which have many in common."""
    size = draw(SIZES)
    pool = [bytes([number]) * size for number in range(24)]
    return size, [draw(st.sets(st.sampled_from(pool))) for _ in range(count)]


def packed(some: set[bytes]) -> bytes:
    return b"".join(sorted(some))


@given(lists())
def test_what_is_held(drawn: tuple[int, list[set[bytes]]]) -> None:
    size, (known, asked) = drawn
    for one in asked:
        assert ids.holds(packed(known), one, size) == (one in known)


def test_an_id_across_two_others_is_not_held() -> None:
    across = bytes(10) + b"\1" * 10
    assert not ids.holds(bytes(20) + b"\1" * 20, across, 20)


@given(lists())
def test_joined_and_without_are_what_sets_do(drawn: tuple[int, list[set[bytes]]]) -> None:
    size, (one, other) = drawn
    assert ids.joined(packed(one), other, size) == packed(one | other)
    assert ids.without(packed(one), other, size) == packed(one - other)


@given(lists(), st.integers(1, 24), st.integers(1, 3))
def test_a_difference_is_that_of_sets(
    drawn: tuple[int, list[set[bytes]]], ids_in_a_piece: int, taken_apart: int
) -> None:
    size, (known, listed) = drawn
    difference = ids.Difference(packed(known), size)
    whole, step = packed(listed), size * ids_in_a_piece
    with mock.patch.object(ids, "_APART", taken_apart):
        for at in range(0, len(whole), step):
            difference.see(whole[at : at + step])
        difference.end()
    assert difference.new == packed(listed - known)
    assert difference.gone == packed(known - listed)


@pytest.mark.parametrize("known", [0, 9_999, 10_000])
def test_hardly_any_id_is_taken_apart(known: int, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = b"".join(number.to_bytes(20) for number in range(10_000))
    there = listed[: known // 2 * 20] + listed[(10_000 - known + known // 2) * 20 :]
    taken: list[bytes] = []
    apart = ids.apart

    def noted(some: bytes, size: int) -> Iterator[bytes]:
        for one in apart(some, size):
            taken.append(one)
            yield one

    monkeypatch.setattr(ids, "apart", noted)
    difference = ids.Difference(there, 20)
    difference.see(listed)
    difference.end()
    assert len(difference.new) == (10_000 - known) * 20
    assert len(taken) < 1_000


@given(lists(1), st.randoms(use_true_random=False), st.lists(st.integers(1, 9), max_size=4))
def test_a_total_is_that_of_the_numbers_in_any_order(
    drawn: tuple[int, list[set[bytes]]], random: Random, cuts: list[int]
) -> None:
    size, (some,) = drawn
    shuffled = sorted(some)
    random.shuffle(shuffled)
    modulus = (1 << 8 * size) - 1
    wanted = sum(map(int.from_bytes, some)) % modulus
    assert ids.total(b"".join(shuffled), size) == wanted
    places = sorted({0, len(shuffled), *(cut for cut in cuts if cut < len(shuffled))})
    parts = [b"".join(shuffled[low:high]) for low, high in pairwise(places)]
    assert sum(ids.total(part, size) for part in parts) % modulus == wanted


@pytest.mark.parametrize("count", [1, 2, 3, 31, 32, 33])
def test_a_total_keeps_what_is_carried(count: int) -> None:
    some = b"\xff" * 19 + b"\xfe"
    assert ids.total(some * count, 20) == -count % ((1 << 160) - 1)
