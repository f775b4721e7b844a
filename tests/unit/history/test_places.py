"""Where keys are in a history, when an earlier run has already been told."""

import os
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.finding import GitPlace, Report
from hexscan.history.run import scan_history
from hexscan.sources.git import appearances
from hexscan.sources.git.commits import Commits
from hexscan.sources.git.history import EVERYTHING, Narrowing
from hexscan.sources.git.reach import Refs
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1).reveal()
OTHER = random_key(2).reveal()


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Return a repository of which a branch brought a key in and took it out again."""
    repo = Repo(tmp_path / "r")
    repo.commit("a", "x")
    repo.commit("lib/k", KEY)
    repo.remove("lib/k")
    repo.commit("a", "y")
    return repo


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(cache_dir=str(tmp_path / "cache"))


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets the number of commits of each look through them."""
    numbers: list[int] = []
    dealt = Commits.dealt

    def noted(commits: Commits, *arguments: object) -> object:
        numbers.append(len(commits))
        return dealt(commits, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Commits, "dealt", noted)
    return numbers


@pytest.fixture
def walked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets the number of tips where each walk stops."""
    numbers: list[int] = []
    walk = Refs._walk  # noqa: SLF001 - what it is spared is what this is about

    def noted(refs: Refs, wanted: set[bytes], without: Collection[bytes]) -> object:
        numbers.append(len(without))
        return walk(refs, wanted, without)

    monkeypatch.setattr(Refs, "_walk", noted)
    return numbers


def scan(path: bytes, config: Config, narrowing: Narrowing = EVERYTHING) -> Report:
    report = scan_history(path, config, narrowing=narrowing, allow_partial=True)
    return replace(report, bytes=0, seconds=0.0, known=0, notes=())


def same(repo: Repo, config: Config) -> list[GitPlace]:
    """Scan with and without the memory: both tell the same. Return the places of what is found."""
    with_it = scan(repo.path, config)
    assert with_it == scan(repo.path, replace(config, cache_dir=None))
    return [finding.git for finding in with_it.findings if finding.git]


def test_only_new_commits_are_looked_through(repo: Repo, config: Config, seen: list[int]) -> None:
    scan(repo.path, config)
    scan(repo.path, config)
    repo.commit("a", "z")
    scan(repo.path, config)
    repo.commit("b", KEY)
    scan(repo.path, config)
    scan(repo.path, config)
    # Two touched the key, and then a third one.
    assert seen == [4, 2, 3, 3, 3]


def test_after_another_key_all_are_looked_through(
    repo: Repo, config: Config, seen: list[int]
) -> None:
    scan(repo.path, config)
    repo.commit("b", OTHER)
    assert len(same(repo, config)) == 2
    assert seen == [4, 5, 5]


def test_a_commit_that_is_not_clean_itself_is_looked_at_once(
    repo: Repo, config: Config, seen: list[int]
) -> None:
    repo.commit("b", OTHER, message=OTHER)
    scan(repo.path, config)
    same(repo, config)
    assert seen == [5, 3, 5]


def test_the_walk_stops_where_it_has_been(repo: Repo, config: Config, walked: list[int]) -> None:
    repo.git("branch", "other")
    scan(repo.path, config)
    scan(repo.path, config)
    repo.commit("a", "z")
    assert [place.refs for place in same(repo, config)] == [("refs/heads/main", "refs/heads/other")]
    assert walked == [0, 1, 1, 0]


def amend(repo: Repo) -> None:
    repo.git("reset", "--quiet", "--hard", "HEAD~3")


def amend_and_forget(repo: Repo) -> None:
    amend(repo)
    repo.git("reflog", "expire", "--expire=now", "--all")


def forget_and_prune(repo: Repo) -> None:
    amend_and_forget(repo)
    repo.git("prune", "--expire=now")


def branch_off(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~2")
    repo.commit("c", "x")


def branch_off_before(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "-b", "side", "HEAD~3")
    repo.commit("c", "x")


def publish(repo: Repo) -> None:
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD~1")


def merge(repo: Repo) -> None:
    branch_off(repo)
    repo.git("checkout", "--quiet", "main")
    repo.git("merge", "--quiet", "side")


def move(repo: Repo) -> None:
    repo.commit("elsewhere/k", KEY)
    repo.remove("elsewhere/k")


def tag_a_blob(repo: Repo) -> None:
    repo.git("tag", "blob", "HEAD:a")


def remove_the_branch(repo: Repo) -> None:
    repo.git("checkout", "--quiet", "--orphan", "new")
    repo.git("branch", "--delete", "--force", "main")


@pytest.mark.parametrize(
    ("change", "reach"),
    [
        (amend, "reflog"),
        (amend_and_forget, "unreachable"),
        (forget_and_prune, None),
        (branch_off, "local"),
        (branch_off_before, "local"),
        (publish, "published"),
        (merge, "local"),
        (move, "local"),
        (tag_a_blob, "local"),
        (remove_the_branch, "reflog"),
    ],
)
def test_what_has_changed_since(
    repo: Repo, config: Config, change: Callable[[Repo], None], reach: str | None
) -> None:
    for _ in range(2):
        assert [place.reach for place in same(repo, config)] == ["local"]
    change(repo)
    for _ in range(2):
        assert [place.reach for place in same(repo, config)] == ([reach] if reach else [])


def test_a_commit_that_another_scan_has_read(repo: Repo, config: Config, seen: list[int]) -> None:
    """It is clean, and known to be so, and yet nobody has looked whether it took the key out."""
    repo.commit("b", KEY)
    scan(repo.path, config)
    removed = repo.remove("b")
    scan(repo.path, config, Narrowing(range="HEAD~1..HEAD"))
    (place,) = same(repo, config)
    assert (place.in_head, place.removed_in is not None) == (False, True)
    assert removed == repo.head()
    assert seen[-2:] == [6, 6]


def test_a_clone_that_is_deepened(
    repo: Repo, config: Config, tmp_path: Path, seen: list[int]
) -> None:
    """What took the key out is a commit without parents at first, which takes out nothing."""
    clone = tmp_path / "clone"
    source = f"file://{repo.root}"
    repo.commit("b", KEY)
    repo.remove("b")
    repo.git("clone", "--quiet", "--bare", "--depth=4", source, os.fspath(clone))
    for more in (False, True):
        if more:
            repo.git("-C", os.fspath(clone), "fetch", "--quiet", "--unshallow", "origin")
        for _ in range(2):
            kept = scan(os.fsencode(clone), config)
            assert kept == scan(os.fsencode(clone), replace(config, cache_dir=None))
    assert seen == [*[4] * 4, *[6] * 2, 4, 6]


def test_a_partial_clone_that_has_all_trees(
    repo: Repo, config: Config, tmp_path: Path, seen: list[int], walked: list[int]
) -> None:
    clone = tmp_path / "clone"
    repo.commit("large", "x" * 5000)
    repo.git("config", "uploadpack.allowFilter", "true")
    source = f"file://{repo.root}"
    options = ("--quiet", "--bare", "--no-local", "--filter=blob:limit=1k")
    repo.git("clone", *options, source, os.fspath(clone))
    first = scan(os.fsencode(clone), config)
    assert scan(os.fsencode(clone), config) == first
    (warning,) = first.warnings
    assert "is a partial clone" in warning
    assert (len(first.findings), seen, walked) == (1, [5, 2], [0, 1])


def test_what_git_did_not_come_to_the_end_of_is_asked_again(
    repo: Repo, config: Config, seen: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(appearances, "_DIFF", ("diff-tree", "--no-such-option"))
        assert "may be wrong" in scan(repo.path, config).warnings[0]
    same(repo, config)
    assert seen == [4, 4, 4]
