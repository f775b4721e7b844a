import os
from pathlib import Path

import pytest

from hexscan.errors import SourceError
from hexscan.sources.git.listing import Listing
from tests.unit.sources.told import plant, repository


def listed(directory: Path, top: Path) -> tuple[set[bytes], set[bytes]]:
    with Listing(os.fsencode(directory), os.fsencode(top)) as listing:
        names = {name for names in listing.names() for name in names}
        return names, set(listing.ignored())


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
