"""Ignore files mean what they mean to git, which is asked itself."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexscan.sources.ignore import GITIGNORE, Rules

PIECES = (
    b"a", b"b", b"c", b"/", b"/", b"*", b"*", b"**", b"**/", b"/**", b"/**/", b"***", b"?", b"\\",
    b"[", b"]", b"!", b"^", b"-", b":", b"#", b" ", b"\\ ", b"\t", b"\r", b"\x01", b"\0", b"\xff",
    b"\xc3\xa9", b"\xef\xbb\xbf", b"[a-c]", b"[!a]", b"[^b-]", b"[]a]", b"[b-a]", b"[a-\\c]",
    b"[a\\]b]", b"[/a]", b"[!/]", b"[\x80-\xff]", b"[[:x]", b"[[:alpha:]]", b"[![:alpha:]]",
    b"[[:space:]x]", b"[[:punct:]]", b"[[:digit:]-c]", b"\\*", b"\\/", b"\\a", b"a/b",
)  # fmt: skip

LINES = st.builds(
    lambda start, pieces, end: start + b"".join(pieces) + end,
    st.sampled_from((b"", b"", b"!", b"/")),
    st.lists(st.sampled_from(PIECES), max_size=5),
    st.sampled_from((b"", b"", b"/", b" ", b"  ", b"\t", b"\r")),
)

CHARACTERS = (
    b"a", b"a", b"b", b"c", b"1", b" ", b"\t", b"\r", b"\n", b"\x01", b"\xff", b"\xc3\xa9", b"#",
    b"!", b"]", b"[", b"-", b"\\", b"*", b"?", b"^", b":",
)  # fmt: skip
COMPONENTS = st.builds(b"".join, st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=4))
PATHS = st.builds(b"/".join, st.lists(COMPONENTS, min_size=1, max_size=4))


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    (root / "d").mkdir()
    return root


def git_ignores(root: Path, paths: list[bytes]) -> set[bytes]:
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=root,
        input=b"".join(path + b"\0" for path in paths),
        capture_output=True,
        check=False,
    )
    assert done.stderr == b""
    return set(done.stdout.split(b"\0")) - {b""}


def ignores(rules: Rules, path: bytes) -> bool:
    """Ask about the directories between first, as a walk does."""
    slashes = [at for at, byte in enumerate(path) if byte == ord("/")]
    return any(rules.reason(path[:at], is_directory=True) for at in slashes[1:]) or bool(
        rules.reason(path, is_directory=False)
    )


@settings(max_examples=100)
@given(
    lines=st.lists(LINES, min_size=1, max_size=3),
    end=st.sampled_from((b"", b"\n", b"\r\n")),
    paths=st.lists(PATHS, min_size=10, max_size=30),
    data=st.data(),
)
def test_a_path_is_ignored_if_git_ignores_it(
    repository: Path, lines: list[bytes], end: bytes, paths: list[bytes], data: st.DataObject
) -> None:
    # A path of its own for every line, which is near to what it matches.
    for line in lines:
        filling = data.draw(st.sampled_from((b"", b"a", b"b", b"a/b")))
        near = line.replace(b"*", filling).replace(b"?", b"b").translate(None, b"\0\\[]!")
        paths.append(b"/".join(filter(None, near.split(b"/"))) or b"a")
    paths = [b"d/" + path for path in paths]
    (repository / "d" / ".gitignore").write_bytes(b"\n".join(lines) + end)
    rules = Rules().below(os.fsencode(repository) + b"/d/", b"d/", (GITIGNORE,))
    ours = {path for path in paths if ignores(rules, path)}
    assert ours == git_ignores(repository, paths)
