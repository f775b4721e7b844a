"""What git lists, in columns: the compiled part and the pure one read the same."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan import skim
from hexscan.sources.git import columns
from hexscan.sources.git.columns import Columns

NO_BASE = "0" * 40
NAMES = st.binary(min_size=20, max_size=20).map(bytes.hex)
LINES = st.lists(
    st.tuples(
        NAMES,
        st.sampled_from(["blob", "commit", "tree", "tag"]),
        st.integers(0, 2**63).map(str),
        NAMES | st.just(NO_BASE),
    ).map(" ".join),
    max_size=20,
)
WRONG = (
    f"{'a' * 40} blob 1 {NO_BASE}",  # no line's end
    f"{'a' * 40} blob {NO_BASE}\n",
    f"{'a' * 40} blob 1\n",
    f"{'a' * 40} note 1 {NO_BASE}\n",
    f"{'a' * 40} b 1 {NO_BASE}\n",
    f"{'a' * 40} blob x {NO_BASE}\n",
    f"{'a' * 40} blob {'9' * 20} {NO_BASE}\n",
    f"{'a' * 40} blob 1 {NO_BASE}0\n",
    f"{'a' * 40} blob 1 {NO_BASE} \n",
    f"{'g' * 40} blob 1 {NO_BASE}\n",
    f"{'a' * 40} blob 1 {'x' * 40}\n",
    f"{'a' * 39} blob 1 {NO_BASE}\n",
    "\n",
)

compiled = pytest.mark.skipif(skim.rows is None, reason="hexscan was installed without a compiler")


def test_a_line_is_a_row() -> None:
    held = Columns(20)
    held.read(f"{'ab' * 20} blob 17 {NO_BASE}\n{'cd' * 20} tree 5 {'ab' * 20}\n".encode(), b"bt")
    assert bytes(held.names) == b"\xab" * 20 + b"\xcd" * 20
    assert bytes(held.kinds) == b"bt"
    assert list(held.sizes) == [17, 5]
    assert held.bases.tobytes() == bytes(4) + b"\xab" * 4


def test_only_some_kinds_are_taken() -> None:
    held = Columns(20)
    lines = "".join(
        f"{number:040x} {kind} 1 {NO_BASE}\n"
        for number, kind in enumerate(["blob", "tree", "commit", "tag", "blob"])
    )
    held.read(lines.encode(), b"cg")
    assert bytes(held.kinds) == b"cg"
    held.read(lines.encode(), b"bt")
    assert bytes(held.kinds) == b"cgbtb"
    assert [held.names[at] for at in range(19, 100, 20)] == [2, 3, 0, 1, 4]


def test_columns_are_put_together_and_rows_chosen() -> None:
    held, others = Columns(20), Columns(20)
    held.read(f"{'ab' * 20} blob 17 {NO_BASE}\n".encode(), b"b")
    others.read(f"{'cd' * 20} tree 5 {'ab' * 20}\n".encode(), b"t")
    held.add(others)
    assert len(held) == 2
    names, kinds, sizes = held.chosen(array("I", (1, 0, 1)).tobytes())
    assert (kinds, list(sizes)) == (b"tbt", [5, 17, 5])
    assert names == b"\xcd" * 20 + b"\xab" * 20 + b"\xcd" * 20


@compiled
@given(lines=LINES, kinds=st.sampled_from([b"cg", b"bt", b"b", b"", b"bcgt"]))
def test_both_parts_read_the_same(lines: list[str], kinds: bytes) -> None:
    data = "".join(f"{line}\n" for line in lines).encode()
    assert skim.rows is not None
    assert skim.rows(data, 20, kinds) == columns.rows(data, 20, kinds)


@compiled
@pytest.mark.parametrize("line", WRONG)
def test_what_is_no_line_is_refused(line: str) -> None:
    assert skim.rows is not None
    for data in (line, f"{'a' * 40} tree 1 {NO_BASE}\n{line}"):
        with pytest.raises(ValueError, match="line of git's"):
            skim.rows(data.encode(), 20, b"b")


@compiled
@given(line=st.text("0123456789abcdef blobtreecommit\n"), width=st.sampled_from([20, 32]))
def test_whatever_git_says_is_read_or_refused(line: str, width: int) -> None:
    assert skim.rows is not None
    try:
        names, kinds, sizes, bases = skim.rows(line.encode(), width, b"btcg")
    except ValueError:
        return
    assert len(names) == width * len(kinds)
    assert (len(sizes), len(bases)) == (8 * len(kinds), 4 * len(kinds))


@compiled
@given(
    column=st.binary(max_size=64),
    width=st.integers(1, 16),
    order=st.lists(st.integers(0, 8), max_size=9),
)
def test_rows_are_taken_or_refused(column: bytes, width: int, order: list[int]) -> None:
    numbers = array("I", order).tobytes()
    assert skim.taken is not None
    if any(number >= len(column) // width for number in order):
        with pytest.raises(ValueError, match="no such row"):
            skim.taken(column, width, numbers)
    else:
        assert skim.taken(column, width, numbers) == columns.taken(column, width, numbers)


@compiled
def test_an_order_of_what_does_not_fit_together_is_refused() -> None:
    assert skim.order is not None
    for names, width, bases in ((bytes(20), 20, bytes(8)), (bytes(6), 3, bytes(8))):
        with pytest.raises(ValueError):  # noqa: PT011 - there are two, and both will do
            skim.order(names, width, bases)
