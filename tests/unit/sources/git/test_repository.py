"""Where the parts of a repository are, told by git at once or one by one."""

import os
from pathlib import Path

import pytest

from hexscan.errors import SourceError
from hexscan.sources.git import repository as module
from hexscan.sources.git.repository import find
from tests.support.histories import Repo


def places(directory: Path) -> list[Path]:
    """Make repositories of each kind, and return directories in them."""
    repo = Repo(directory / "work tree")
    repo.commit("d/a", "x")
    repo.git("worktree", "add", "--quiet", "../linked")
    Repo(directory / "bare", "--bare")
    Repo(directory / "of\ntwo lines").commit("d/a", "x")
    Repo(directory / "bare, of\ntwo lines", "--bare")
    roots = [directory / "work tree", directory / "linked", directory / "of\ntwo lines"]
    bare = [directory / "bare", directory / "bare, of\ntwo lines"]
    return [*roots, *(root / "d" for root in roots), roots[0] / ".git", *bare]


def test_it_is_the_same_told_at_once_and_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = [os.fsencode(place) for place in places(tmp_path)]
    told = [find(place) for place in every]
    monkeypatch.setattr(module, "_facts_at_once", lambda _command, _directory: None)
    assert told == [find(place) for place in every]
    work_trees = [os.fsencode(place) for place in places(tmp_path / "again")[:3]]
    assert [find(place).work_tree for place in work_trees] == work_trees


def test_one_answer_is_all_that_most_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    ask = module._ask  # noqa: SLF001 - that it is spared is what this is about

    def noted(path: bytes, directory: bytes, top: bytes, question: str) -> bytes:
        asked.append(question)
        return ask(path, directory, top, question)

    monkeypatch.setattr(module, "_ask", noted)
    repo = Repo(tmp_path / "r")
    assert find(repo.path).work_tree == repo.path
    bare = Repo(tmp_path / "b", "--bare")
    assert find(bare.path).work_tree is None
    assert asked == []


def test_where_there_is_none_it_is_said_in_the_words_of_git(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="not a git repository"):
        find(os.fsencode(tmp_path))
