"""What git stores of a message, asked of git itself."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from hexscan.errors import SourceError
from hexscan.sources.git.message import Cleanup, Message, settle, stored
from tests.support.repositories import git, repository, stage, told

SCISSORS = "------------------------ >8 ------------------------"

# What an editor leaves: `%` stands for the file that git gives it, with its own comments in it.
EDITS = {
    "as it is": "printf 'words\\n\\nmore  \\n\\n\\nend\\n' | cat - % >new; mv new %",
    "comments": "printf '\\n\\n# 1\\nwords\\n#2\\n # 3\\n;4\\n@5\\n' | cat - % >new; mv new %",
    "no comment left": "printf 'words' >%",
    "the editor's own end": "printf 'words\\n# comment' >%",
}
SETTINGS: list[list[str]] = [
    [],
    ["-c", "commit.cleanup=strip"],
    ["-c", "commit.cleanup=scissors"],
    ["-c", "commit.cleanup=whitespace"],
    ["-c", "commit.cleanup=verbatim"],
    ["-c", "core.commentChar=;"],
    ["-c", "core.commentChar=auto"],
    ["-c", "core.commentChar=;", "-c", "commit.cleanup=scissors"],
    ["-c", "commit.verbose=true"],
    ["-c", "commit.verbose=true", "-c", "core.commentChar=auto"],
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = repository(tmp_path / "r")
    monkeypatch.chdir(root)
    return root


def hook(root: Path) -> Path:
    """Let git's hook put its message and its environment aside, and return where."""
    hook = root / ".git" / "hooks" / "commit-msg"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\ncp "$1" .git/seen\nenv >.git/env\n')
    hook.chmod(0o755)
    return root / ".git"


def settled(root: Path, options: list[str]) -> Cleanup:
    variables = dict(
        line.split("=", 1)
        for line in (root / ".git" / "env").read_text().splitlines()
        if "=" in line
    )
    pairs = [option.split("=") for option in options[1::2]]
    values = [(name.lower(), value.encode()) for name, value in pairs if name != "commit.verbose"]
    return settle(values, variables)


def message_of_head(root: Path) -> bytes:
    raw = subprocess.run(
        ["git", "cat-file", "commit", "HEAD"], cwd=root, check=True, capture_output=True
    ).stdout
    return raw.partition(b"\n\n")[2]


@pytest.mark.parametrize("options", SETTINGS, ids=" ".join)
@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_message(root: Path, options: list[str], edit: str) -> None:
    seen = hook(root)
    stage(root, "file", b"content\n")
    editor = root / "editor"
    editor.write_text("#!/bin/sh\n" + EDITS[edit].replace("%", '"$1"'))
    editor.chmod(0o755)
    git(root, "-c", f"core.editor={editor}", *options, "commit", "--quiet", "--allow-empty-message")
    ours = stored((seen / "seen").read_bytes(), settled(root, options))
    assert ours == message_of_head(root)


@pytest.mark.parametrize("options", SETTINGS, ids=" ".join)
def test_a_message_that_was_not_edited(root: Path, options: list[str]) -> None:
    seen = hook(root)
    text = f"\n\nwords  \n# comment\n;comment\n\n\n\nmore\n\n# {SCISSORS}\nbelow\n"
    git(root, *options, "commit", "--quiet", "--allow-empty", "-m", text)
    ours = stored((seen / "seen").read_bytes(), settled(root, options))
    # With --verbose git cuts below scissors here too. It is not known, and so more is read.
    theirs = message_of_head(root)
    assert ours == theirs or (ours.startswith(theirs) and "commit.verbose=true" in options)


TEXTS = st.lists(
    st.sampled_from([b"", b" ", b"#", b"# c", b"a", b"a \t", b" #", b"\xff", b"\x0b", b"a\r"]),
    max_size=12,
).map(b"\n".join)


@hypothesis_settings(max_examples=60)
@given(TEXTS)
def test_blanks_and_comments_go_as_in_git(text: bytes) -> None:
    strip = ["git", "stripspace", "--strip-comments"]
    assert stored(text, Cleanup("strip")) == subprocess.check_output(strip, input=text)
    assert stored(text, Cleanup("whitespace")) == subprocess.check_output(strip[:2], input=text)


@given(TEXTS)
def test_verbatim_is_what_it_says(text: bytes) -> None:
    assert stored(text, Cleanup("verbatim")) == text


def test_a_comment_string_of_several_characters() -> None:
    text = b"words\n// comment\n/ none\n// " + SCISSORS.encode() + b"\n// Do not\ndiff\n"
    assert stored(text, Cleanup("strip", b"//")) == b"words\n/ none\n"


def test_scissors_that_a_person_wrote_cut_only_where_git_is_told_so() -> None:
    text = b"words\n# " + SCISSORS.encode() + b"\nkept by git\n"
    assert stored(text, Cleanup("strip")).endswith(b"kept by git\n")
    assert stored(text, Cleanup("scissors")) == b"words\n"


def test_a_comment_string_counts_only_for_a_git_that_knows_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    del root
    fake = tmp_path / "git"
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    for version, comment in (("2.45.0", b"//"), ("2.44.9", b"#")):
        fake.write_text(f"#!/bin/sh\necho git version {version}\n")
        fake.chmod(0o755)
        assert settle([("core.commentstring", b"//")], {}).comment == comment


def test_the_settings_of_the_repository_count(root: Path) -> None:
    (root / "file").write_bytes(b"; comment\nwords\n")
    assert told(Message(b"file").items()) == {(b"file", "content"): b"; comment\nwords\n"}
    git(root, "config", "core.commentChar", ";")
    assert told(Message(b"file").items()) == {(b"file", "content"): b"words\n"}
    git(root, "config", "commit.cleanup", "whitespace")
    assert told(Message(b"file").items()) == {(b"file", "content"): b"; comment\nwords\n"}


def test_files_that_are_none(root: Path, tmp_path: Path) -> None:
    os.mkfifo(root / "fifo")
    assert told(Message(b"missing").items()) == {
        (b"missing", "failure"): "no such file or directory"
    }
    assert told(Message(b"fifo").items()) == {(b"fifo", "failure"): "not a regular file"}
    path = os.fsencode(tmp_path)
    assert told(Message(path).items()) == {(path, "failure"): "not a regular file"}


def test_broken_settings_and_no_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "file").write_bytes(b"words\n")
    (root / ".git" / "config").write_text("[broken")
    with pytest.raises(SourceError, match="bad config line"):
        told(Message(b"file").items())
    monkeypatch.setenv("PATH", os.fspath(root))
    with pytest.raises(SourceError, match="not installed"):
        told(Message(b"file").items())
