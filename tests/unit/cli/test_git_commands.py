"""What the commands for git's hooks print, and how they are called by hand."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from hexscan.cli.main import main
from tests.support.keys import random_key, unprefixed
from tests.support.repositories import commit, git, repository, stage

KEY = random_key().reveal()


class Input(io.TextIOWrapper):
    """Standard input: a terminal, or what git writes."""

    def __init__(self, text: str, *, terminal: bool) -> None:
        super().__init__(io.BytesIO(text.encode()))
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository of which the remote has the first commit, and the second one leaks."""
    root = repository(tmp_path / "r")
    monkeypatch.chdir(root)
    commit(root)
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    stage(root, "a", KEY.encode())
    commit(root)
    for name in list(os.environ):
        if name.startswith("PRE_COMMIT"):
            monkeypatch.delenv(name)
    return root


def status(*arguments: str) -> int:
    return main(list(arguments))


def test_a_clean_run_is_silent_unless_something_is_asked_for(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "message").write_text("clean\n")
    for arguments in (["staged"], ["staged", "."], ["commit-msg", "message"], ["staged", "-q"]):
        assert status(*arguments) == 0
        assert capsys.readouterr().out == ""
    assert status("staged", "--verbose") == 0
    assert "Complete." in capsys.readouterr().out
    assert status("commit-msg", "--format", "json", "message") == 0
    assert json.loads(capsys.readouterr().out)["complete"]
    assert status("range", "HEAD..HEAD") == 0
    assert "Complete." in capsys.readouterr().out


def test_names_without_a_prefix(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = unprefixed(7)
    stage(root, bare.reveal(), b"x")
    told = f"{bare.preview}:1:1: hex-api-key-unprefixed"
    for arguments in (["staged"], ["range", "HEAD"], ["history"]):
        assert status(*arguments, "--unprefixed") == 1
        assert told in capsys.readouterr().out
        if arguments == ["staged"]:
            commit(root)
    git(root, "update-ref", f"refs/heads/{unprefixed(8).reveal()}", "HEAD")
    assert status("history", "--unprefixed", "--format", "json") == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    in_objects = {finding["fingerprint"]: finding["git"] for finding in findings if finding["git"]}
    assert in_objects[bare.fingerprint]["commit"] == git(root, "rev-parse", "HEAD")
    assert unprefixed(8).fingerprint in {finding["fingerprint"] for finding in findings}


def test_what_is_found_is_told_with_its_object(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("range", "HEAD", "--format", "json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["path"] == "a"
    assert finding["git"]["object"] == git(root, "rev-parse", "HEAD:a")
    assert finding["git"]["commit"] == git(root, "rev-parse", "HEAD")
    assert finding["git"]["refs"] == ["refs/heads/main"]
    assert finding["git"]["reach"] == "local"


@pytest.mark.parametrize(
    ("text", "terminal", "arguments", "expected"),
    [
        ("", False, ["origin", "url"], 0),
        ("", True, ["origin"], 1),
        ("", True, [], 1),
        ("nonsense\n", False, ["origin", "url"], 2),
        ("", True, ["origin", "url", "too many"], 2),
    ],
)
def test_push_by_hand_and_by_git(  # noqa: PLR0913, PLR0917 - a table
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    terminal: bool,  # noqa: FBT001 - the same
    arguments: list[str],
    expected: int,
) -> None:
    monkeypatch.setattr(sys, "stdin", Input(text, terminal=terminal))
    assert status("push", *arguments) == expected
    if arguments == ["origin"]:
        git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
        assert status("push", *arguments) == 0


def test_push_under_pre_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Input("", terminal=False))
    monkeypatch.setenv("PRE_COMMIT", "1")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert status("push") == 1
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD")
    assert status("push") == 0
    monkeypatch.setattr(sys, "stdin", None)
    assert status("push") == 0
