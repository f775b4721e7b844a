"""How commits can be reached: from which refs, or only from reflogs, or from a stash."""

import os
from collections.abc import Collection
from contextlib import ExitStack
from typing import Literal

from hexscan.errors import SourceError
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.range import lines_file
from hexscan.sources.git.reached import Reached, passed_on, put_down
from hexscan.sources.git.repository import Repository
from hexscan.values import dataclass

Reach = Literal["published", "local", "reflog", "stash", "unreachable"]

DANGER: tuple[Reach, ...] = ("published", "local", "reflog", "stash", "unreachable")
"""From the one that is hardest to undo to the one that only this repository knows."""

_REMOTES = b"refs/remotes/"
_STASH = b"refs/stash"


@dataclass(frozen=True, slots=True)
class Ref:
    """A ref: its full name, what it names, and the commit behind that."""

    name: bytes
    object: str
    commit: str


class Refs:
    """The refs of a repository, and which commits each of them reaches.

    ``trouble`` says why git could not follow the history to its end, if it could not.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._refs = _refs(repository)
        self._stash = _stash(repository, self._refs)
        # Of each commit that a walk has come to the refs that reach it, as the bits of a number.
        self._masks: dict[bytes, int] = {}
        self._started: _Walk | None = None
        self.trouble: str | None = None

    def start(self, known: Reached | None, running: ExitStack) -> None:
        """Let git begin with the walk that :meth:`look_up` needs; ``running`` ends it."""
        self._started = _Walk(self._repository, known.tips if known else (), running)

    def look_up(self, commits: Collection[str], known: Reached | None = None) -> None:
        """Learn how the commits can be reached, all in one walk over the history.

        From its tips the history is walked down, and each commit hands on to its parents the set
        of refs that reach it. Only the commits between are held. The walk goes no further than it
        must for those about which more is ``known``.
        """
        wanted = {commit.encode("ascii") for commit in commits}
        masks = self._beyond(wanted, known) if known else None
        if masks is None:
            masks, _ = self._walk(wanted, ())
        self._masks = masks

    def looked_up(self, commits: Collection[str]) -> Reached | None:
        """Return what is to be known another time, if the walk came to its end."""
        if self.trouble:
            return None
        names = (commit.encode("ascii") for commit in commits)
        masks = {name: self._masks.get(name, 0) for name in names}
        return put_down([ref.commit.encode("ascii") for ref in self._refs], masks)

    def _beyond(self, wanted: set[bytes], known: Reached) -> dict[bytes, int] | None:
        """Walk only where an earlier walk has not been; ``None`` if that does not tell it all."""
        masks, frontier = self._walk(wanted, known.tips)
        before = None if self.trouble else passed_on(known, frontier)
        self.trouble = None
        if before is None or not wanted <= masks.keys() | before.keys():
            return None
        for commit in wanted & before.keys():
            if before[commit]:
                masks[commit] = masks.get(commit, 0) | before[commit]
            elif known.rows[commit] and commit not in masks:
                return None  # the ref that reached it has gone; a reflog may still do so
        return masks

    def _walk(
        self, wanted: set[bytes], without: Collection[bytes]
    ) -> tuple[dict[bytes, int], dict[bytes, int]]:
        """Walk all but what some commits reach: themselves, and what is below them.

        Return which refs reach those of the wanted commits that are on the way, and the same of
        the commits where the way ends.
        """
        masks: dict[bytes, int] = {}
        pending: dict[bytes, int] = {}
        for bit, ref in enumerate(self._refs):
            commit = ref.commit.encode("ascii")
            pending[commit] = pending.get(commit, 0) | 1 << bit
        with ExitStack() as running:
            walk, self._started = self._started, None
            if walk is None or walk.without != without:
                walk = _Walk(self._repository, without, running)
            self.trouble = walk.failure()
            for line in walk.written:
                commit, *parents = line.split()
                mask = pending.pop(commit, 0)
                for parent in parents:
                    pending[parent] = pending.get(parent, 0) | mask
                if commit in wanted:
                    masks[commit] = mask
                    if not without and len(masks) == len(wanted):
                        break  # what is below them reaches none of them
        return masks, pending

    def containing(self, commit: str) -> list[bytes]:
        """Return the full names of the refs that reach a commit which was looked up."""
        mask = self._masks.get(commit.encode("ascii"), 0)
        return [ref.name for bit, ref in enumerate(self._refs) if mask >> bit & 1]

    def pointing_at(self, name: str) -> list[bytes]:
        """Return the full names of the refs that name an object, such as an annotated tag."""
        return [ref.name for ref in self._refs if ref.object == name]

    def reach(self, commit: str) -> Reach:
        """Return how a commit that was looked up can be reached at best."""
        names = self.containing(commit)
        if any(name.startswith(_REMOTES) for name in names):
            return "published"
        if any(name != _STASH for name in names):
            return "local"
        if commit in self._stash:
            return "stash"
        return "reflog" if commit.encode("ascii") in self._masks else "unreachable"


class _Walk:
    """A git that walks down from all refs and reflogs, but not to what some commits reach.

    It writes to a file, so that it need not wait for a reader. ``running`` ends it at the latest.
    """

    def __init__(
        self, repository: Repository, without: Collection[bytes], running: ExitStack
    ) -> None:
        arguments = ("rev-list", "--parents", "--topo-order", "--all", "--reflog", "--stdin")
        revisions = running.enter_context(lines_file(b"^" + name for name in without))
        self.without = without
        self.written = running.enter_context(nameless_file())
        self._git = running.enter_context(repository.git(arguments, revisions, self.written))

    def failure(self) -> str | None:
        """Wait for the end of the walk, and return why it broke off, if it did.

        Then ``written`` has each commit with its parents on a line, none before one that it is a
        parent of.
        """
        failure = self._git.failure()
        self.written.seek(0)
        return failure


def _refs(repository: Repository) -> list[Ref]:
    refs = []
    wanted = "--format=%(objectname) %(*objectname) %(refname)"
    with (
        repository.git(("for-each-ref", wanted)) as asked,
        repository.git(("rev-parse", "--verify", "--quiet", "HEAD")) as head_asked,
    ):
        for line in repository.told(asked):
            name, peeled, refname = line.split(b" ", 2)
            commit = (peeled or name).decode("ascii")
            refs.append(Ref(refname, name.decode("ascii"), commit))
        try:
            head = repository.told(head_asked)[0].decode("ascii")
        except SourceError:
            return refs  # nothing has been committed yet
    return [*refs, Ref(b"HEAD", head, head)]


def _stash(repository: Repository, refs: list[Ref]) -> set[str]:
    """Return the commits that stashes consist of: themselves, and those of index and new files."""
    if not any(ref.name == _STASH for ref in refs):
        return set()
    arguments = ("rev-list", "--walk-reflogs", "--parents", os.fsdecode(_STASH), "--")
    members = {ref.commit for ref in refs if ref.name == _STASH}
    try:
        for line in repository.lines(arguments):
            commit, *parents = line.decode("ascii").split()
            members.update([commit, *parents[1:]])
    except SourceError:
        pass  # a stash without a reflog is only the one that the ref names
    return members
