"""How commits can be reached: from which refs, or only from reflogs, or from a stash."""

import os
from collections.abc import Collection, Iterator
from typing import Literal

from hexscan.errors import SourceError
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
        self._masks: dict[str, int] = {}
        self._logged: set[str] = set()
        self.trouble: str | None = None

    def look_up(self, commits: Collection[str]) -> None:
        """Learn how the commits can be reached, all in one walk over the history.

        From its tips the history is walked down, and each commit hands on to its parents the set
        of refs that reach it, as the bits of a number. Only the commits between are held.
        """
        pending: dict[bytes, int] = {}
        for bit, ref in enumerate(self._refs):
            commit = ref.commit.encode("ascii")
            pending[commit] = pending.get(commit, 0) | 1 << bit
        wanted = {commit.encode("ascii") for commit in commits}
        for commit, *parents in self._walk():
            mask = pending.pop(commit, 0)
            for parent in parents:
                pending[parent] = pending.get(parent, 0) | mask
            if commit in wanted:
                self._masks[commit.decode("ascii")] = mask
                self._logged.add(commit.decode("ascii"))

    def _walk(self) -> Iterator[list[bytes]]:
        arguments = ("rev-list", "--parents", "--topo-order", "--all", "--reflog", "--")
        with self._repository.git(arguments) as command:
            yield from (line.split() for line in command.lines())
            self.trouble = command.failure()

    def containing(self, commit: str) -> list[bytes]:
        """Return the full names of the refs that reach a commit which was looked up."""
        mask = self._masks.get(commit, 0)
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
        return "reflog" if commit in self._logged else "unreachable"


def _refs(repository: Repository) -> list[Ref]:
    refs = []
    wanted = "--format=%(objectname) %(*objectname) %(refname)"
    for line in repository.lines(("for-each-ref", wanted)):
        name, peeled, refname = line.split(b" ", 2)
        commit = (peeled or name).decode("ascii")
        refs.append(Ref(refname, name.decode("ascii"), commit))
    try:
        head = repository.lines(("rev-parse", "--verify", "--quiet", "HEAD"))[0].decode("ascii")
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
