"""A repository that tries to have its own programs run: nothing of it runs, nothing is written."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.keys import random_key
from tests.support.repositories import commit, git, loose_object, repository, snapshot, stage

KEY = random_key().reveal()

# Settings that name a program, `%` in the place of its path. Git would run it at the occasion.
PROGRAMS = {
    "core.fsmonitor": "%",
    "core.pager": "%",
    "core.editor": "%",
    "core.sshCommand": "%",
    "core.gitProxy": "%",
    "core.askPass": "%",
    "core.alternateRefsCommand": "%",
    "credential.helper": "!%",
    "diff.external": "%",
    "diff.x.textconv": "%",
    "diff.x.command": "%",
    "filter.x.clean": "%",
    "filter.x.smudge": "%",
    "filter.x.process": "%",
    "gpg.program": "%",
    "pager.diff-index": "%",
    "pager.cat-file": "%",
    "pager.rev-list": "%",
    "alias.cat-file": "!%",
}
# Remotes from which a partial clone would fetch what it lacks: settings of each.
REMOTES = {
    "ext": {"url": "ext::%", "protocol": "ext"},
    "ssh": {"url": "ssh://host.invalid/x", "protocol": "ssh"},
    "upload-pack": {"url": "file:///nowhere", "protocol": "file"},
    "helper": {"url": "spy::x", "protocol": "spy"},
    "vcs": {"url": "x", "protocol": "spy", "vcs": "spy"},
    "git": {"url": "git://host.invalid/x", "protocol": "git"},
}


class Trap:
    """A hostile repository, and whether one of its programs has run."""

    def __init__(self, folder: Path) -> None:
        self.ran = folder / "ran"
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.spy = self._program("spy")
        # Found on the PATH, as remote helpers are.
        self._program("git-remote-spy")
        self.root = repository(folder / "r")

    def _program(self, name: str) -> Path:
        program = self.programs / name
        program.write_text(f"#!/bin/sh\necho {name} >>'{self.ran}'\nexit 1\n")
        program.chmod(0o755)
        return program

    def set(self, name: str, value: str) -> None:
        git(self.root, "config", name, value.replace("%", os.fspath(self.spy)))

    def arm(self, file: str = "config") -> None:
        """Set everything that names a program, and every hook of git's.

        A ``file`` other than the repository's configuration is included by that one.
        """
        for name, value in PROGRAMS.items():
            spied = value.replace("%", os.fspath(self.spy))
            git(self.root, "config", "--file", f".git/{file}", name, spied)
        if file != "config":
            git(self.root, "config", "include.path", file)
        # Behind the index, for git would heed it when it adds files.
        attributes = self.root / ".git" / "info" / "attributes"
        attributes.parent.mkdir(exist_ok=True)
        attributes.write_text("* working-tree-encoding=UTF-16 filter=x diff=x merge=x\n")
        hooks = self.programs / "hooks"
        hooks.mkdir()
        for name in (
            "post-index-change",
            "reference-transaction",
            "pre-auto-gc",
            "fsmonitor-watchman",
        ):
            (hooks / name).write_bytes(self.spy.read_bytes())
            (hooks / name).chmod(0o755)
        git(self.root, "config", "core.hooksPath", os.fspath(hooks))

    def make_partial(self, remote: str) -> None:
        """Make this a partial clone that lacks the objects of HEAD's and the index's files."""
        settings = REMOTES[remote]
        self.set("remote.origin.url", settings["url"])
        self.set("remote.origin.uploadpack", "%")
        self.set("remote.origin.promisor", "true")
        self.set("remote.origin.partialCloneFilter", "blob:none")
        self.set(f"protocol.{settings['protocol']}.allow", "always")
        if "vcs" in settings:
            self.set("remote.origin.vcs", settings["vcs"])
        self.set("core.repositoryFormatVersion", "1")
        self.set("extensions.partialClone", "origin")

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}",
            "GIT_ALLOW_PROTOCOL": "ext:ssh:file:spy:git",
        }

    def run(self, *command: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.environment(),
            input=stdin,
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        assert KEY not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    trap = Trap(tmp_path)
    stage(trap.root, ".gitattributes", b"* filter=x diff=x\n")
    stage(trap.root, "old", b"clean")
    commit(trap.root)
    stage(trap.root, "new", f"key {KEY}".encode())
    return trap


def calls(trap: Trap, hexscan: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run every command of hexscan's that reads git."""
    (trap.root / "message").write_text(f"words {KEY}\n")
    head = git(trap.root, "rev-parse", "HEAD")
    line = f"refs/heads/main {head} refs/heads/main {'0' * len(head)}\n"
    before = snapshot(trap.root / ".git")
    done = {
        "staged": trap.run(hexscan, "staged"),
        "staged .": trap.run(hexscan, "staged", "--verbose", "."),
        "range": trap.run(hexscan, "range", "HEAD"),
        "push": trap.run(hexscan, "push", "origin", "url", stdin=line),
        "commit-msg": trap.run(hexscan, "commit-msg", "message"),
        "scan": trap.run(hexscan, "scan", "."),
        "history": trap.run(hexscan, "history"),
    }
    assert snapshot(trap.root / ".git") == before, "something was written"
    assert not trap.ran.exists(), trap.ran.read_text()
    return done


