"""Small histories of every shape: what hypothesis draws, and git then holds."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from tests.support.keys import random_key
from tests.support.repositories import git

KEYS = [random_key(seed).reveal().encode() for seed in range(3)]
CONTENTS = [*KEYS, b"HEX_API_KEY=" + KEYS[0], b"one", b"two", b""]
PATHS = [b"a", b"b", b"d", b"d/a", b"d/e", b"d/e/a", b"e/d/e/a", b"n-" + KEYS[2], KEYS[2] + b"/a"]
REFS = ["refs/heads/x", "refs/heads/y", "refs/remotes/o/x", "refs/tags/x", "refs/stash", "refs/z"]

_MODES = [b"100644", b"100755", b"120000"]


@dataclass(frozen=True, slots=True)
class Step:
    """A commit: which earlier ones it follows, and what it writes or, as ``None``, removes."""

    parents: tuple[int, ...]
    changes: tuple[tuple[bytes, tuple[bytes, bytes] | None], ...]
    second: int


@dataclass(frozen=True, slots=True)
class Story:
    """Commits, and the refs that are set to some of them, one after the other."""

    steps: tuple[Step, ...]
    moves: tuple[tuple[str, int], ...]
    head: int | None


@st.composite
def _steps(draw: st.DrawFn, most: int) -> tuple[Step, ...]:
    written = st.tuples(st.sampled_from(_MODES), st.sampled_from(CONTENTS))
    change = st.tuples(st.sampled_from(PATHS), st.none() | written)
    steps = []
    for number in range(draw(st.integers(1, most))):
        earlier = st.lists(st.integers(max(0, number - 3), number - 1), max_size=3, unique=True)
        parents = draw(earlier) if number else []
        changes = draw(st.lists(change, max_size=3))
        # Times that are the same, and some that run backwards.
        steps.append(Step(tuple(parents), tuple(changes), draw(st.integers(0, 5))))
    return tuple(steps)


@st.composite
def stories(draw: st.DrawFn, most: int = 10) -> Story:
    """Draw a story of at most so many commits."""
    steps = draw(_steps(most))
    commit = st.integers(0, len(steps) - 1)
    moves = draw(st.lists(st.tuples(st.sampled_from(REFS), commit), max_size=8))
    return Story(steps, tuple(moves), draw(st.none() | commit))


def tell(root: Path, story: Story, *, again: bool = False) -> list[str]:
    """Make a story come true in a bare repository; return the names of its commits.

    What no ref reaches stays where it is. A story may be told ``again``, and go on.
    """
    if not again:
        git(root.parent, "init", "--quiet", "--bare", os.fspath(root))
        git(root, "config", "core.logAllRefUpdates", "always")
    marks = root / "marks"
    script = b"".join(_commit(number, step) for number, step in enumerate(story.steps))
    options = [f"--export-marks={marks}", "--force", "--quiet"]
    subprocess.run(["git", "fast-import", *options], cwd=root, input=script, check=True)
    lines = [line.split() for line in marks.read_text("ascii").splitlines()]
    names = [name for _, name in sorted((int(mark[1:]), name) for mark, name in lines)]
    marks.unlink()
    git(root, "update-ref", "-d", "refs/told")
    for ref, number in story.moves:
        git(root, "update-ref", ref, names[number])
    if story.head is not None:
        git(root, "update-ref", "--no-deref", "HEAD", names[story.head])
    return names


def _commit(number: int, step: Step) -> bytes:
    lines = [
        b"reset refs/told\ncommit refs/told",
        b"mark :%d" % (number + 1),
        b"committer A <a@example.org> %d +0000" % (1_700_000_000 + step.second),
        b"data 1\nm",
    ]
    ways = [b"from", *[b"merge"] * 2]
    lines += [b"%s :%d" % (way, p + 1) for way, p in zip(ways, step.parents, strict=False)]
    for path, written in step.changes:
        if written is None:
            lines.append(b'D "%s"' % path)
        else:
            mode, content = written
            lines.append(b'M %s inline "%s"\ndata %d\n%s' % (mode, path, len(content), content))
    return b"\n".join([*lines, b"\n"])
