"""Where a key came in and went out, and what reaches it: as it is told by plain and slow means."""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.run import scan_history
from hexscan.redaction import redact
from hexscan.sources.git import appearances as module
from hexscan.sources.git import commits
from hexscan.sources.git.appearances import Appearance, Appearances, appearances
from hexscan.sources.git.reach import Refs
from hexscan.sources.git.repository import find
from tests.support.repositories import git
from tests.support.stories import CONTENTS, PATHS, REFS, Story, stories, tell

EMPTY: dict[bytes, str] = {}
SOME = st.sets(st.sampled_from(CONTENTS))
NAMES = {redact(part) for path in PATHS for part in path.split(b"/") if redact(part) != part}


def all_commits(root: Path) -> list[str]:
    lines = git(root, "cat-file", "--batch-all-objects", "--batch-check").splitlines()
    return [line.split()[0] for line in lines if line.split()[1] == "commit"]


def tree(root: Path, commit: str) -> dict[bytes, str]:
    told = git(root, "ls-tree", "-r", "-z", "--full-tree", commit).split("\0")
    records = [record.partition("\t") for record in told if record]
    return {os.fsencode(path): facts.split()[2] for facts, _, path in records}


def plainly(root: Path, blobs: set[str], names: set[bytes]) -> Appearances:
    """Compare the whole tree of each commit with that of each of its parents."""
    found = Appearances()
    for commit in all_commits(root):
        date, *parents = git(root, "show", "-s", "--format=%cI %P", commit).split()
        new = tree(root, commit)
        for old in [tree(root, parent) for parent in parents] or [EMPTY]:
            for path in sorted(old.keys() | new.keys()):
                here = Appearance(commit, date, len(parents), path)
                if old.get(path) == new.get(path):
                    continue
                for one, kept in ((old, found.removed), (new, found.added)):
                    if one.get(path) in blobs:
                        kept.setdefault(one[path], []).append(here)
                    if path not in old.keys() & new.keys() and path in one:
                        for part in {redact(part) for part in path.split(b"/")} & names:
                            kept.setdefault(part, []).append(here)
    return found


def in_order(found: Appearances) -> Iterator[object]:
    """Give each commit's appearances as they are told, and the commits in an order of their own."""
    for kept in (found.added, found.removed):
        yield {key: sorted(some, key=lambda one: one.commit) for key, some in kept.items()}


def plain(report: Report) -> Report:
    return replace(report, bytes=0, seconds=0.0, known=0, notes=())


def as_told(root: Path, story: Story) -> Path:
    tell(root / "r", story)
    return root / "r"


@settings(max_examples=25)
@given(stories(), SOME, st.sampled_from([set(), NAMES]), st.integers(1, 3))
def test_every_commit_that_touches_a_key_is_told(
    story: Story, contents: set[bytes], names: set[bytes], processes: int
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = as_told(Path(directory), story)
        blobs = {git(root, "hash-object", "--stdin", stdin=content) for content in contents}
        repository = find(os.fsencode(root))
        with (
            mock.patch.object(module, "_WORTH_A_PROCESS", 1),
            mock.patch.object(commits, "_BESIDE", 2),
        ):
            every = commits.listed(repository)
            told = appearances(repository, blobs, names, every, processes)
        assert told.trouble is None
        assert len(every) == len(all_commits(root))
        assert list(in_order(told)) == list(in_order(plainly(root, blobs, names)))


@settings(max_examples=25)
@given(stories(), st.data())
def test_what_reaches_a_commit(story: Story, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = as_told(Path(directory), story)
        every = all_commits(root)
        refs = Refs(find(os.fsencode(root)))
        refs.look_up(every)
        logged = git(root, "rev-list", "--all", "--reflog").split()
        for commit in every:
            contains = ("for-each-ref", "--format=%(refname)", f"--contains={commit}")
            expected = set(git(root, *contains).split())
            if story.head is not None and commit in git(root, "rev-list", "HEAD").split():
                expected.add("HEAD")
            assert {os.fsdecode(name) for name in refs.containing(commit)} == expected
            assert (refs.reach(commit) == "unreachable") == (commit not in logged and not expected)
        # The walk goes no further than to the last of some.
        some = data.draw(st.sets(st.sampled_from(every)))
        few = Refs(find(os.fsencode(root)))
        few.look_up(some)
        for commit in some:
            assert few.containing(commit) == refs.containing(commit)
            assert few.reach(commit) == refs.reach(commit)


@settings(max_examples=30)
@given(stories(), st.data())
def test_what_a_run_leaves_to_the_next_changes_nothing(story: Story, data: st.DataObject) -> None:
    """A history goes on, refs are set back, added and removed, and places stay the right ones."""
    with tempfile.TemporaryDirectory() as directory:
        root, cache = Path(directory) / "r", Path(directory) / "cache"
        upto = 0
        while upto < len(story.steps):
            again, upto = upto > 0, data.draw(st.integers(upto + 1, len(story.steps)))
            move = st.tuples(st.sampled_from(REFS), st.integers(0, upto - 1))
            moves = tuple(data.draw(st.lists(move, max_size=6)))
            head = data.draw(st.none() | st.integers(0, upto - 1))
            tell(root, Story(story.steps[:upto], moves, head), again=again)
            for ref in data.draw(st.sets(st.sampled_from(REFS), max_size=2)):
                git(root, "update-ref", "-d", ref)
            for _ in range(data.draw(st.integers(1, 2))):
                kept = scan_history(os.fsencode(root), Config(cache_dir=os.fspath(cache)))
                anew = scan_history(os.fsencode(root), Config())
                assert plain(kept) == plain(anew)
