"""What no command can read: one clear line, status 2, and no traceback."""

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.keys import random_key
from tests.support.repositories import commit, git, repository, stage

KEY = random_key().reveal()
ZEROS = "0" * 40
ONES = "1" * 40
CALLS = {
    "history": ["history"],
    "staged": ["staged"],
    "range": ["range", "HEAD"],
    "push": ["push", "origin", "url"],
}


class Place:
    """A directory to run hexscan in, with a repository in it unless a test removes it."""

    def __init__(self, folder: Path, hexscan: Path) -> None:
        self._hexscan = hexscan
        self.folder = folder
        self.root = repository(folder / "r")
        stage(self.root, "a", b"clean")
        commit(self.root)
        self.head = git(self.root, "rev-parse", "HEAD")

    def run(
        self, *arguments: str, variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self._hexscan, *arguments],
            cwd=self.root,
            env={
                **os.environ,
                "GIT_CEILING_DIRECTORIES": os.fspath(self.folder),
                **(variables or {}),
            },
            input=f"refs/heads/main {self.head} refs/heads/main {ZEROS}\n",
            check=False,
            capture_output=True,
            encoding="utf-8",
        )

    def complaint(self, *arguments: str, variables: Mapping[str, str] | None = None) -> str:
        """Return the one line on standard error of a call that must fail, and tell nothing."""
        done = self.run(*arguments, variables=variables)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("hexscan: ")
        return line

    def program(self, script: str) -> dict[str, str]:
        """Return variables with which ``git`` is this shell script and nothing else."""
        folder = self.folder / "bin"
        folder.mkdir()
        if script:
            (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
            (folder / "git").chmod(0o755)
        return {"PATH": os.fspath(folder)}


@pytest.fixture
def place(tmp_path: Path, hexscan_command: Path) -> Place:
    return Place(tmp_path, hexscan_command)


def remove_repository(place: Place) -> None:
    (place.root / ".git").rename(place.folder / "elsewhere")


def remove_head(place: Place) -> None:
    (place.root / ".git" / "HEAD").unlink()


def break_head(place: Place) -> None:
    (place.root / ".git" / "HEAD").write_text("nonsense\n")


def lead_nowhere(place: Place) -> None:
    remove_repository(place)
    (place.root / ".git").write_text("gitdir: ../nowhere\n")


def break_git_file(place: Place) -> None:
    remove_repository(place)
    (place.root / ".git").write_text("nonsense\n")


def be_of_the_future(place: Place) -> None:
    git(place.root, "config", "core.repositoryFormatVersion", "99")


def use_unknown_storage(place: Place) -> None:
    git(place.root, "config", "core.repositoryFormatVersion", "1")
    git(place.root, "config", "extensions.unknownToEverybody", "true")


def break_configuration(place: Place) -> None:
    (place.root / ".git" / "config").write_text("[core\n")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (remove_repository, "not a git repository"),
        (remove_head, "not a git repository"),
        (break_head, "not a git repository"),
        (lead_nowhere, "not a git repository"),
        (break_git_file, "invalid gitfile format"),
        (be_of_the_future, "Expected git repo version"),
        (use_unknown_storage, "unknown repository extension"),
        (break_configuration, "bad config line 1"),
    ],
)
def test_no_repository_that_git_can_read(
    place: Place, call: str, damage: Callable[[Place], None], words: str
) -> None:
    damage(place)
    assert words in place.complaint(*CALLS[call])


@pytest.mark.parametrize("call", CALLS)
def test_without_git(place: Place, call: str) -> None:
    line = place.complaint(*CALLS[call], variables=place.program(""))
    assert line == "hexscan: git is not installed (install git 2.30 or later)"


@pytest.mark.parametrize("call", CALLS)
def test_a_git_that_is_too_old(place: Place, call: str) -> None:
    variables = place.program("echo git version 2.29.3")
    line = place.complaint(*CALLS[call], variables=variables)
    assert line == "hexscan: git version 2.29.3 is too old (git 2.30 or later is needed)"


@pytest.mark.parametrize("call", CALLS)
def test_a_repository_of_somebody_else(place: Place, call: str) -> None:
    # Git's own switch to test this; the files belong to nobody else here.
    line = place.complaint(*CALLS[call], variables={"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert "dubious ownership" in line
    assert "git config --global --add safe.directory" in line


@pytest.mark.parametrize("call", ["history", "staged"])
@pytest.mark.parametrize("path", ["a", "missing"])
def test_a_path_that_is_no_directory(place: Place, call: str, path: str) -> None:
    assert path in place.complaint(call, path)


@pytest.mark.parametrize(
    "arguments",
    [
        ["range", "orgin/main..HEAD"],
        ["range", "HEAD", "^gone"],
        ["range", ONES],
        ["range", "--", "--all"],
        ["history", "--range", "gone..HEAD"],
        ["history", "--range", ONES],
        ["history", "--ref", "heads/gone"],
        ["history", "--since", "yestreday"],
    ],
)
def test_a_revision_a_ref_or_a_date_that_is_none(place: Place, arguments: list[str]) -> None:
    line = place.complaint(*arguments)
    assert "(" in line, "no hint"


def test_a_push_of_what_is_not_here(place: Place) -> None:
    place.head = ONES
    assert "bad object" in place.complaint("push", "origin", "url")


def lose_an_object(place: Place) -> None:
    name = git(place.root, "rev-parse", "HEAD:gone")
    (place.root / ".git" / "objects" / name[:2] / name[2:]).unlink()


def break_an_object(place: Place) -> None:
    name = git(place.root, "rev-parse", "HEAD:gone")
    file = place.root / ".git" / "objects" / name[:2] / name[2:]
    content = bytearray(file.read_bytes())
    content[-3] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)


def break_a_pack(place: Place) -> None:
    name = git(place.root, "rev-parse", "HEAD:gone")
    git(place.root, "repack", "-q", "-a", "-d")
    (pack,) = (place.root / ".git/objects/pack").glob("*.pack")
    listed = git(place.root, "show-index", stdin=pack.with_suffix(".idx").read_bytes())
    (offset,) = [int(line.split()[0]) for line in listed.splitlines() if name in line]
    content = bytearray(pack.read_bytes())
    content[offset + 40] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(content)


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("damage", [lose_an_object, break_an_object, break_a_pack])
def test_what_can_be_read_is_reported(
    place: Place, call: str, damage: Callable[[Place], None]
) -> None:
    stage(place.root, "gone", os.urandom(500))
    stage(place.root, "leak", KEY.encode())
    place.head = commit(place.root)
    damage(place)
    git(place.root, "update-ref", "--no-deref", "HEAD", f"{place.head}~1")
    git(place.root, "update-ref", "refs/heads/leak", place.head)
    arguments = ["range", place.head] if call == "range" else CALLS[call]
    done = place.run(*arguments)
    assert done.returncode == 2
    assert "leak:1:1: hex-api-key: Hex.pm API key: " in done.stdout
    assert "missing or corrupt" in done.stdout
    assert "NOT COMPLETE" in done.stdout
    assert done.stderr == ""
    assert KEY not in done.stdout
