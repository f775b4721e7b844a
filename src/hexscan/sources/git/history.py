"""What a repository holds, and which part of it is asked for.

Everything: the objects, each once; names of refs and of what is staged; and the plain files of the
git directory, among them reflogs, hooks and the message that was edited last. Narrowed: the
objects that some commits reach.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack

from hexscan.blob import FAILURE, NAME, Blob, Origin, Skip
from hexscan.errors import SourceError
from hexscan.matcher import sift
from hexscan.sources.entries import Entries
from hexscan.sources.git.gitdir import INDEX, as_called, git_dirs, plain_files
from hexscan.sources.git.missing import missing
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.repository import Repository, shown
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from hexscan.sources.entries import Suspects
    from hexscan.sources.git.door import Git

Item = Blob | Skip


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which commits count: newer than ``since``, in the range, reached by refs that match ``ref``.

    All of them are git's own notations. With none of them everything counts, reachable or not.
    """

    since: str | None = None
    range: str | None = None
    ref: str | None = None

    def __bool__(self) -> bool:
        return bool(self.since or self.range or self.ref)

    def arguments(self, refs: list[str]) -> list[str]:
        """Return the arguments of ``git rev-list`` that say the same; ``refs`` match ``ref``."""
        everywhere = [] if self.ref or self.range else ["--all", "--reflog"]
        since = [f"--since={self.since}"] if self.since else []
        ranges = [self.range] if self.range else []
        return [*since, *everywhere, "--end-of-options", *refs, *ranges, "--"]


EVERYTHING = Narrowing()

# What git takes any words for that are no date to it.
_NOW = ("now", "today")
_MOMENT = 5  # seconds


def _check_date(repository: Repository, date: str) -> None:
    """Raise ``SourceError`` for a date that is none: git takes it for now, and reads nothing."""
    (told,) = repository.lines(("rev-parse", f"--since={date}"))
    age = time.time() - int(told.rpartition(b"=")[2])
    if not date.strip() or (abs(age) < _MOMENT and date.strip().lower() not in _NOW):
        raise SourceError(f"not a date: {date}", hint="for example 2026-05-20, or '2 weeks ago'")


def narrowed(
    repository: Repository, narrowing: Narrowing, failures: list[Skip], running: ExitStack
) -> IO[bytes]:
    """Return a file with the names of the objects that the commits reach, a line each.

    What git misses on its way goes to ``failures``. The file is closed with ``running``. Raises
    ``SourceError`` for a revision that git does not know.
    """
    names = running.enter_context(nameless_file())
    arguments = ("rev-list", "--objects", "--no-object-names", "--missing=print")
    refs = _matching(repository, narrowing.ref) if narrowing.ref else []
    if narrowing.since is not None:
        _check_date(repository, narrowing.since)
    with repository.git((*arguments, *narrowing.arguments(refs))) as command:
        for line in command.lines():
            if line.startswith(b"?"):
                failures.append(missing(repository, line))
            else:
                names.write(line + b"\n")
        if why := command.failure():
            raise SourceError(f"{shown(repository.path)}: {why}", hint=command.hint())
    names.seek(0)
    return names


def _matching(repository: Repository, pattern: str) -> list[str]:
    """Return the full names of the refs that match; raises ``SourceError`` if there are none."""
    full = pattern if pattern.startswith("refs/") else f"refs/{pattern}"
    refs = repository.lines(("for-each-ref", "--format=%(refname)", full))
    if not refs:
        # Nothing would be read then, and nothing found.
        raise SourceError(
            f"{shown(repository.path)}: no ref matches {pattern}",
            hint="write it as git does, for example heads/main, tags/v* or remotes/origin",
        )
    return [os.fsdecode(ref) for ref in refs]


def ask_tips(repository: Repository) -> Git:
    """Ask for the names of the objects that refs name; :func:`tips` waits for the answer."""
    return repository.git(("rev-parse", "--all"))


def tips(repository: Repository, command: Git) -> list[bytes]:
    """Return the names that were asked for, each once. Raises ``SourceError`` if git fails."""
    return sorted(set(repository.told(command)))


def ask_refs(repository: Repository) -> Git:
    """Ask for the refs, each with a look at its object, for :func:`beside_objects`."""
    return repository.git(("for-each-ref", "--format=%(objecttype) %(refname)"))


def beside_objects(repository: Repository, asked: Git, suspects: Suspects = sift) -> Iterator[Item]:
    """Yield names of refs and of index entries, and the plain files of the git directory.

    ``asked`` has been asked for the refs, and ``suspects`` tells which names could hold what is
    looked for. Bytes hold until the next item is asked for.
    """
    try:
        refs = repository.told(asked)
        # There can be tens of thousands of them.
        if suspects(b"\n".join(refs)):
            for refname in (ref.split(b" ", 1)[-1] for ref in refs):
                yield Blob(Origin(refname, NAME), memoryview(refname))
    except SourceError as error:
        yield Skip(Origin(repository.path), FAILURE, str(error))
    for git_dir in git_dirs(repository):
        yield from _index(repository, git_dir, suspects)
    yield from plain_files(repository, suspects)


def _index(repository: Repository, git_dir: bytes, suspects: Suspects) -> Iterator[Item]:
    """Yield the paths in an index that could hold a key; without any, the index as it stands.

    Beside its entries an index may name files that are not tracked, in the cache of those.
    """
    file = git_dir + b"/" + INDEX
    if not os.path.lexists(file):
        return
    where = f"--git-dir={os.fsdecode(git_dir)}"
    told = False
    with repository.git((where, "ls-files", "-z", "--cached")) as command:
        try:
            for paths in command.records():
                if suspects(b"\n".join(paths)):
                    told = True
                    yield from (Blob(Origin(path, NAME), memoryview(path)) for path in set(paths))
        except SourceError as error:
            yield Skip(Origin(git_dir), FAILURE, f"its index cannot be read: {error}")
    if not told:
        entries = Entries()
        try:
            yield entries.file(as_called(repository, file), follow=True)
        finally:
            entries.close()
