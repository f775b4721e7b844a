"""What one path gives: the bytes of a file, the target of a link, or a reason."""

from __future__ import annotations

import errno
import os
import stat

from hexscan.blob import FAILURE, NAME, POLICY, TARGET, Blob, Origin, ReadError, Skip
from hexscan.matcher import sift
from hexscan.sources.files import Reader, is_gone, reason

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from hexscan.sources.files import Rest

    Suspects: TypeAlias = Callable[[bytes], bool]

EXCLUDED = "excluded"
IGNORED_BY_GIT = "ignored by git"
IGNORED_BY_GITIGNORE = "ignored by .gitignore"
IGNORED_BY_HEXSCANIGNORE = "ignored by .hexscanignore"
GIT_DIRECTORY = "git's own directory"
ABSENT = "listed by git, not in the working tree"
BEHIND_LINK = "listed by git, now behind a symbolic link"
VANISHED = "vanished before it was opened"

_SPECIAL = {
    stat.S_IFIFO: "a FIFO, never opened",
    stat.S_IFSOCK: "a socket, never opened",
    stat.S_IFCHR: "a device, never opened",
    stat.S_IFBLK: "a device, never opened",
}

# O_NOFOLLOW met a symbolic link: ELOOP says POSIX, EMLINK says FreeBSD.
_LINK_MET = (errno.ELOOP, errno.EMLINK)


def left_out(path: bytes, why: str) -> Skip:
    """Make the skip of something that a rule leaves out."""
    return Skip(Origin(path), POLICY, why)


def failed(path: bytes, error: OSError) -> Skip:
    """Make the skip of something that cannot be read, or that vanished while it was walked to."""
    if is_gone(error):
        return left_out(path, VANISHED)
    return Skip(Origin(path), FAILURE, reason(error))


def name(path: bytes, text: bytes) -> Blob:
    """Make the blob of a name, the last part of ``path``."""
    return Blob(Origin(path, NAME), memoryview(text))


class Entries:
    """Opens what a source lists, one path after the other, through one :class:`Reader`.

    The views of a blob hold until the next path is opened. :meth:`close` closes a file that was
    left half read. ``suspects`` tells which names could hold a key and are blobs of their own.
    """

    def __init__(self, suspects: Suspects = sift) -> None:
        self.suspects = suspects
        self._reader = Reader()

    def close(self) -> None:
        """Close a file that was left half read."""
        self._reader.close()

    def file(self, path: bytes, *, follow: bool = False) -> Blob | Skip:
        """Read a regular file; with ``follow`` also through a symbolic link."""
        try:
            head, rest = self._reader.read(path, follow=follow)
        except OSError as error:
            return failed(path, error) if follow else self.not_opened(path, error)
        return _content(path, head, rest)

    def go_on(self, path: bytes, descriptor: int, begun: memoryview) -> Blob | Skip:
        """Read on in an open file, of which the first bytes were read elsewhere.

        The descriptor belongs to this object from now on.
        """
        try:
            head, rest = self._reader.go_on(descriptor, begun)
        except OSError as error:
            return failed(path, error)
        return _content(path, head, rest)

    def not_opened(self, path: bytes, error: OSError) -> Blob | Skip:
        """Tell what is under a path that could not be opened as a regular file."""
        if error.errno in _LINK_MET:
            return self.link(path)  # it became one between listing and opening
        return failed(path, error)

    def link(self, path: bytes) -> Blob | Skip:
        """Read the target text of a symbolic link, without following it."""
        try:
            target = os.readlink(path)  # noqa: PTH115 - paths are bytes
        except OSError as error:
            return failed(path, error)
        return Blob(Origin(path, TARGET), memoryview(target))

    def of_mode(self, path: bytes, mode: int, *, follow: bool = False) -> Blob | Skip:
        """Take anything that is no directory, by its ``st_mode``; special files are not opened."""
        kind = stat.S_IFMT(mode)
        if kind == stat.S_IFREG:
            return self.file(path, follow=follow)
        if kind == stat.S_IFLNK:
            return self.link(path)
        return left_out(path, _SPECIAL.get(kind, "of an unknown type, never opened"))


def _content(path: bytes, head: memoryview, rest: Rest | None) -> Blob:
    if rest is None:
        return Blob(Origin(path), head)
    return Blob(Origin(path), head, _rest(rest), rest.store())


def _rest(rest: Rest) -> Iterator[memoryview]:
    try:
        yield from rest
    except OSError as error:
        raise ReadError(reason(error)) from None
