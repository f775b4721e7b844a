"""husky and lefthook themselves, set up as the README shows them.

`make tools` installs both from npm into ``.tools/``.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import checkout
from tests.support.keys import random_key
from tests.support.repositories import git, repository

KEY = random_key().reveal()
PROGRAMS = checkout.ROOT / ".tools/node_modules/.bin"
README = (checkout.ROOT / "README.md").read_text(encoding="utf-8")
HOOKS = dict(
    re.findall(r"^# \.git/hooks/(\S+)\n(.*?)(?=^#|^```)", README, re.MULTILINE | re.DOTALL)
)
(LEFTHOOK,) = re.findall(r"```yaml\n(pre-commit:\n  jobs:.*?)```", README, re.DOTALL)


def set_up_husky(root: Path) -> list[str | Path]:
    for name, body in HOOKS.items():
        hook = root / ".husky" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(body, encoding="utf-8")
    return [PROGRAMS / "husky"]


def set_up_lefthook(root: Path) -> list[str | Path]:
    (root / "lefthook.yml").write_text(LEFTHOOK, encoding="utf-8")
    return [PROGRAMS / "lefthook", "install"]


class Checkout:
    """A repository whose hooks a manager has installed, and a bare one that it pushes to."""

    def __init__(self, folder: Path, manager: str, hexscan: Path) -> None:
        self.root = repository(folder / "r")
        git(folder, "init", "--quiet", "--bare", "remote")
        git(self.root, "remote", "add", "origin", "../remote")
        path = [os.fspath(hexscan.parent), os.fspath(PROGRAMS), os.environ["PATH"]]
        self.environment = {**os.environ, "PATH": os.pathsep.join(path)}
        set_up = {"husky": set_up_husky, "lefthook": set_up_lefthook}[manager]
        self.run(*set_up(self.root))

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        assert KEY not in done.stdout
        return done

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, encoding="utf-8")
        git(self.root, "add", name)

    def passes(self, *arguments: str) -> None:
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout

    def is_refused(self, *arguments: str) -> None:
        done = self.run("git", *arguments)
        assert done.returncode != 0
        assert f"hex-api-key: Hex.pm API key: {random_key().preview}" in done.stdout


@pytest.mark.parametrize("manager", ["husky", "lefthook"])
def test_commits_and_pushes_with_a_key_are_refused(
    tmp_path: Path, hexscan_command: Path, manager: str
) -> None:
    if not (PROGRAMS / manager).exists():
        pytest.skip(f"no {manager} in .tools/; `make tools` installs it")
    repo = Checkout(tmp_path, manager, hexscan_command)
    repo.write("a", "clean\n")
    repo.passes("commit", "--message", "clean")
    repo.passes("push", "origin", "main")
    repo.write("leak", f"{KEY}\n")
    repo.is_refused("commit", "--message", "leak")
    repo.write("leak", "clean\n")
    repo.is_refused("commit", "--message", f"my key is {KEY}")
    repo.write("leak", f"{KEY}\n")
    repo.passes("commit", "--no-verify", "--message", "leak")
    repo.write("leak", "clean again\n")
    repo.passes("commit", "--message", "took it out")
    repo.is_refused("push", "origin", "main")
    there = git(repo.root, "ls-remote", "origin", "refs/heads/main").split()[0]
    assert there == git(repo.root, "rev-parse", "main~2")
