"""Where settings are read: a working tree, or a trusted revision of it."""

import os
import subprocess
from pathlib import Path

import pytest

from hexscan.cli.settings import place
from hexscan.cli.settings.place import Place
from hexscan.cli.settings.root import root_of
from hexscan.errors import ConfigError


def git(directory: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", directory, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "repository"
    (top / "lib").mkdir(parents=True)
    git(top, "init")
    (top / "settings").write_bytes(b"old\0\n")
    (top / "link").symlink_to("settings")
    git(top, "add", ".")
    git(top, "commit", "-m", "first")
    (top / "settings").write_text("new")
    return top


def test_the_root_is_the_top_of_the_work_tree(repository: Path) -> None:
    for path in (repository, repository / "lib", repository / "settings", repository / "missing"):
        assert root_of([str(path), "/elsewhere"]) == os.path.realpath(bytes(repository))


def test_without_git_the_root_is_the_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    assert root_of([str(tmp_path)]) == bytes(tmp_path)
    assert root_of([str(tmp_path / "file")]) == bytes(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert [root_of(paths) for paths in ([], ["-"], ["file"])] == [b"."] * 3


def test_a_working_tree_and_a_revision(repository: Path) -> None:
    assert Place(bytes(repository)).read("settings") == b"new"
    trusted = Place(bytes(repository), "main")
    assert trusted.read("settings") == b"old\0\n"
    assert trusted.read("missing") is None
    assert trusted.shown("settings") == "main:settings"


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "-h", "main:lib"])
def test_a_revision_that_is_none(repository: Path, revision: str) -> None:
    with pytest.raises(ConfigError, match="cannot be read") as caught:
        Place(bytes(repository), revision).read("settings")
    assert caught.value.hint


@pytest.mark.parametrize("name", ["../settings", "/settings"])
def test_a_file_outside_of_the_repository(repository: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="is not in the repository"):
        Place(bytes(repository), "main").read(name)


def test_a_link_in_a_revision_is_refused(repository: Path) -> None:
    with pytest.raises(ConfigError, match="no regular file"):
        Place(bytes(repository), "main").read("link")


def test_a_revision_without_a_repository(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no git repository"):
        Place(bytes(tmp_path), "main").read("settings")


def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Place(bytes(tmp_path))
    assert here.read("missing") is None
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "broken").symlink_to("missing")
    (tmp_path / "directory").mkdir()
    for name in ("fifo", "broken", "directory"):
        with pytest.raises(ConfigError) as caught:
            here.read(name)
        assert caught.value.path == str(tmp_path / name)
    (tmp_path / "large").write_bytes(b"12345")
    monkeypatch.setattr(place, "_MOST", 4)
    with pytest.raises(ConfigError, match="larger"):
        here.read("large")


def test_names_are_shown_from_the_current_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Place(bytes(tmp_path)).shown("x") == str(tmp_path / "x")
    monkeypatch.chdir(tmp_path)
    assert Place(bytes(tmp_path)).shown("x") == "x"
    assert Place(bytes(tmp_path)).shown("/x") == "/x"
