"""Objects as git lists them: all of them, and each once."""

import os
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

import pytest

from hexscan.sources.git import families, objects, output, survey
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.objects import Listing
from hexscan.sources.git.repository import find
from tests.support.histories import Repo


def all_names(repo: Repo) -> Counter[str]:
    listed = repo.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    return Counter(listed.split())


def given_names(repo: Repo, *, ahead: bool = False) -> Counter[str]:
    listing = Listing(find(repo.path))
    with ExitStack() as running:
        if ahead:
            listing.begin(running)
        return names_in(listing)


def names_in(listing: Listing) -> Counter[str]:
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


@pytest.mark.parametrize("ahead", [False, True])
def test_all_objects_are_given_once(grown: Repo, *, ahead: bool) -> None:
    assert given_names(grown, ahead=ahead) == all_names(grown)


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("limit", ["_EARLY", "HELD"])
def test_limits_on_what_is_held_lose_nothing(
    grown: Repo, monkeypatch: pytest.MonkeyPatch, limit: str, *, ahead: bool
) -> None:
    monkeypatch.setattr(objects, limit, 2)
    monkeypatch.setattr(output, "_PIPE", 300)
    assert given_names(grown, ahead=ahead) == all_names(grown)


def test_objects_in_more_than_one_window_are_all_given(
    grown: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "BATCH_OBJECTS", 5)
    assert given_names(grown) == all_names(grown)


def test_a_listing_that_breaks_off_in_the_middle_of_a_line_is_taken_up(grown: Repo) -> None:
    """Whatever git was able to write to the file before it was ended, nothing is lost."""
    listing = Listing(find(grown.path))
    with ExitStack() as running:
        listing.begin(running)
        assert listing.ahead
        command, file = listing.ahead
        assert command.failure() is None
        whole = file.seek(0, 2)
        for length in (0, 1, whole // 2, whole - 1):
            copy = running.enter_context(nameless_file())
            copy.write(os.pread(file.fileno(), length, 0))
            copy.flush()
            ended = running.enter_context(listing.repository.git(("cat-file", "--no-such-option")))
            again = Listing(listing.repository, ahead=(ended, copy))
            assert names_in(again) == all_names(grown)


def test_only_what_is_known_to_be_small_is_listed_into_a_file(grown: Repo, tmp_path: Path) -> None:
    def fits(repo: Repo, most: int) -> bool:
        found = find(repo.path)
        with survey.ask(found) as asked:
            return survey.told(found, asked).holds_at_most(most)

    number = all_names(grown).total()
    assert fits(grown, number)
    assert not fits(grown, number - 1)
    borrower = Repo(tmp_path / "b")
    (borrower.root / ".git/objects/info/alternates").write_text(f"{grown.root}/.git/objects\n")
    assert not fits(borrower, number)


def test_commits_do_not_wait_for_the_rest(grown: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_EARLY", 2)
    monkeypatch.setattr(output, "_PIPE", 300)
    first, *others = Listing(find(grown.path)).batches()
    assert others
    assert set(first.kinds) <= {ord("c"), ord("g")}
