"""The memory of clean objects as users meet it: processes of their own, and disks that fail."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "r")
    made.commit("a", "x")
    return made


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def start(
    repo: Repo,
    *arguments: str,
    environment: Mapping[str, str | None],
    program: Sequence[str] = ("-m", "hexscan"),
) -> "subprocess.Popen[str]":
    variables = {**os.environ, **environment}
    return subprocess.Popen(
        [sys.executable, *program, "history", *arguments],
        cwd=repo.root,
        env={name: value for name, value in variables.items() if value is not None},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def history(
    repo: Repo,
    *arguments: str,
    cache: Path | None = None,
    program: Sequence[str] = ("-m", "hexscan"),
) -> "subprocess.CompletedProcess[str]":
    places = {"HEXSCAN_CACHE_DIR": None if cache is None else str(cache)}
    process = start(repo, *arguments, environment=places, program=program)
    out, err = process.communicate()
    assert err == ""
    return subprocess.CompletedProcess((), process.returncode, out, err)


def known(repo: Repo, *arguments: str, cache: Path | None = None, **environment: str | None) -> int:
    variables = {"HEXSCAN_CACHE_DIR": None if cache is None else str(cache), **environment}
    process = start(repo, *arguments, "--format", "json", environment=variables)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    count = json.loads(out)["summary"]["known"]
    assert isinstance(count, int)
    return count


def test_the_second_run_says_what_it_knew(repo: Repo, cache: Path) -> None:
    assert "known" not in history(repo, cache=cache).stdout
    assert "; 3 objects known to be clean). Complete." in history(repo, cache=cache).stdout
    repo.commit("b", KEY.reveal())
    found = history(repo, cache=cache)
    assert (found.returncode, KEY.preview in found.stdout) == (1, True)


def test_where_it_is_kept(repo: Repo, tmp_path: Path) -> None:
    xdg, home = tmp_path / "xdg", tmp_path / "home"
    for variables, place in (
        ({"XDG_CACHE_HOME": str(xdg), "HOME": str(home)}, xdg / "hexscan"),
        ({"XDG_CACHE_HOME": None, "HOME": str(home)}, home / ".cache/hexscan"),
        ({"XDG_CACHE_HOME": "relative", "HOME": str(home)}, None),
    ):
        known(repo, **variables)
        if place is not None:
            assert [file.suffix for file in place.iterdir()] == [".clean"]
    assert not (repo.root / "relative").exists()
    named = tmp_path / "named"
    known(repo, "--cache-dir", str(named), XDG_CACHE_HOME=str(xdg))
    assert named.is_dir()


def test_no_cache_neither_reads_nor_writes(repo: Repo, cache: Path) -> None:
    assert known(repo, "--no-cache", cache=cache) == 0
    assert known(repo, cache=cache, HEXSCAN_NO_CACHE="1") == 0
    assert not cache.exists()
    assert known(repo, cache=cache) == 0
    assert known(repo, "--no-cache", cache=cache) == 0
    assert known(repo, cache=cache) == 3


def test_a_file_of_the_repository_has_no_say(repo: Repo, cache: Path) -> None:
    for setting in ("no-cache = true", 'cache-dir = "/tmp"'):
        repo.write(".hexscan.toml", f"{setting}\n")
        process = start(repo, environment={"HEXSCAN_CACHE_DIR": str(cache)})
        _, err = process.communicate()
        assert process.returncode == 2
        assert "setting" in err


def test_two_runs_at_once(repo: Repo, cache: Path) -> None:
    for number in range(50):
        repo.orphan(f"orphan {number}")
    runs = [
        start(repo, "--format", "json", environment={"HEXSCAN_CACHE_DIR": str(cache)})
        for _ in range(4)
    ]
    for run in runs:
        out, err = run.communicate()
        assert (run.returncode, err) == (0, "")
        assert json.loads(out)["summary"]["objects"] == 53
    assert len(list(cache.iterdir())) == 1
    assert known(repo, cache=cache) == 53


# A disk that is full when the memory is written, and not before: git's answers need room, too.
FULL = """
import resource, sys
from hexscan.memory import memory
write = memory.write
def full(*arguments):
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
    write(*arguments)
memory.write = full
from hexscan.cli.main import main
main()
"""


def test_a_full_disk(repo: Repo, cache: Path) -> None:
    done = history(repo, "--verbose", cache=cache, program=("-c", FULL))
    assert done.returncode == 0
    assert "note: no memory of clean objects is kept: file too large\n" in done.stdout
    assert list(cache.iterdir()) == []
    assert "note" not in history(repo, "--verbose", cache=cache).stdout
    assert known(repo, cache=cache) == 3


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_directory_that_is_read_only(repo: Repo, cache: Path) -> None:
    cache.mkdir(0o500)
    assert "permission denied" in history(repo, "--verbose", cache=cache).stdout


def test_a_directory_that_is_none(repo: Repo, cache: Path) -> None:
    cache.touch()
    done = history(repo, "--verbose", cache=cache)
    assert done.returncode == 0
    assert "note: " in done.stdout
    quiet = history(repo, cache=cache)
    assert (quiet.returncode, "note" in quiet.stdout) == (0, False)


def test_a_broken_file_is_said_with_verbose_only(repo: Repo, cache: Path) -> None:
    history(repo, cache=cache)
    (file,) = cache.iterdir()
    broken = file.read_bytes()[:-1]
    file.write_bytes(broken)
    assert "thrown away: it is not whole" in history(repo, "-v", cache=cache).stdout
    file.write_bytes(broken)
    assert "thrown away" not in history(repo, cache=cache).stdout
    assert known(repo, cache=cache) == 3


def test_files_of_the_working_tree_are_always_read(repo: Repo, cache: Path) -> None:
    history(repo, cache=cache)
    repo.write("a", KEY.reveal())
    done = subprocess.run(
        [sys.executable, "-m", "hexscan"],
        cwd=repo.root,
        env={**os.environ, "HEXSCAN_CACHE_DIR": str(cache)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
