"""Read files into one buffer that is used again and again.

A clean small file costs its system calls - open, read until nothing comes, close - and no object
but the view of the buffer. This module is also on the hook's clean path, so it imports nothing
that takes longer than the scan of a commit.
"""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from hexscan.store import OpenFile

BUFFER_SIZE = 256 * 1024

# O_NONBLOCK: should the path turn into a FIFO between listing and opening, open does not hang.
# Flags that a platform lacks count as nothing.
FOLLOW = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOINHERIT", 0)
)
NO_FOLLOW = FOLLOW | getattr(os, "O_NOFOLLOW", 0)
"""How a file that was listed is opened: a symbolic link in its place is refused."""


class Broken(Exception):  # noqa: N818 - it carries the error
    """Reading broke off with ``error`` behind the first ``filled`` bytes of a view."""

    def __init__(self, filled: int, error: OSError) -> None:
        super().__init__(filled)
        self.filled = filled
        self.error = error


def _read_and_copy(descriptor: int, views: tuple[memoryview]) -> int:
    """Do what ``os.readv`` does with one view, where the platform has none."""
    (view,) = views
    data = os.read(descriptor, len(view))
    view[: len(data)] = data
    return len(data)


_read_into = os.readv if hasattr(os, "readv") else _read_and_copy


def fill(descriptor: int, view: memoryview) -> int:
    """Read until ``view`` is full or nothing more comes, and return how many bytes were read.

    Short reads say nothing about the end of a file (``/proc``, FUSE, pipes): only a read of no
    bytes does. Raises ``OSError``, and :class:`Broken` where some bytes had been read by then.
    """
    size = len(view)
    filled = _read_into(descriptor, (view,))
    while 0 < filled < size:
        try:
            count = _read_into(descriptor, (view[filled:],))
        except OSError as error:
            raise Broken(filled, error) from None
        if not count:
            break
        filled += count
    return filled


def reason(error: OSError) -> str:
    """Say in a few lower-case words why a call failed, as in ``permission denied``.

    The path is not quoted: it stands in the origin.
    """
    words = error.strerror or (os.strerror(error.errno) if error.errno else type(error).__name__)
    return words.lower()


def is_gone(error: OSError) -> bool:
    """Tell whether a call failed because there is nothing (any more) under the path."""
    return error.errno in (errno.ENOENT, errno.ENOTDIR)


def check_regular(descriptor: int) -> None:
    """Raise ``OSError`` for what is empty because it is no file: a FIFO took its place."""
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, "not a regular file any more")


class Rest:
    """What comes after the first buffer of a large file: views that are as full as possible.

    Every view is the buffer of the :class:`Reader`: it holds until the next one is asked for.
    The file is closed at its end unless :meth:`store` was asked for, on an error (``OSError``),
    and by :meth:`close`.
    """

    __slots__ = ("_buffer", "_descriptor", "_error", "_stays_open")

    def __init__(self, descriptor: int, buffer: memoryview, error: OSError | None = None) -> None:
        self._stays_open = False
        self._descriptor = descriptor
        self._buffer = buffer
        self._error = error

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> memoryview:
        if self._error is not None:
            raise self._error
        if self._descriptor < 0:
            raise StopIteration
        try:
            filled = fill(self._descriptor, self._buffer)
        except Broken as broken:
            filled, self._error = broken.filled, broken.error
            if not self._stays_open:
                self.close()
        except BaseException:
            self.close()
            raise
        if not filled:
            if not self._stays_open:
                self.close()
            raise StopIteration
        return self._buffer[:filled]

    def store(self) -> OpenFile | None:
        """Return a way to read the file at any place; it holds until :meth:`close`.

        ``None`` where the platform has none, for a file that does not tell its size, and where
        reading has broken off.
        """
        from hexscan.store import OpenFile  # noqa: PLC0415 - for large files only

        if self._descriptor < 0:
            return None
        size = os.fstat(self._descriptor).st_size
        if size < len(self._buffer) or not hasattr(os, "pread"):
            return None
        self._stays_open = True
        return OpenFile(self._descriptor, size)

    def close(self) -> None:
        """Close the file, if it is still open; no more views come."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            os.close(descriptor)


class Reader:
    """Opens and reads one file after the other into a buffer of its own.

    At most one file is open at a time: the next :meth:`read` closes what is left of the one
    before. Not for use by several threads at once.
    """

    __slots__ = ("_buffer", "_rest")

    def __init__(self, size: int = BUFFER_SIZE) -> None:
        self._buffer = memoryview(bytearray(size))
        self._rest: Rest | None = None

    def read(self, path: bytes, *, follow: bool = False) -> tuple[memoryview, Rest | None]:
        """Return the first bytes of a file, and the rest if they filled the buffer.

        The view belongs to the reader and holds until the rest is asked for its next view, or
        until the next call. ``path`` has to be known as a regular file; a symbolic link is
        refused with ``ELOOP`` unless ``follow`` is given. Raises ``OSError``.
        """
        if self._rest is not None:
            self.close()
        return self._read(os.open(path, FOLLOW if follow else NO_FOLLOW), 0)

    def go_on(self, descriptor: int, begun: memoryview) -> tuple[memoryview, Rest | None]:
        """Do the same with an open file of which the first bytes were read elsewhere.

        The descriptor belongs to the reader from now on.
        """
        if self._rest is not None:
            self.close()
        self._buffer[: len(begun)] = begun
        return self._read(descriptor, len(begun))

    def _read(self, descriptor: int, begun: int) -> tuple[memoryview, Rest | None]:
        try:
            filled = begun + fill(descriptor, self._buffer[begun:])
            if not filled:
                check_regular(descriptor)
        except Broken as broken:
            os.close(descriptor)
            filled = begun + broken.filled
            return self._buffer[:filled], Rest(-1, self._buffer, broken.error)
        except BaseException:
            os.close(descriptor)
            raise
        if filled < len(self._buffer):
            os.close(descriptor)
            return self._buffer[:filled], None
        self._rest = Rest(descriptor, self._buffer)
        return self._buffer, self._rest

    def close(self) -> None:
        """Close the file that was left half read, if there is one."""
        if self._rest is not None:
            rest, self._rest = self._rest, None
            rest.close()
