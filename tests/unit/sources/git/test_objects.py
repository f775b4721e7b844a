"""Objects as git lists them: all of them, and each once."""

from collections import Counter
from pathlib import Path

import pytest

from hexscan.sources.git import families, objects, output
from hexscan.sources.git.objects import Listing
from hexscan.sources.git.repository import find
from tests.support.histories import Repo


def all_names(repo: Repo) -> Counter[str]:
    listed = repo.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    return Counter(listed.split())


def given_names(repo: Repo) -> Counter[str]:
    listing = Listing(find(repo.path))
    names = Counter(line for batch in listing.batches() for line in batch.lines().split("\n"))
    assert listing.failures == []
    return names


@pytest.fixture
def grown(tmp_path: Path) -> Repo:
    """Return a repository with deltas in a pack, and loose objects."""
    repo = Repo(tmp_path / "r")
    for number in range(12):
        lines = "".join(f"line {line}\n" for line in range(200 + number))
        repo.commit(f"file{number % 3}", lines)
    repo.git("tag", "--annotate", "v1", "--message", "one")
    repo.git("repack", "-a", "-d", "--quiet")
    repo.commit("late", "loose")
    return repo


def test_all_objects_are_given_once(grown: Repo) -> None:
    assert given_names(grown) == all_names(grown)


@pytest.mark.parametrize("limit", ["_EARLY", "_HELD"])
def test_limits_on_what_is_held_lose_nothing(
    grown: Repo, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(objects, limit, 2)
    monkeypatch.setattr(output, "_PIPE", 300)
    assert given_names(grown) == all_names(grown)


def test_objects_in_more_than_one_window_are_all_given(
    grown: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "BATCH_OBJECTS", 5)
    assert given_names(grown) == all_names(grown)


def test_commits_do_not_wait_for_the_rest(grown: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_EARLY", 2)
    monkeypatch.setattr(output, "_PIPE", 300)
    first, *others = Listing(find(grown.path)).batches()
    assert others
    assert set(first.kinds) <= {ord("c"), ord("g")}
