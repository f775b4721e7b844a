"""In which commits a blob, or a name, came into a repository and left it again."""

import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from itertools import chain

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
    filters = _filters(blobs, names)
    # What is not filtered would fill the pipes of those that nobody listens to yet.
    count = min(processes, 1 + len(commits) // _WORTH_A_PROCESS) if filters else 1
    with ExitStack() as running:
        files = commits.dealt(count, running)
        commands = [running.enter_context(repository.git((*_DIFF, *filters), f)) for f in files]
        for command in commands:
            try:
                for change in _changes(command):
                    if names and may_hide(change.path):
                        _add_names(found, change, names)
                    _add_blobs(found, change, wanted)
            except SourceError as error:
                found.trouble = str(error)
    return found


def _filters(blobs: Collection[str], names: Collection[bytes]) -> list[str]:
    """Return the options with which git tells nothing but changes of some blobs, if it can."""
    if names or len(blobs) > _MOST_ASKED_FOR:
        return []
    return [f"--find-object={blob}" for blob in sorted(blobs)]


@dataclass(frozen=True, slots=True)
class _Change:
    """What a commit does at one path: a line of ``--raw`` and the line before all of them."""

    header: bytes
    raw: bytes
    path: bytes

    def appearance(self) -> Appearance:
        commit, date, *parents = self.header.decode("ascii", "replace").split()
        return Appearance(commit, date, len(parents), self.path)


def _changes(command: Git) -> Iterator[_Change]:
    header = b""
    records = (record for some in command.records() for record in some)
    for record in records:
        if record.startswith(_HEADER):
            header = record[1:]
        elif record.lstrip(b"\n").startswith(b":"):
            yield _Change(header, record.lstrip(b"\n"), next(records, b""))


def _add_blobs(found: Appearances, change: _Change, wanted: Mapping[bytes, str]) -> None:
    old, new = change.raw.split(b" ", 4)[2:4]
    if old == new:
        return
    for name, kept in ((old, found.removed), (new, found.added)):
        if name in wanted:
            kept.setdefault(wanted[name], []).append(change.appearance())


def _add_names(found: Appearances, change: _Change, names: Collection[bytes]) -> None:
    kept = {b"A": found.added, b"D": found.removed}.get(change.raw[-1:])
    if kept is None:
        return
    for part in {redact(part) for part in change.path.split(b"/")}.intersection(names):
        kept.setdefault(part, []).append(change.appearance())
