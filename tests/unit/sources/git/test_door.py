import os
import stat
from pathlib import Path

import pytest

from hexscan.errors import SourceError
from hexscan.sources.git.door import Git, answer, is_new_enough, require_version, spawn
from hexscan.sources.git.safety import VERSION
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
        ("printf 'cut short'", "git broke off in the middle of a name"),
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


def test_replaced_objects_grafts_and_transports_are_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_GRAFT_FILE", "/elsewhere")
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "ext")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.setenv("PATH", fake(tmp_path, "env | tr '\\n' '\\0'"))
    for directory in (None, os.fsencode(tmp_path)):
        with Git(["x"], directory=directory) as process:
            records = [record for records in process.records() for record in records]
        variables = dict(record.split(b"=", 1) for record in records if b"=" in record)
        assert variables[b"GIT_GRAFT_FILE"] == os.fsencode(os.devnull)
        assert variables[b"GIT_ALLOW_PROTOCOL"] == b"-"
        assert variables.get(b"GIT_DIR") == (b"/elsewhere" if directory is None else None)
        assert b"GIT_CEILING_DIRECTORIES" not in variables


@pytest.mark.parametrize(
    ("words", "new_enough"),
    [
        (b"git version 2.30.0", True),
        (b"git version 2.39.5 (Apple Git-154)", True),
        (b"git version 3.0", True),
        (b"git version 2.47.1.windows.2", True),
        (b"git version 2.29.99", False),
        (b"git version 1.31", False),
        (b"git version 2", False),
        (b"git version x.y", False),
        (b"", False),
    ],
)
def test_versions(words: bytes, new_enough: bool) -> None:  # noqa: FBT001 - a table
    assert is_new_enough(words) is new_enough


def test_the_installed_git_is_new_enough() -> None:
    require_version()
    assert is_new_enough(answer(VERSION))


def test_the_version_is_asked_for_without_any_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", fake(tmp_path, 'echo "git version 2.20.1 $# $1"'))
    with pytest.raises(SourceError, match=r"\Agit version 2.20.1 1 --version is too old\Z"):
        require_version()


def test_a_spawned_git_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository(tmp_path / "r", "a"))
    name = git(tmp_path / "r", "rev-parse", "HEAD:a").strip()
    process, feed, output = spawn(("cat-file", "--batch"), feeds=True)
    os.write(feed, f"{name}\n".encode())
    os.close(feed)
    with os.fdopen(output, "rb") as stream:
        assert stream.read() == f"{name} blob 1\na\n".encode()
    assert os.waitpid(process, 0)[1] == 0


def open_files() -> list[str]:
    return sorted(path.name for path in Path("/dev/fd").iterdir())


def test_a_git_that_cannot_be_spawned_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    before = open_files()
    with pytest.raises(FileNotFoundError):
        spawn(("version",), feeds=True)
    assert open_files() == before
