import os
from pathlib import Path

from hexscan.sources.git.top import top_of
from tests.unit.sources.told import git, repository


def top(directory: Path) -> bytes | None:
    return top_of(os.fsencode(directory))


def test_the_top_is_the_nearest_directory_with_a_git(tmp_path: Path) -> None:
    outer = repository(tmp_path / "outer", "d/e/f")
    inner = repository(outer / "d" / "inner", "g/h")
    assert top(outer) == os.fsencode(outer)
    assert top(outer / "d" / "e") == os.fsencode(outer)
    assert top(inner / "g") == os.fsencode(inner)
    git(outer, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    assert (tmp_path / "linked" / ".git").is_file()
    assert top(tmp_path / "linked" / "d") == os.fsencode(tmp_path / "linked")


def test_outside_of_git_and_inside_its_own_directory_there_is_no_top(tmp_path: Path) -> None:
    repository(tmp_path / "r")
    assert top(tmp_path) is None
    assert top(tmp_path / "r" / ".git") is None
    assert top(tmp_path / "r" / ".git" / "refs") is None
