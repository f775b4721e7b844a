import os
from array import array
from contextlib import ExitStack
from pathlib import Path

import pytest

from hexscan.sources.git import commits
from hexscan.sources.git.commits import Commits, listed
from hexscan.sources.git.families import Batch
from hexscan.sources.git.repository import find
from tests.support.histories import Repo


def name(number: int) -> bytes:
    return bytes([number]) * 20


def batch(kinds: bytes) -> Batch:
    names = b"".join(map(name, range(len(kinds))))
    return Batch(names, kinds, array("Q", [1] * len(kinds)), len(kinds))


def dealt(some: Commits, count: int = 1) -> list[list[int]]:
    """Return the numbers of which the names in each file are made."""
    with ExitStack() as running:
        files = [file.read().splitlines() for file in some.dealt(count, running)]
    for line in (line for file in files for line in file):
        assert line.decode("ascii") == name(int(line[:2], 16)).hex()
    return [[int(line[:2], 16) for line in file] for file in files]


@pytest.mark.parametrize(
    ("kinds", "expected"), [(b"cc", [1, 0]), (b"bt", []), (b"bcgctc", [5, 3, 1]), (b"", [])]
)
def test_the_commits_of_a_batch(kinds: bytes, expected: list[int]) -> None:
    some = Commits(20)
    some.note(batch(kinds))
    assert dealt(some) == [expected]
    assert len(some) == len(expected)


def test_some_more_are_added_to_a_copy() -> None:
    some = Commits(20)
    some.add(name(1))
    assert dealt(some.with_more(name(3) + name(2))) == [[2, 3, 1]]
    assert dealt(some) == [[1]]


def test_neighbours_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commits, "_BESIDE", 3)
    some = Commits(20)
    some.add(b"".join(map(name, range(11))))
    assert dealt(some, 2) == [[10, 9, 8, 4, 3, 2], [7, 6, 5, 1, 0]]
    assert dealt(some, 5) == [[10, 9, 8], [7, 6, 5], [4, 3, 2], [1, 0], []]


def test_all_that_a_repository_has(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    assert len(listed(find(repo.path))) == 0
    made = {repo.commit("a", "x"), repo.commit("b", "y")}
    repo.git("tag", "--annotate", "--message", "t", "t")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    with ExitStack() as running:
        (file,) = listed(find(repo.path)).dealt(1, running)
        assert {os.fsdecode(line) for line in file.read().split()} == made
