"""The commands as plain hooks of git, written as the README shows them."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import checkout
from tests.support.keys import random_key
from tests.support.repositories import git, repository

KEY = random_key().reveal()
README = (checkout.ROOT / "README.md").read_text(encoding="utf-8")
HOOKS = dict(
    re.findall(r"^# \.git/hooks/(\S+)\n(.*?)(?=^#|^```)", README, re.MULTILINE | re.DOTALL)
)


class Repository:
    """A repository with the three hooks, and a bare one that it pushes to."""

    def __init__(self, folder: Path, hexscan: Path) -> None:
        self.root = repository(folder / "r")
        self.hexscan = hexscan
        self.environment = {**os.environ, "PATH": f"{hexscan.parent}:{os.environ['PATH']}"}
        git(folder, "init", "--quiet", "--bare", "remote")
        git(self.root, "remote", "add", "origin", "../remote")
        for name, body in HOOKS.items():
            hook = self.root / ".git" / "hooks" / name
            hook.parent.mkdir(exist_ok=True)
            hook.write_text(f"#!/bin/sh\n{body}")
            hook.chmod(0o755)

    def git(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**self.environment, **variables},
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert KEY not in done.stdout
        return done

    def write(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text, encoding="utf-8")
        self.passes("add", path)

    def passes(self, *arguments: str, **variables: str) -> str:
        done = self.git(*arguments, **variables)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def is_refused(self, *arguments: str, **variables: str) -> str:
        done = self.git(*arguments, **variables)
        assert done.returncode == 1, done.stdout
        assert random_key().preview in done.stdout
        return done.stdout


@pytest.fixture
def repo(tmp_path: Path, hexscan_command: Path) -> Repository:
    return Repository(tmp_path, hexscan_command)


def test_the_readme_shows_three_hooks() -> None:
    assert sorted(HOOKS) == ["commit-msg", "pre-commit", "pre-push"]


def test_a_clean_commit_and_push_say_nothing_of_hexscan(repo: Repository) -> None:
    repo.write("a", "clean\n")
    assert repo.passes("commit", "--quiet", "--message", "clean") == ""
    repo.passes("push", "--quiet", "origin", "HEAD:main")
    assert repo.passes("push", "origin", "HEAD:main").strip() == "Everything up-to-date"


def test_a_staged_key_is_refused(repo: Repository) -> None:
    repo.write("lib/a.ex", f"@key {KEY}\n")
    assert "lib/a.ex:1:6" in repo.is_refused("commit", "--message", "leak")
    # It is not in the index any more, though it is in the file.
    (repo.root / "lib/a.ex").write_text("clean")
    repo.passes("add", "lib/a.ex")
    (repo.root / "lib/a.ex").write_text(KEY)
    repo.passes("commit", "--quiet", "--message", "clean")


def test_a_commit_of_one_file_has_an_index_of_its_own(repo: Repository) -> None:
    repo.write("a", "a\n")
    repo.write("b", "b\n")
    repo.passes("commit", "--quiet", "--message", "clean")
    repo.write("a", KEY)
    (repo.root / "b").write_text("more")
    repo.passes("commit", "--quiet", "--message", "only b", "b")
    (repo.root / "b").write_text(KEY)
    repo.passes("reset", "--quiet", "--hard")
    (repo.root / "b").write_text(KEY)
    assert "b:1:1" in repo.is_refused("commit", "--message", "only b", "b")
    assert "b:1:1" in repo.is_refused("commit", "--message", "all", "--all")


def test_a_commit_in_a_linked_work_tree_and_from_a_subdirectory(repo: Repository) -> None:
    repo.write("d/a", "a\n")
    repo.passes("commit", "--quiet", "--message", "clean")
    repo.passes("worktree", "add", "--quiet", "../linked")
    (repo.root.parent / "linked" / "d" / "x").write_text(KEY)
    repo.passes("-C", "../linked/d", "add", "x")
    assert "d/x:1:1" in repo.is_refused("-C", "../linked/d", "commit", "--message", "leak")


def test_a_key_in_the_message_is_refused(repo: Repository, tmp_path: Path) -> None:
    repo.write("a", "clean\n")
    repo.is_refused("commit", "--message", f"my key is {KEY}")
    # Without an editor git keeps comments.
    repo.is_refused("commit", "--message", f"words\n\n# {KEY}")
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\n{{ echo words; echo "# {KEY}"; }} >"$1"\n')
    editor.chmod(0o755)
    repo.passes("commit", "--quiet", GIT_EDITOR=os.fspath(editor))
    assert repo.passes("log", "--format=%B") == "words\n\n"


def test_the_diff_below_the_scissors_is_no_part_of_the_message(
    repo: Repository, tmp_path: Path
) -> None:
    repo.write("a", f"{KEY}\n")
    repo.passes("commit", "--quiet", "--no-verify", "--message", "an old leak")
    repo.write("a", "clean\n")
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho words | cat - "$1" >new && mv new "$1"\n')
    editor.chmod(0o755)
    repo.passes("commit", "--quiet", "--verbose", GIT_EDITOR=os.fspath(editor))
    assert repo.passes("log", "-1", "--format=%B") == "words\n\n"


def test_a_push_is_refused_with_everything_that_it_would_publish(repo: Repository) -> None:
    repo.write("a", "clean\n")
    repo.passes("commit", "--quiet", "--message", "clean")
    repo.passes("push", "--quiet", "origin", "HEAD:main")
    repo.write("a", f"{KEY}\n")
    repo.passes("commit", "--quiet", "--no-verify", "--message", "leak")
    repo.write("a", "clean again\n")
    repo.passes("commit", "--quiet", "--message", "took it out")
    assert "a:1:1" in repo.is_refused("push", "origin", "HEAD:main")
    assert "a:1:1" in repo.is_refused("push", "origin", "HEAD:refs/heads/new")
    repo.passes("push", "--quiet", "origin", "HEAD~2:refs/heads/new")
    repo.passes("push", "--quiet", "origin", ":refs/heads/new")
    repo.passes("reset", "--quiet", "--hard", "HEAD~2")
    repo.passes("commit", "--quiet", "--amend", "--message", "another")
    repo.passes("push", "--quiet", "--force", "origin", "HEAD:main")
    there = repo.passes("ls-remote", "--refs", "origin").split()
    assert there == [repo.passes("rev-parse", "HEAD").strip(), "refs/heads/main"]


def test_a_push_of_a_tag_and_of_several_refs(repo: Repository) -> None:
    repo.write("a", "clean\n")
    repo.passes("commit", "--quiet", "--message", "clean")
    repo.passes("push", "--quiet", "origin", "HEAD:main")
    repo.passes("tag", "--annotate", "--message", f"release {KEY}", "v1")
    repo.is_refused("push", "origin", "v1")
    repo.passes("branch", "side")
    repo.is_refused("push", "origin", "side", "main", "v1")
    assert repo.passes("ls-remote", "--refs", "origin").split()[1::2] == ["refs/heads/main"]
    repo.passes("push", "--quiet", "origin", "side", "main")
    assert repo.passes("ls-remote", "--refs", "origin").split()[1::2] == [
        "refs/heads/main",
        "refs/heads/side",
    ]


def test_by_hand_in_a_range(repo: Repository) -> None:
    repo.write("a", f"{KEY}\n")
    repo.passes("commit", "--quiet", "--no-verify", "--message", "leak")
    done = subprocess.run(
        [repo.hexscan, "range", "HEAD"], cwd=repo.root, check=False, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "a:1:1" in done.stdout


def test_bad_calls_end_with_2_and_one_line(tmp_path: Path, hexscan_command: Path) -> None:
    for arguments in (
        ["staged"],
        ["staged", "missing"],
        ["range", "HEAD"],
        ["range"],
        ["range", "--exclude", "x", "HEAD"],
        ["commit-msg"],
    ):
        done = subprocess.run(
            [hexscan_command, *arguments],
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "GIT_CEILING_DIRECTORIES": os.fspath(tmp_path.parent)},
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1
