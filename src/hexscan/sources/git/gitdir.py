"""The plain files of a git directory: all that is in it beside what git itself gives.

Hooks, reflogs, configuration, the states of a merge, a rebase or a bisection, what other tools keep
there. Also what a git that was interrupted has left among the objects, and whatever else lies
there that git does not take for an object: no listing of git's has it.
"""

from __future__ import annotations

import os

from hexscan.blob import Blob, Skip
from hexscan.matcher import sift
from hexscan.sources.entries import Entries, failed, name
from hexscan.sources.git.repository import Repository

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.sources.entries import Suspects

Item = Blob | Skip

INDEX = b"index"
MODULES = b"modules"
_WORKTREES = b"worktrees"
_OBJECTS = b"objects"
_PACK_FOLDER = b"pack"
_HEX = frozenset(b"0123456789abcdef")

# Links that `git-new-workdir` makes, and git goes through. Any other link may lead anywhere.
_LINKED_FOLDERS = frozenset(
    (b"hooks", b"info", b"logs", b"logs/refs", b"refs", b"remotes", b"rr-cache", b"svn")
)
_LINKED_FILES = frozenset((b"config", b"packed-refs"))


def git_dirs(repository: Repository) -> list[bytes]:
    """Return the git directories that have an index: the main one's and the linked work trees'."""
    linked = repository.common_dir + b"/" + _WORKTREES
    try:
        names = sorted(os.listdir(linked))  # noqa: PTH208 - paths are bytes
    except (FileNotFoundError, NotADirectoryError):
        names = []
    return [repository.common_dir, *(linked + b"/" + name for name in names)]


def plain_files(repository: Repository, suspects: Suspects = sift) -> Iterator[Item]:
    """Yield the files of a git directory, their names, and the targets of links among them.

    Bytes hold until the next item is asked for. An index is left to those who read it with git,
    and so are submodules' repositories.
    """
    entries = Entries(suspects)
    try:
        top = repository.common_dir
        yield from _Walk(entries, as_called(repository, top), repository.name_length).below(top)
    finally:
        entries.close()


class _Walk:
    """The way through one git directory; ``lead`` is how the user calls it."""

    def __init__(self, entries: Entries, lead: bytes, name_length: int) -> None:
        self._entries = entries
        self._lead = lead
        self._loose_length = name_length - 2

    def below(self, top: bytes, way: bytes = b"") -> Iterator[Item]:
        """Yield what is below a directory, ``way`` from the git directory."""
        errors: list[OSError] = []
        for folder, names, files in os.walk(top, onerror=errors.append):
            yield from (failed(os.fsencode(error.filename), error) for error in errors)
            errors.clear()
            here = (way + folder[len(top) :]).lstrip(b"/")
            if _is_modules(here) and b"HEAD" in files:
                names.clear()  # a repository of its own
                continue
            names.sort()
            links = [each for each in names if os.path.islink(folder + b"/" + each)]  # noqa: PTH114
            for each in sorted((*self._plain(here, files), *links)):
                yield from self._entry(here, each)
            for each in links:
                if _way(here, each) in _LINKED_FOLDERS:
                    target = os.path.realpath(folder + b"/" + each)
                    yield from self.below(target, _way(here, each))

    def _plain(self, here: bytes, files: list[bytes]) -> list[bytes]:
        """Return those of a directory's files that git gives nothing of."""
        parent, _, folder = here.rpartition(b"/")
        if parent == _OBJECTS and folder == _PACK_FOLDER:
            present = frozenset(files)
            return [file for file in files if not _is_pack(file, present)]
        if parent == _OBJECTS and len(folder) == 2 and _HEX.issuperset(folder):  # noqa: PLR2004
            length = self._loose_length
            return [file for file in files if len(file) != length or not _HEX.issuperset(file)]
        if not here or parent == _WORKTREES:
            return [file for file in files if file != INDEX]
        return files

    def _entry(self, here: bytes, file: bytes) -> Iterator[Item]:
        path = self._lead + b"/" + _way(here, file)
        if self._entries.suspects(file):
            yield name(path, file)
        try:
            mode = os.lstat(path).st_mode
        except OSError as error:
            yield failed(path, error)
            return
        yield self._entries.of_mode(path, mode)
        if _way(here, file) in _LINKED_FILES and os.path.islink(path):  # noqa: PTH114 - bytes
            yield self._entries.file(path, follow=True)


def _way(here: bytes, each: bytes) -> bytes:
    return here + b"/" + each if here else each


def _is_modules(here: bytes) -> bool:
    """Tell whether submodules' repositories lie there: ``modules``, also of a linked work tree."""
    parts = here.split(b"/")
    return parts[0] == MODULES or (parts[0] == _WORKTREES and parts[2:3] == [MODULES])


def _is_pack(file: bytes, present: frozenset[bytes]) -> bool:
    """Tell whether git reads a file as a pack: it does if there is an index with it."""
    stem, _, kind = file.rpartition(b".")
    return kind == b"pack" and file.startswith(b"pack-") and stem + b".idx" in present


def as_called(repository: Repository, path: bytes) -> bytes:
    """Return a path in the git directory as a continuation of what the user called it."""
    real = os.path.realpath(repository.path)
    if path == real or path.startswith(real + b"/"):
        return (repository.path.rstrip(b"/") + path[len(real) :]).removeprefix(b"./")
    return path
