import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.memory import places
from hexscan.memory.places import packed, unpacked
from hexscan.sources.git.reached import Reached
from hexscan.sources.git.traces import Traces


def traces(size: int) -> st.SearchStrategy[Traces]:
    name = st.binary(min_size=size, max_size=size).map(lambda raw: raw.hex().encode())
    names = st.lists(name, max_size=20, unique=True).map(tuple)

    def reached(tips: tuple[bytes, ...]) -> st.SearchStrategy[Reached]:
        rows = st.dictionaries(name, st.integers(0, (1 << len(tips)) - 1), max_size=5)
        return st.builds(Reached, st.just(tips), rows)

    return st.builds(Traces, names, names.flatmap(reached))


@given(st.sampled_from([20, 32]).flatmap(lambda size: st.tuples(st.just(size), traces(size))))
def test_what_is_packed_is_unpacked(sized: tuple[int, Traces]) -> None:
    size, known = sized
    assert unpacked(packed(known), size) == known


def test_no_traces_are_nothing() -> None:
    assert packed(None) == b""
    assert unpacked(b"", 20) is None


def test_where_there_are_many_rows_the_commits_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "_MOST", 3)
    tips = tuple(b"%040x" % number for number in range(9))
    for count, kept in ((1, 9), (2, 0)):
        rows = dict.fromkeys(tips[:count], 5)
        told = unpacked(packed(Traces(tips[:3], Reached(tips, rows))), 20)
        assert told is not None
        assert (told.commits, len(told.reached.tips)) == (tips[:3], kept)
        assert told.reached.rows == (rows if kept else {})
