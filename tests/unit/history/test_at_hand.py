"""Whether a key of the history is still in the index and in the working tree."""

import os
import subprocess
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.finding import GitPlace
from hexscan.history.run import scan_history
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


def place(path: bytes) -> GitPlace:
    (found,) = [one for one in scan_history(path, Config()).findings if one.git]
    assert found.git is not None
    return found.git


def at_hand(path: bytes) -> tuple[bool, bool | None, bool | None]:
    git = place(path)
    return git.in_head, git.in_index, git.in_worktree


def test_the_three_places_one_after_the_other(repo: Repo) -> None:
    repo.commit("d/a", f"x {KEY.reveal()}\n")
    assert at_hand(repo.path) == (True, True, True)
    repo.write("d/a", "clean\n")
    assert at_hand(repo.path) == (True, True, False)
    repo.git("add", "--all")
    assert at_hand(repo.path) == (True, False, False)
    repo.git("commit", "--quiet", "--message", "clean")
    assert at_hand(repo.path) == (False, False, False)
    # Not the same content, but the same key at the same path.
    repo.write("d/a", f"other words, {KEY.reveal().upper()}\n")
    assert at_hand(repo.path) == (False, False, True)
    (repo.root / "d" / "a").unlink()
    assert at_hand(repo.path) == (False, False, False)


def test_in_a_name(repo: Repo) -> None:
    repo.commit(f"d/{KEY.reveal()}/x", "x")
    assert at_hand(repo.path) == (True, True, True)
    repo.remove(f"d/{KEY.reveal()}/x")
    assert at_hand(repo.path) == (False, False, False)
    (repo.root / "d" / KEY.reveal()).mkdir(parents=True)
    assert at_hand(repo.path) == (False, False, True)


def test_a_link_s_target_and_no_way_through_a_link(repo: Repo, tmp_path: Path) -> None:
    (repo.root / "link").symlink_to(KEY.reveal())
    repo.commit("a", "x")
    assert at_hand(repo.path) == (True, True, True)
    (repo.root / "link").unlink()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "x").write_text(KEY.reveal())
    repo.git("rm", "--quiet", "--cached", "link")
    repo.git("commit", "--quiet", "--message", "m")
    (repo.root / "link").symlink_to("../out/x")
    assert at_hand(repo.path) == (False, False, False)


def test_a_directory_that_has_become_a_link_is_not_gone_through(repo: Repo, tmp_path: Path) -> None:
    repo.commit("d/x", KEY.reveal())
    (repo.root / "d").rename(tmp_path / "d")
    (repo.root / "d").symlink_to("../d")
    assert at_hand(repo.path) == (True, True, False)


def test_a_bare_repository_has_none(repo: Repo, tmp_path: Path) -> None:
    repo.commit("a", KEY.reveal())
    repo.git("clone", "--quiet", "--bare", ".", "../bare")
    bare = place(os.fsencode(tmp_path / "bare"))
    assert (bare.in_head, bare.in_worktree, bare.bare) == (True, None, True)
    assert not place(repo.path).bare


def test_an_orphan_is_at_no_path(repo: Repo) -> None:
    repo.orphan(KEY.reveal())
    assert at_hand(repo.path) == (False, False, False)


def test_a_file_that_cannot_be_read_is_not_said_to_have_it(repo: Repo) -> None:
    repo.commit("a", KEY.reveal())
    (repo.root / "a").unlink()
    os.mkfifo(repo.root / "a")
    assert at_hand(repo.path) == (True, True, False)


def test_each_linked_work_tree_has_its_own(repo: Repo, tmp_path: Path) -> None:
    repo.commit("a", KEY.reveal())
    repo.git("worktree", "add", "--quiet", "../linked")
    (tmp_path / "linked" / "a").write_text("x")
    subprocess.run(["git", "add", "a"], cwd=tmp_path / "linked", check=True)
    assert at_hand(os.fsencode(tmp_path / "linked")) == (True, False, False)
    assert at_hand(repo.path) == (True, True, True)
