"""Bytes that can be read at any place: what archives with a directory at their end need."""

from __future__ import annotations

import errno
import os
import sys

TYPE_CHECKING = False  # this module is on the hook's clean path
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO, Protocol

    class Store(Protocol):
        """Some bytes, of which every part can be read again and in any order."""

        size: int

        def read(self, offset: int, size: int) -> bytes:
            """Return up to ``size`` bytes from ``offset`` on; fewer only at the end."""


STEP = 1 << 18
# MADV_POPULATE_READ: 22 in Linux since 5.14, and not yet a name in Python.
_POPULATE = 22 if sys.platform == "linux" else None

IN_MEMORY = 8 << 20
"""What a spool keeps in memory before it turns to a file."""


class Memory:
    """A view that somebody else holds."""

    __slots__ = ("_view", "size")

    def __init__(self, view: memoryview) -> None:
        self._view = view
        self.size = len(view)

    def read(self, offset: int, size: int) -> bytes:
        """Copy a part of the view."""
        return bytes(self._view[offset : offset + size])


class OpenFile:
    """A regular file by its descriptor, which stays the caller's to close."""

    __slots__ = ("_descriptor", "size")

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self.size = size

    def read(self, offset: int, size: int) -> bytes:
        """Read without moving the descriptor's own position; raises ``OSError``."""
        parts = []
        while size > 0 and (part := os.pread(self._descriptor, size, offset)):
            parts.append(part)
            offset += len(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def read_into(self, offset: int, view: memoryview) -> int:
        """Read what one call gives, and return how much that is; raises ``OSError``."""
        if hasattr(os, "preadv"):
            return os.preadv(self._descriptor, (view,), offset)
        data = os.pread(self._descriptor, len(view), offset)
        view[: len(data)] = data
        return len(data)

    def mapped(self, offset: int, size: int) -> memoryview | None:
        """Return a part of the file where the system has it in memory, or ``None`` if it cannot.

        ``offset`` is a multiple of ``mmap.ALLOCATIONGRANULARITY``. All of the part has been read
        by then. Who looks at it after the file was cut short is ended by a signal.
        """
        if _POPULATE is None:
            return None
        import mmap  # noqa: PLC0415 - the run of short files does without

        try:
            part = mmap.mmap(self._descriptor, size, access=mmap.ACCESS_READ, offset=offset)
            part.madvise(_POPULATE)
        except (OSError, ValueError):  # an older system, no such file system, or it is shorter now
            return None
        return memoryview(part)

    def is_hole(self, start: int, stop: int) -> bool:
        """Tell whether a part of the file is known to be nothing but zeros that take no room.

        Moves the descriptor's own position.
        """
        try:
            return os.lseek(self._descriptor, start, os.SEEK_DATA) >= stop
        except AttributeError:  # no platform's but where files have holes
            return False
        except OSError as error:
            return error.errno == errno.ENXIO  # nothing but a hole until the end

    def identity(self) -> tuple[int, int]:
        """Return what tells the file from any other there is, whatever it is called."""
        told = os.fstat(self._descriptor)
        return told.st_dev, told.st_ino


class Section:
    """A part of another store, as if it stood alone."""

    __slots__ = ("_start", "_store", "size")

    def __init__(self, store: Store, start: int, size: int) -> None:
        self._store = store
        self._start = start
        self.size = max(0, min(size, store.size - start))

    def read(self, offset: int, size: int) -> bytes:
        """Read from the store behind it."""
        return self._store.read(self._start + offset, min(size, self.size - offset))


class Spool:
    """A stream that was read to its end: in memory while it is small, else in an unlinked file.

    Has to be closed. Raises ``OSError`` where there is no room for the file.
    """

    __slots__ = ("_file", "_parts", "size")

    def __init__(self, chunks: Iterable[memoryview]) -> None:
        self.size = 0
        self._file: BinaryIO | None = None
        self._parts = bytearray()
        try:
            for chunk in chunks:
                self._add(chunk)
        except BaseException:
            self.close()
            raise

    def _add(self, chunk: memoryview) -> None:
        self.size += len(chunk)
        if self._file is None and self.size > IN_MEMORY:
            import tempfile  # noqa: PLC0415 - 4 ms, and only for what is packed in a stream

            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close
            self._file.write(self._parts)
            self._parts = bytearray()
        if self._file is None:
            self._parts += chunk
        else:
            self._file.write(chunk)

    def read(self, offset: int, size: int) -> bytes:
        """Copy a part of what was spooled."""
        if self._file is None:
            return bytes(self._parts[offset : offset + size])
        self._file.seek(offset)
        return self._file.read(size)

    def close(self) -> None:
        """Give memory and file back."""
        self._parts = bytearray()
        if self._file is not None:
            self._file.close()


def views(store: Store, start: int, stop: int) -> Iterator[memoryview]:
    """Yield the bytes ``[start, stop)`` of a store, a step at a time; ends early where they do."""
    while start < stop and (data := store.read(start, min(STEP, stop - start))):
        yield memoryview(data)
        start += len(data)
