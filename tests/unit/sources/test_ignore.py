import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hexscan.errors import ConfigError
from hexscan.sources.ignore import GITIGNORE, HEXSCANIGNORE, Rules, excluding
from tests.unit.sources.told import git, plant, tell

TREE = (
    "a.log",
    "a.txt",
    "build/a.log",
    "build/keep.txt",
    "src/#x",
    "src/!x",
    "src/a.log",
    "src/build/b.txt",
    "src/deep/er/a.txt",
    "src/deep/er/x y",
    "src/keep.txt",
    "src/secret",
    "src/secret\t",
    "x ",
)


def git_says(root: Path) -> set[bytes]:
    """Ask git itself which files are in scope."""
    git(root, "init", "--quiet")
    listed = git(root, "ls-files", "-z", "--others", "--exclude-standard")
    return {os.fsencode(name) for name in listed.split("\0") if name}


def walk_says(root: Path) -> set[bytes]:
    return set(tell(root).contents)


PATTERNS = (
    "*", "!*/", "!*.txt", "*.log", "/*", "!/src", "!src/", "src/*", "!src/deep", "build", "build/",
    "/build/", "src/build", "**/build", "src/**", "!src/keep.txt", "a/**/b", "src/**/a.txt",
    "**/er", "deep/", "deep/er/", "\\#x", "\\!x", "!#x", "# comment", "", "/", "!", "[a-b].log",
    "[b-a].log",
    "[!a].txt", "a.???", "x\\ ", "x ", "keep.txt  ", "!keep.txt", "**", "**/", "*/", "*/**", "**/*",
    "er/x y", "!deep/", "!deep/er", "src/deep/*", "!**/a.txt", "*.log\r", "foo\\",
    "secret\t", "[[:alpha:]]", "[[:alpha:]]*", "[![:alpha:]]*", "[a\\]b].log", "src**/keep.txt",
    "build//", "s*[!a]t",
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    top=st.lists(st.sampled_from(PATTERNS), max_size=5),
    below=st.lists(st.sampled_from(PATTERNS), max_size=3),
)
def test_a_walk_sees_what_git_would_list(
    tmp_path_factory: pytest.TempPathFactory, top: list[str], below: list[str]
) -> None:
    root = tmp_path_factory.mktemp("tree")
    plant(root, *TREE)
    (root / ".gitignore").write_bytes("\n".join(top).encode())
    (root / "src" / ".gitignore").write_bytes("\n".join(below).encode())
    walked = walk_says(root)
    assert walked == git_says(root)


def test_a_byte_order_mark_and_bytes_outside_utf_8_do_no_harm(tmp_path: Path) -> None:
    plant(tmp_path, "a.log", "b.txt")
    (tmp_path / os.fsdecode(b"\xff.txt")).write_bytes(b"")
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbf*.log\n\xff.txt\n")
    assert walk_says(tmp_path) == {b".gitignore", b"b.txt"}


def test_a_long_ignore_file_counts_to_its_end(tmp_path: Path) -> None:
    plant(tmp_path, "a.log")
    (tmp_path / ".gitignore").write_bytes(b"#" * 300_000 + b"\n*.log\n")
    assert set(walk_says(tmp_path)) == {b".gitignore"}


@pytest.mark.parametrize("kind", ["link", "directory", "fifo"])
def test_an_ignore_file_that_is_no_file_ignores_nothing(tmp_path: Path, kind: str) -> None:
    plant(tmp_path, "a.log", "rules")
    (tmp_path / "rules").write_text("*.log", encoding="ascii")
    path = tmp_path / ".gitignore"
    if kind == "link":
        path.symlink_to("rules")
    elif kind == "directory":
        path.mkdir()
    else:
        os.mkfifo(path)
    assert b"a.log" in walk_says(tmp_path)


@pytest.mark.parametrize(
    "pattern", ["", "# comment", "/", "!", "build//", "[a", "a\\", "[[:x:]]", "a\0", "\ud800"]
)
def test_a_pattern_to_exclude_by_that_can_match_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="not a pattern") as caught:
        excluding([pattern])
    assert caught.value.hint


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.md", b"docs/a.md", True),
        ("docs/", b"docs/a.md", True),
        ("/a.md", b"docs/a.md", False),
        ("docs", b"docs", True),
        ("docs/", b"docs", False),
    ],
)
def test_leaves_out_looks_at_the_directories_above_too(
    pattern: str, path: bytes, *, expected: bool
) -> None:
    patterns = excluding([pattern])
    assert patterns is not None
    assert patterns.leaves_out(path) is expected


def test_rules_without_patterns_are_false(tmp_path: Path) -> None:
    rules = Rules()
    assert not rules
    prefix = os.fsencode(tmp_path) + b"/"
    assert rules.below(prefix, b"", (GITIGNORE, HEXSCANIGNORE)) is rules
    assert excluding([]) is None
    assert rules.reason(b"a", is_directory=False) is None
