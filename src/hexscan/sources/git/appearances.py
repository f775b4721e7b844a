"""In which commits a blob, or a name, came into a repository and left it again."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain
from typing import TypeAlias

from hexscan.errors import SourceError
from hexscan.redaction import redact
from hexscan.sources.git.commits import Commits
from hexscan.sources.git.door import Git
from hexscan.sources.git.repository import Repository
from hexscan.values import dataclass, field

_HEADER = b"\x01"
_DIFF = (
    "diff-tree",
    *("--stdin", "-r", "--raw", "-z", "-m", "--root", "--no-renames", "--no-abbrev"),
    "--format=%x01%H %cI %P",
)

_MOST_ASKED_FOR = 256
"""So many blobs fit into a command line everywhere; for more git tells all that has changed."""

_WORTH_A_PROCESS = 2048
"""In so many commits git looks in the time that it takes to start some more of it, and to wait."""

# No key of any rule is in a name that has no such run.
may_hide = re.compile(rb"[0-9A-Fa-f]{32}").search


@dataclass(frozen=True, slots=True)
class Appearance:
    """One commit that adds or takes out something at a path; ``date`` is ISO 8601."""

    commit: str
    date: str
    parents: int
    path: bytes


@dataclass(slots=True)
class Appearances:
    """Every commit that touched what was asked about.

    Keys of ``added`` and ``removed`` are the names of blobs, in hex, and masked names of entries,
    in bytes. ``trouble`` says why git broke off, if it did.
    """

    added: dict[str | bytes, list[Appearance]] = field(default_factory=dict)
    removed: dict[str | bytes, list[Appearance]] = field(default_factory=dict)
    trouble: str | None = None

    def commits(self) -> set[bytes]:
        """Return the commits that touched anything."""
        every = chain(*self.added.values(), *self.removed.values())
        return {one.commit.encode("ascii") for one in every}


def appearances(
    repository: Repository,
    blobs: Collection[str],
    names: Collection[bytes],
    commits: Commits,
    processes: int = 1,
) -> Appearances:
    """Look through commits, each once, in so many processes of git at most.

    ``blobs`` are names of objects, ``names`` are names of files or directories with the keys in
    them masked.
    """
    found = Appearances()
    wanted = {blob.encode("ascii"): blob for blob in blobs}
    filters = [] if names else _filters(repository, blobs)
    # What is not filtered would fill the pipes of those that nobody listens to yet.
    count = min(processes, 1 + len(commits) // _WORTH_A_PROCESS) if filters else 1
    with ExitStack() as running:
        files = commits.dealt(count, running)
        commands = [running.enter_context(repository.git((*_DIFF, *filters), f)) for f in files]
        for command in commands:
            try:
                for change in _changes(command):
                    if names and may_hide(change[2]):
                        _add_names(found, change, names)
                    _add_blobs(found, change, wanted)
            except SourceError as error:
                found.trouble = str(error)
    return found


def _filters(repository: Repository, blobs: Collection[str]) -> list[str]:
    """Return the options with which git tells nothing but changes of some blobs, if it can.

    Of a partial clone it would fetch all blobs that it compares, and they may not be fetched.
    """
    if len(blobs) > _MOST_ASKED_FOR or repository.has_promisor():
        return []
    return [f"--find-object={blob}" for blob in sorted(blobs)]


# The line of a commit, a line of --raw, and the path that this is about. As plain as can be: what
# git does not filter comes by the hundred thousand, and nearly all of it is passed over.
_Change: TypeAlias = "tuple[bytes, bytes, bytes]"


def _changes(command: Git) -> Iterator[_Change]:
    header = b""
    records = chain.from_iterable(command.records())
    for record in records:
        if record.startswith(_HEADER):
            header = record[1:]
        elif (raw := record.lstrip(b"\n")).startswith(b":"):
            yield header, raw, next(records, b"")


def _appearance(change: _Change) -> Appearance:
    header, _, path = change
    commit, date, *parents = header.decode("ascii", "replace").split()
    return Appearance(commit, date, len(parents), path)


def _add_blobs(found: Appearances, change: _Change, wanted: Mapping[bytes, str]) -> None:
    _, _, old, new, _ = change[1].split(b" ", 4)
    if old == new:
        return
    if old in wanted:
        found.removed.setdefault(wanted[old], []).append(_appearance(change))
    if new in wanted:
        found.added.setdefault(wanted[new], []).append(_appearance(change))


def _add_names(found: Appearances, change: _Change, names: Collection[bytes]) -> None:
    _, raw, path = change
    kept = {b"A": found.added, b"D": found.removed}.get(raw[-1:])
    if kept is None:
        return
    for part in {redact(part) for part in path.split(b"/")}.intersection(names):
        kept.setdefault(part, []).append(_appearance(change))
