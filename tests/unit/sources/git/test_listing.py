import os
from pathlib import Path

import pytest

from hexscan.errors import SourceError
from hexscan.sources.git.listing import Listing, top_of
from tests.unit.sources.told import git, plant, repository


def listed(directory: Path, top: Path) -> tuple[set[bytes], set[bytes]]:
    with Listing(os.fsencode(directory), os.fsencode(top)) as listing:
        names = {name for names in listing.names() for name in names}
        return names, set(listing.ignored())


def top(directory: Path) -> bytes | None:
    return top_of(os.fsencode(directory))


def test_names_and_what_is_ignored(tmp_path: Path) -> None:
    repository(tmp_path, "a", "d/b")
    plant(tmp_path, "new", "x.log", "build/y", "build/z", "d/x.log")
    (tmp_path / ".gitignore").write_text("*.log\nbuild/\n")
    assert listed(tmp_path, tmp_path) == (
        {b".gitignore", b"a", b"d/b", b"new"},
        {b"build/", b"d/x.log", b"x.log"},
    )
    assert listed(tmp_path / "d", tmp_path) == ({b"b"}, {b"x.log"})


def test_gits_own_directory_is_not_listed(tmp_path: Path) -> None:
    repository(tmp_path)
    assert listed(tmp_path, tmp_path) == (set(), set())


def test_a_listing_without_trouble_has_nothing_to_tell(tmp_path: Path) -> None:
    repository(tmp_path, "a")
    with Listing(os.fsencode(tmp_path), os.fsencode(tmp_path)) as listing:
        assert list(listing.names()) == [[b"a"]]
        assert list(listing.unreadable()) == []
        assert list(listing.warnings()) == []


def test_leaving_before_the_end_is_quiet(tmp_path: Path) -> None:
    repository(tmp_path, "a")
    with Listing(os.fsencode(tmp_path), os.fsencode(tmp_path)) as listing:
        names = listing.names()
    with pytest.raises(ValueError, match="closed"):
        next(names)


def test_no_repository_fails_before_the_first_name(tmp_path: Path) -> None:
    place = os.fsencode(tmp_path)
    with Listing(place, place) as listing, pytest.raises(SourceError):
        next(listing.names())


def test_without_git_entering_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    place = os.fsencode(tmp_path)
    with pytest.raises(SourceError, match="not installed"), Listing(place, place):
        pass


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