@pytest.mark.parametrize("file", ["config", "included"])
def test_programs_that_settings_name(trap: Trap, hexscan_command: Path, file: str) -> None:
    trap.arm(file)
    done = calls(trap, hexscan_command)
    expected = {"staged": 1, "staged .": 1, "range": 0, "push": 0, "commit-msg": 1, "scan": 1}
    expected["history"] = 1
    assert {name: result.returncode for name, result in done.items()} == expected
    trap.run("git", "status")
    assert trap.ran.exists(), "the trap does not work"


def test_a_work_tree_and_objects_that_are_elsewhere(
    trap: Trap, hexscan_command: Path, tmp_path: Path
) -> None:
    trap.arm()
    elsewhere = repository(tmp_path / "elsewhere")
    stage(elsewhere, ".hexscanignore", b"*\n")
    stage(elsewhere, "lent", b"clean")
    commit(elsewhere)
    (trap.root / ".git/objects/info/alternates").write_text(f"{elsewhere}/.git/objects\n")
    git(trap.root, "config", "core.worktree", os.fspath(elsewhere))
    before = snapshot(elsewhere)
    done = calls(trap, hexscan_command)
    assert snapshot(elsewhere) == before
    expected = {"staged": 1, "staged .": 1, "range": 0, "push": 0, "commit-msg": 1, "scan": 1}
    expected["history"] = 1
    assert {name: result.returncode for name, result in done.items()} == expected
    assert "new:1:5" in done["history"].stdout


@pytest.mark.parametrize("remote", REMOTES)
def test_remotes_that_a_missing_object_would_be_fetched_from(
    trap: Trap, hexscan_command: Path, remote: str
) -> None:
    for name in (":new", "HEAD:old"):
        loose_object(trap.root, git(trap.root, "rev-parse", name)).unlink()
    missing = git(trap.root, "rev-parse", ":new")
    trap.make_partial(remote)
    trap.arm()
    done = calls(trap, hexscan_command)
    for name in ("staged", "staged .", "range", "push"):
        assert done[name].returncode == 2, name
        assert "the object is missing or corrupt" in done[name].stdout
    assert done["history"].returncode == 2
    assert "a partial clone" in done["history"].stdout
    if remote != "upload-pack":
        trap.run("git", "-c", "core.fsmonitor=false", "cat-file", "blob", missing)
        assert trap.ran.exists(), "the trap does not work"


def test_a_repository_of_somebody_else(
    trap: Trap, hexscan_command: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Git's own switch to test this; the file belongs to nobody else here.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    for arguments in (("staged",), ("range", "HEAD"), ("push",)):
        line = f"a {'1' * 40} b {'0' * 40}\n" if arguments == ("push",) else ""
        done = trap.run(hexscan_command, *arguments, stdin=line)
        assert done.returncode == 2
        assert done.stdout == ""
        (told,) = done.stderr.splitlines()
        assert "dubious ownership" in told
        assert "git config --global --add safe.directory" in told
