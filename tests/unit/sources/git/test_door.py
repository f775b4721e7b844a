import os
import stat
from pathlib import Path

import pytest

from hexscan.errors import SourceError
from hexscan.sources.git.door import Git
from tests.unit.sources.told import git, repository


def fake(directory: Path, body: str) -> str:
    """Write a ``git`` that does what ``body`` says, and return the PATH that finds it first."""
    path = directory / "git"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return f"{directory}:{os.environ['PATH']}"


def run(directory: Path, *arguments: str) -> list[bytes]:
    place = os.fsencode(directory)
    with Git(arguments, directory=place, top=place) as process:
        return [record for records in process.records() for record in records]


def test_records_are_cut_at_nul_bytes(tmp_path: Path) -> None:
    repository(tmp_path, "a", "b\nc")
    assert run(tmp_path, "ls-files", "-z") == [b"a", b"b\nc"]


def test_more_records_than_one_block_holds(tmp_path: Path) -> None:
    root = tmp_path / "r"
    names = [f"{'x' * 200}{number:04}" for number in range(1000)]
    repository(root, *names)
    assert run(root, "ls-files", "-z") == [name.encode() for name in names]


def test_a_failure_is_told_in_gits_last_words(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"\Anot a git repository[^\n]*\Z") as caught:
        run(tmp_path, "ls-files", "-z")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 3", "git ended with status 3"),
        ("echo odd >&2; exit 1", "odd"),
        ("echo 'fatal: one' >&2; echo 'more advice' >&2; exit 1", "one"),
        ("printf 'cut short'", "git ended with status 0"),
        ("printf '\\377' >&2; exit 1", "\udcff"),
    ],
)
def test_every_failure_has_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, words: str
) -> None:
    monkeypatch.setenv("PATH", fake(tmp_path, body))
    with pytest.raises(SourceError) as caught:
        run(tmp_path, "ls-files")
    assert str(caught.value) == words


def test_a_git_that_complains_at_length_does_not_stall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = r"head -c 300000 /dev/zero | tr '\0' '\n' >&2; printf 'a\0'"
    monkeypatch.setenv("PATH", fake(tmp_path, body))
    assert run(tmp_path, "ls-files") == [b"a"]


def test_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="git is not installed") as caught:
        run(tmp_path, "ls-files")
    assert "install git 2.30 or later" in caught.value.hint


def test_a_git_that_may_not_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "git").write_text("")
    (tmp_path / "git").chmod(stat.S_IRUSR)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="git cannot be started: permission denied"):
        run(tmp_path, "ls-files")


def test_leaving_early_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", fake(tmp_path, r"echo $$ >pid; printf 'a\0'; exec sleep 600"))
    monkeypatch.chdir(tmp_path)
    place = os.fsencode(tmp_path)
    with Git(["ls-files"], directory=place, top=place) as process:
        assert next(process.records()) == [b"a"]
        identity = int((tmp_path / "pid").read_text())
        os.kill(identity, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(identity, 0)


def test_the_repository_cannot_run_a_program(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", "a")
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\nprintf '/\\0'\n")
    spy.chmod(0o755)
    git(root, "config", "core.fsmonitor", str(spy))
    git(root, "config", "core.untrackedCache", "true")
    before = (root / ".git" / "index").read_bytes()
    assert run(root, "ls-files", "-z", "--others", "--cached") == [b"a"]
    assert not (tmp_path / "ran").exists()
    assert (root / ".git" / "index").read_bytes() == before
    git(root, "ls-files", "--others")
    assert (tmp_path / "ran").exists(), "the trap does not work"


def test_the_environment_is_safe_and_the_hooks_variables_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.setenv("GIT_INDEX_FILE", "/elsewhere/index")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("PATH", fake(tmp_path, "env | tr '\\n' '\\0'"))
    variables = dict(record.split(b"=", 1) for record in run(tmp_path, "x") if b"=" in record)
    assert b"GIT_DIR" not in variables
    assert b"GIT_INDEX_FILE" not in variables
    assert variables[b"LC_ALL"] == b"C"
    assert variables[b"GIT_OPTIONAL_LOCKS"] == b"0"
    assert variables[b"GIT_TERMINAL_PROMPT"] == b"0"
    assert variables[b"GIT_NO_LAZY_FETCH"] == b"1"
    assert variables[b"GIT_NO_REPLACE_OBJECTS"] == b"1"
    assert variables[b"GIT_CEILING_DIRECTORIES"] == os.fsencode(tmp_path.parent)
