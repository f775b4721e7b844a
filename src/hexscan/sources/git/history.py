"""What a repository holds, and which part of it is asked for.

Everything: the objects, each once; names of refs and of what is staged; and the plain files of the
git directory, among them reflogs, hooks and the message that was edited last. Narrowed: the
objects that some commits reach.
"""

import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO

from hexscan.blob import FAILURE, NAME, Blob, Origin, Skip
from hexscan.errors import SourceError
from hexscan.matcher import sift
from hexscan.sources.entries import Entries, failed, name
from hexscan.sources.git.objects import unreadable
from hexscan.sources.git.repository import Repository, shown

Item = Blob | Skip

# Objects are read by git, submodules are repositories of their own, an index is read by git.
_NO_PLAIN_FILES = (b"objects", b"modules")
_INDEX = b"index"
# Follows every reference, from the index too, and prints what is not there.
_WALK = (
    *("rev-list", "--objects", "--quiet", "--missing=print"),
    *("--all", "--reflog", "--indexed-objects"),
)
_COULD_NOT_READ = re.compile(r"Could not read ([0-9a-f]{40,64})")


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
    names = running.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the same
    arguments = ("rev-list", "--objects", "--no-object-names", "--missing=print")
    refs = _matching(repository, narrowing.ref) if narrowing.ref else []
    if narrowing.since is not None:
        _check_date(repository, narrowing.since)
    with repository.git((*arguments, *narrowing.arguments(refs))) as command:
        for line in command.lines():
            if line.startswith(b"?"):
                failures.append(_missing(repository, line))
            else:
                names.write(line + b"\n")
        if why := command.failure():
            raise SourceError(f"{shown(repository.path)}: {why}")
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


def tips(repository: Repository) -> list[bytes]:
    """Return the names of the objects that refs name, each once."""
    return sorted(set(repository.lines(("rev-parse", "--all"))))


def missing_objects(repository: Repository, whole: Sequence[bytes] = ()) -> Iterator[Skip]:
    """Yield the objects that others refer to and that are not there.

    Not asked where all objects lie in a single pack: git checks that a pack is whole when it makes
    or fetches one, and following every reference would cost half as much as reading everything.
    Everything that ``whole`` reach is known to be there; if nothing is missing beyond that, no
    more is followed.
    """
    if _is_one_pack(repository) or (whole and _nothing_misses(repository, whole)):
        return
    with repository.git((*_WALK, "--")) as command:
        for line in command.lines():
            if line.startswith(b"?"):
                yield _missing(repository, line)
        if why := command.failure():
            # Git goes no further than a commit that is missing, and names it in a line of its own.
            named = _COULD_NOT_READ.findall("\n".join(command.complaints()))
            reasons = [unreadable(name) for name in named] or [why]
            yield from (Skip(Origin(repository.path), FAILURE, reason) for reason in reasons)


def _nothing_misses(repository: Repository, whole: Sequence[bytes]) -> bool:
    """Tell whether everything is there that some objects do not reach; ``False`` is not certain."""
    with tempfile.TemporaryFile() as revisions:
        revisions.writelines(b"^" + name + b"\n" for name in whole)
        revisions.seek(0)
        with repository.git((*_WALK, "--stdin"), revisions) as command:
            return not any(command.lines()) and command.failure() is None


def beside_objects(repository: Repository) -> Iterator[Item]:
    """Yield names of refs and of index entries, and the plain files of the git directory.

    Bytes hold until the next item is asked for.
    """
    try:
        refs = repository.lines(("for-each-ref", "--format=%(objecttype) %(refname)"))
        # There can be tens of thousands of them.
        if sift(b"\n".join(refs)):
            for refname in (ref.split(b" ", 1)[-1] for ref in refs):
                yield Blob(Origin(refname, NAME), memoryview(refname))
    except SourceError as error:
        yield Skip(Origin(repository.path), FAILURE, str(error))
    for git_dir in _git_dirs(repository):
        yield from _index(repository, git_dir)
    yield from _plain_files(repository)


def count(repository: Repository) -> int:
    """Return about how many objects there are: those of alternates are not counted."""
    facts = dict(line.split(b": ", 1) for line in repository.lines(("count-objects", "-v")))
    return int(facts.get(b"count", 0)) + int(facts.get(b"in-pack", 0))


def _index(repository: Repository, git_dir: bytes) -> Iterator[Item]:
    where = f"--git-dir={os.fsdecode(git_dir)}"
    with repository.git((where, "ls-files", "-z", "--cached")) as command:
        try:
            for paths in command.records():
                if sift(b"\n".join(paths)):
                    yield from (Blob(Origin(path, NAME), memoryview(path)) for path in set(paths))
        except SourceError as error:
            yield Skip(Origin(git_dir), FAILURE, f"its index cannot be read: {error}")


def _git_dirs(repository: Repository) -> list[bytes]:
    """Return the git directories that have an index: the main one's and the linked work trees'."""
    linked = repository.common_dir + b"/worktrees"
    try:
        names = sorted(os.listdir(linked))  # noqa: PTH208 - paths are bytes
    except FileNotFoundError:
        names = []
    return [repository.common_dir, *(linked + b"/" + name for name in names)]


def _plain_files(repository: Repository) -> Iterator[Item]:
    top = repository.common_dir
    lead = as_called(repository, top)
    entries = Entries()
    errors: list[OSError] = []
    try:
        for folder, names, files in os.walk(top, onerror=errors.append):
            if folder == top:
                names[:] = [each for each in names if each not in _NO_PLAIN_FILES]
            names.sort()
            yield from (failed(os.fsencode(error.filename), error) for error in errors)
            errors.clear()
            below = lead + folder[len(top) :]
            for file in sorted(files):
                path = below + b"/" + file
                if sift(file):
                    yield name(path, file)
                if file != _INDEX:
                    yield _plain_file(entries, path)
    finally:
        entries.close()


def _plain_file(entries: Entries, path: bytes) -> Item:
    try:
        return entries.of_mode(path, os.lstat(path).st_mode)
    except OSError as error:
        return failed(path, error)


def as_called(repository: Repository, path: bytes) -> bytes:
    """Return a path in the git directory as a continuation of what the user called it."""
    real = os.path.realpath(repository.path)
    if path == real or path.startswith(real + b"/"):
        return (repository.path.rstrip(b"/") + path[len(real) :]).removeprefix(b"./")
    return path


def _is_one_pack(repository: Repository) -> bool:
    facts = dict(line.split(b": ", 1) for line in repository.lines(("count-objects", "-v")))
    alternates = b"alternate" in facts
    return facts[b"count"] == b"0" and int(facts[b"packs"]) <= 1 and not alternates


def _missing(repository: Repository, line: bytes) -> Skip:
    return Skip(Origin(repository.path), FAILURE, unreadable(line[1:].decode("ascii", "replace")))
