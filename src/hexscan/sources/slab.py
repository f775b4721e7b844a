"""Many small files in one buffer, so that one question is asked about all of them.

To look for needles costs a few microseconds for each call, which is as much as to open and close a
file. Files that stand one behind the other are asked about once, and only where the answer is that
something may be in one of them does each become a blob.
"""

from __future__ import annotations

import os
from bisect import bisect_left

from hexscan import skim
from hexscan.blob import FAILURE, Blob, Files, Origin, Skip
from hexscan.sources.files import BUFFER_SIZE, NO_FOLLOW, Broken, check_regular, fill
from hexscan.values import replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hexscan.sources.entries import Entries

MOST_FILES = 256
"""How many files share a buffer at most: of empty ones it would hold any number."""

# About as much as the second-level cache of a processor holds: a quarter of it was slower by 8 %.
_SIZE = 4 * BUFFER_SIZE
# Beyond this no file is begun, so that each finds as much room as a buffer of its own would have.
_FULL = _SIZE - BUFFER_SIZE

# To open a directory and each file in it by its name alone is less work for the system than to
# look up the whole path for each.
_WORTH_A_DIRECTORY = 4
_DIRECTORY = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)


class Slab:
    """Whole files, one behind the other, in a buffer that is used again.

    ``ends`` are where in :attr:`data` the files at ``paths`` end; the next one starts behind a NUL,
    for with what follows a run of digits must not become a longer one. All of it is good until
    :meth:`clear`.
    """

    __slots__ = ("_buffer", "_entries", "_size", "ends", "paths")

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._buffer = memoryview(bytearray(_SIZE))
        self._size = 0
        self.ends: list[int] = []
        self.paths: list[bytes] = []

    @property
    def data(self) -> memoryview:
        """All the files."""
        return self._buffer[: self._size]

    def is_full(self) -> bool:
        """Tell whether the next file might find no room, or there are many already."""
        return self._size > _FULL or len(self.paths) >= MOST_FILES

    def clear(self) -> None:
        """Make room."""
        self._size = 0
        self.ends.clear()
        self.paths.clear()

    def take(self, files: Files, directory: int | None) -> Blob | Skip | None:
        """Read the next files behind the others, and return ``None``.

        They are opened by their names in their open ``directory``, or by their paths. A file that
        is larger than the room that it has comes back as a blob, and one that cannot be read as a
        skip.
        """
        if skim.gather and directory is not None:
            before = files.taken
            descriptor = self._gather(skim.gather, files, directory)
            if descriptor >= 0:
                room = self._buffer[self._size : self._size + BUFFER_SIZE]
                path = files.prefix + files.names[files.taken]
                files.taken += 1
                return self._entries.go_on(path, descriptor, room)
            if files.taken > before:
                return None
        name = files.names[files.taken]
        files.taken += 1
        path = files.prefix + name
        return self._take_one(path, path if directory is None else name, directory)

    def _gather(self, gather: Callable[..., int], files: Files, directory: int) -> int:
        """Read what the compiled part can read; gives what that gives."""
        ends, known = self.ends, len(self.ends)
        descriptor = gather(
            directory,
            files.names,
            files.taken,
            MOST_FILES - known,
            NO_FOLLOW,
            self._buffer,
            self._size,
            _FULL,
            ends,
        )
        number = len(ends) - known
        if number:
            prefix, names = files.prefix, files.names[files.taken : files.taken + number]
            self.paths += [prefix + name for name in names]
            files.taken += number
            self._size = ends[-1] + 1
        return descriptor

    def _take_one(self, path: bytes, name: bytes, directory: int | None) -> Blob | Skip | None:
        try:
            descriptor = os.open(name, NO_FOLLOW, dir_fd=directory)
        except OSError as error:
            return self._entries.not_opened(path, error)
        room = self._buffer[self._size : self._size + BUFFER_SIZE]
        try:
            filled = fill(descriptor, room)
            if not filled:
                check_regular(descriptor)
        except (Broken, OSError):
            os.close(descriptor)
            return self._entries.file(path)  # which tells how far it comes, and why not further
        if filled == len(room):
            return self._entries.go_on(path, descriptor, room)
        os.close(descriptor)
        end = self._size + filled
        self._buffer[end] = 0
        self._size = end + 1
        self.ends.append(end)
        self.paths.append(path)
        return None

    def blob(self, number: int) -> Blob:
        """Return one of the files as a blob."""
        start = self.ends[number - 1] + 1 if number else 0
        return Blob(Origin(self.paths[number]), self._buffer[start : self.ends[number]])

    def doubtful(self, doubts: Callable[[int, int], int]) -> Iterator[int]:
        """Yield the numbers of the files of which a scanner has doubts.

        See :meth:`hexscan.scanner.Scanner.doubts`, which was asked about :attr:`data`.
        """
        number, start = 0, 0
        while number < len(self.ends):
            end = self.ends[number]
            place = doubts(start, end + 1)
            if place <= end:
                yield number
                place = end + 1
            # The file at that place, or the one behind that NUL.
            number = bisect_left(self.ends, place, number)
            start = self.ends[number - 1] + 1 if number else 0

    def blobs(self) -> Iterator[Blob]:
        """Yield each file as a blob."""
        return map(self.blob, range(len(self.paths)))


def gathered(items: Iterable[Blob | Skip | Files], slab: Slab) -> Iterator[Blob | Skip | Slab]:
    """Read the files that a source lists into ``slab``; what it has read itself passes as it is.

    Blobs and slabs come in the order of the source, wherever it is cut into parts that are read one
    after the other. A slab holds until the next item is asked for, and so does a blob.
    """
    slab.clear()
    for item in items:
        if not isinstance(item, Files):
            yield from _in_order(slab, item)
            continue
        directory = _open_directory(item)
        try:
            while item.taken < len(item.names) and (item.goes_on is None or item.goes_on()):
                if slab.is_full():
                    yield slab
                    slab.clear()
                alone = slab.take(item, directory)
                if alone is not None:
                    yield from _in_order(slab, _missed(alone) if item.named else alone)
        finally:
            if directory is not None:
                os.close(directory)
    if slab.paths:
        yield slab


def _missed(item: Blob | Skip) -> Blob | Skip:
    """Return what became of a file that was named, which cannot be left out on purpose."""
    return replace(item, kind=FAILURE) if isinstance(item, Skip) else item


def _in_order(slab: Slab, item: Blob | Skip) -> Iterator[Blob | Skip | Slab]:
    if slab.paths and isinstance(item, Blob):  # the order of skips is nobody's concern
        yield slab
        slab.clear()
    yield item


def _open_directory(files: Files) -> int | None:
    """Open the directory of some files; ``None`` where that cannot be or does not pay."""
    if len(files.names) < _WORTH_A_DIRECTORY or os.open not in os.supports_dir_fd:
        return None
    try:
        return os.open(files.prefix or b".", _DIRECTORY)
    except OSError:
        return None  # each file tells what is wrong
