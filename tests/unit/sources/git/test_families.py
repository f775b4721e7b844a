"""The order in which objects are read: each one once, and a delta before its base."""

from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan import skim
from hexscan.sources.git import families
from hexscan.sources.git.columns import BLOB, Columns
from hexscan.sources.git.families import Batch, batches

NO_BASE = "0" * 40


def name(number: int) -> str:
    return sha1(b"%d" % number, usedforsecurity=False).hexdigest()


@pytest.fixture(autouse=True, params=["compiled", "pure"])
def part(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the compiled part do it, and then the other."""
    if request.param == "pure":
        for what in ("rows", "order", "taken"):
            monkeypatch.setattr(skim, what, None)
    elif skim.order is None:
        pytest.skip("hexscan was installed without a compiler")


def listed(bases: list[int | None], sizes: list[int] | None = None, kind: str = "blob") -> Columns:
    """Return objects 0, 1, ... of which each is a delta against the one that is given, if any."""
    sizes = sizes or [1] * len(bases)
    lines = [
        f"{name(number)} {kind} {size} {NO_BASE if base is None else name(base)}\n"
        for number, (base, size) in enumerate(zip(bases, sizes, strict=True))
    ]
    held = Columns(20)
    held.read("".join(lines).encode(), kind[:1].encode())
    return held


def numbers(given: list[Batch], count: int) -> list[int]:
    which = {name(number): number for number in range(count)}
    return [which[line] for batch in given for line in batch.lines().split("\n")]


def order(bases: list[int | None]) -> list[int]:
    return numbers(list(batches(listed(bases))), len(bases))


def test_a_chain_is_read_from_its_end() -> None:
    assert order([None, 0, 1, 2]) == [3, 2, 1, 0]


def test_a_family_stays_together() -> None:
    assert order([None, None, 0, 1, 0, 1]) in ([2, 4, 0, 3, 5, 1], [4, 2, 0, 5, 3, 1])


def test_a_base_may_be_listed_after_its_delta() -> None:
    assert order([1, 2, None]) == [0, 1, 2]


def test_deltas_whose_base_is_elsewhere_come_with_their_siblings() -> None:
    assert order([7, None, 7, 0]) in ([1, 3, 0, 2], [1, 2, 3, 0])


def test_a_batch_knows_its_objects() -> None:
    (batch,) = batches(listed([None, 0], [30, 4]))
    assert batch.lines() == f"{name(1)}\n{name(0)}"
    assert [batch.name(0), batch.name(1)] == [name(1), name(0)]
    assert batch.kinds == bytes([BLOB, BLOB])
    assert (list(batch.sizes), batch.size, batch.count) == ([4, 30], 34, 2)


def test_names_of_a_sha_256_repository() -> None:
    held = Columns(32)
    held.read(f"{'ab' * 32} tree 5 {'0' * 64}\n{'cd' * 32} tree 6 {'ab' * 32}\n".encode(), b"t")
    (batch,) = batches(held)
    assert batch.lines() == f"{'cd' * 32}\n{'ab' * 32}"


@given(
    bases=st.lists(st.none() | st.integers(0, 40), max_size=40),
    data=st.data(),
)
def test_each_object_is_read_once_in_batches_of_limited_size(
    bases: list[int | None], data: st.DataObject
) -> None:
    sizes = data.draw(st.lists(st.integers(0, 9), min_size=len(bases), max_size=len(bases)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(families, "BATCH_OBJECTS", 5)
        patch.setattr(families, "BATCH_BYTES", 8)
        given_out = list(batches(listed(bases, sizes)))
    assert sorted(numbers(given_out, len(bases))) == list(range(len(bases)))
    for batch in given_out:
        assert batch.size == sum(batch.sizes)
        assert 0 < batch.count <= 5
        assert batch.size <= 8 or batch.count == 1


@given(parents=st.lists(st.integers(0, 1000), max_size=60))
def test_each_delta_is_read_before_its_base(parents: list[int]) -> None:
    # Every object is against an earlier one, or the first of its family.
    bases = [
        None if parent % (at + 1) == at else parent % (at + 1) for at, parent in enumerate(parents)
    ]
    place = {number: at for at, number in enumerate(order(bases))}
    for number, base in enumerate(bases):
        assert base is None or place[number] < place[base]
