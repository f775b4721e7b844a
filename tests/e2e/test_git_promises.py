"""Promises about git that a person would rely on, each tried with real repositories."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.keys import random_key
from tests.support.repositories import commit, git, repository, stage

KEY = random_key(1).reveal()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = repository(tmp_path / "r", "--initial-branch=main")
    git(root, "config", "user.name", "A")
    git(root, "config", "user.email", "a@example.org")
    stage(root, "clean", b"nothing\n")
    commit(root)
    return root


def hexscan(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "hexscan", *arguments],
        cwd=root,
        capture_output=True,
        check=False,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
    )
    assert KEY[8:40] not in done.stdout + done.stderr
    return done


@pytest.mark.parametrize("format_", ["text", "json", "sarif", "gitlab", "html", "junit"])
def test_a_key_in_a_ref_s_name_is_masked_wherever_refs_are_told(root: Path, format_: str) -> None:
    stage(root, "leak", KEY.encode())
    commit(root)
    git(root, "branch", f"feat-{KEY}")
    git(root, "tag", f"tag-{KEY}")
    for verb in (("range", "HEAD"), ("history",)):
        assert hexscan(root, *verb, "--format", format_).returncode == 1


def test_a_judgement_of_one_path_does_not_cover_an_object(root: Path) -> None:
    stage(root, "fixture", KEY.encode())
    assert hexscan(root, "baseline", "create", "--in-file", "--reason", "test").returncode == 0
    stage(root, "real", KEY.encode())
    git(root, "add", ".")
    commit(root)
    assert hexscan(root, "scan", ".").returncode == 1
    assert hexscan(root, "range", "HEAD").returncode == 1
    assert hexscan(root, "history").returncode == 1


def test_a_push_by_hand_reads_what_would_be_pushed(root: Path, tmp_path: Path) -> None:
    git(root, "init", "--quiet", "--bare", str(tmp_path / "remote"))
    git(root, "remote", "add", "origin", str(tmp_path / "remote"))
    stage(root, "leak", KEY.encode())
    commit(root)
    assert hexscan(root, "push", "origin").returncode == 1


def test_a_key_in_the_name_of_a_pushed_ref_is_found(root: Path) -> None:
    head = git(root, "rev-parse", "HEAD")
    line = f"refs/heads/main {head} refs/heads/{KEY} {'0' * 40}\n"
    done = subprocess.run(
        [sys.executable, "-m", "hexscan", "push", "origin", "url", "--format", "json"],
        cwd=root,
        input=line.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert KEY.encode()[8:40] not in done.stdout + done.stderr
    assert [finding["place"] for finding in json.loads(done.stdout)["findings"]] == ["name"]


def test_a_date_that_is_none_reads_nothing_and_says_so(root: Path) -> None:
    done = hexscan(root, "history", "--since", "yestreday")
    assert done.returncode == 2
    assert "not a date" in done.stderr
    assert hexscan(root, "history", "--since", "2 weeks ago").returncode == 0
