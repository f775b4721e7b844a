"""Every kind of repository, by every command that reads git: a key in it is found, and named."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.keys import random_key
from tests.support.repositories import commit, git, repository

KEY = random_key().reveal()
NAME = b"d\xe9j\xe0 vu"  # no UTF-8
TOLD = "d\\xe9j\\xe0 vu:1:1: hex-api-key"


def plain(folder: Path) -> Path:
    return repository(folder / "r")


def sha_256(folder: Path) -> Path:
    return repository(folder / "r", "--object-format=sha256")


def with_reftable(folder: Path) -> Path:
    (folder / "r").mkdir()
    asked = ["git", "init", "--quiet", "--ref-format=reftable", os.fspath(folder / "r")]
    if subprocess.run(asked, check=False, capture_output=True).returncode:
        pytest.skip("this git has no reftable, which is part of 2.45")
    return folder / "r"


def linked_work_tree(folder: Path) -> Path:
    main = repository(folder / "main")
    commit(main)
    git(main, "worktree", "add", "--quiet", "../r")
    return folder / "r"


def work_tree_of_a_bare_one(folder: Path) -> Path:
    git(folder, "init", "--quiet", "--bare", "bare")
    main = repository(folder / "main")
    commit(main)
    git(main, "push", "--quiet", "../bare", "main")
    git(folder / "bare", "worktree", "add", "--quiet", "../r", "main")
    return folder / "r"


def submodule(folder: Path) -> Path:
    inner = repository(folder / "inner")
    commit(inner)
    outer = repository(folder / "outer")
    git(outer, "submodule", "--quiet", "add", "../inner", "r")
    return outer / "r"


def with_alternates(folder: Path) -> Path:
    lender = repository(folder / "lender")
    (lender / os.fsdecode(NAME)).write_text(f"{KEY}\n")
    git(lender, "hash-object", "-w", "--", os.fsdecode(NAME))
    commit(lender)
    git(folder, "clone", "--quiet", "--shared", "lender", "r")
    return folder / "r"


def git_directory_elsewhere(folder: Path) -> Path:
    return repository(folder / "r", f"--separate-git-dir={folder}/elsewhere")


KINDS = (
    plain,
    sha_256,
    with_reftable,
    linked_work_tree,
    work_tree_of_a_bare_one,
    submodule,
    with_alternates,
    git_directory_elsewhere,
)


def run(hexscan: Path, root: Path, *arguments: str, stdin: str = "") -> str:
    """Return what a call that finds the key prints."""
    done = subprocess.run(
        [hexscan, *arguments],
        cwd=root,
        input=stdin,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr == ""
    assert KEY not in done.stdout
    assert done.stdout.count("hex-api-key: ") == 1
    return done.stdout


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_found_before_and_after_the_commit(
    tmp_path: Path, hexscan_command: Path, kind: Callable[[Path], Path]
) -> None:
    root = kind(tmp_path)
    (root / os.fsdecode(NAME)).write_text(f"{KEY}\n")
    git(root, "add", "--all")
    assert TOLD in run(hexscan_command, root, "staged")
    assert TOLD in run(hexscan_command, root, "staged", "-v", ".")
    history = run(hexscan_command, root, "history")
    assert TOLD in history
    assert "in the index; in the working tree" in history
    assert "git restore --staged" in history
    assert "git rebase" not in history
    head = commit(root)
    line = f"refs/heads/main {head} refs/heads/main {'0' * len(head)}\n"
    for arguments, stdin in (
        (["range", "HEAD"], ""),
        (["push", "origin", "url"], line),
        (["history"], ""),
        (["history", "--range", "HEAD"], ""),
    ):
        told = run(hexscan_command, root, *arguments, stdin=stdin)
        assert TOLD in told
        assert f"commit {head[:12]}" in told


def test_a_bare_repository(tmp_path: Path, hexscan_command: Path) -> None:
    root = plain(tmp_path)
    (root / os.fsdecode(NAME)).write_text(f"{KEY}\n")
    git(root, "add", "--all")
    head = commit(root)
    git(root, "clone", "--quiet", "--bare", ".", "../bare")
    git(tmp_path / "bare", "remote", "remove", "origin")
    bare = tmp_path / "bare"
    line = f"refs/heads/main {head} refs/heads/main {'0' * len(head)}\n"
    told = run(hexscan_command, bare, "history")
    assert TOLD in told
    assert "which others may fetch from" in told
    assert "not published" not in told
    assert TOLD in run(hexscan_command, bare, "range", "HEAD")
    assert TOLD in run(hexscan_command, bare, "push", "origin", "url", stdin=line)
