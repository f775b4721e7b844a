"""Many small files in one buffer, so that one question is asked about all of them.

To look for needles costs a few microseconds for each call, which is as much as to open and close a
file. Files that stand one behind the other are asked about once, and only where the answer is that
something may be in one of them does each become a blob.
"""

from __future__ import annotations

import os
from bisect import bisect_left

from hexscan import skim
from hexscan.blob import FAILURE, Blob, Origin, Skip
from hexscan.sources.files import BUFFER_SIZE, NO_FOLLOW, Broken, check_regular, fill
from hexscan.sources.manifest import Manifest, lined_up
from hexscan.values import replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hexscan.blob import Files
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


class _Place:
    """The directory of the files that are read one by one, open where that can be and pays."""

    __slots__ = ("_descriptor", "_prefix_at")

    def __init__(self) -> None:
        self._descriptor: int | None = None
        self._prefix_at = -1

    def descriptor(self, files: Manifest) -> int | None:
        """Return the open directory of the file that was taken last; ``None`` for the path."""
        if files.prefix_at != self._prefix_at:
            self.close()
            self._prefix_at = files.prefix_at
            if files.names_ahead() + 1 >= _WORTH_A_DIRECTORY:
                self._descriptor = _open_directory(files.prefix)
        return self._descriptor

    def close(self) -> None:
        """Close it; to be called before other files are read."""
        descriptor, self._descriptor, self._prefix_at = self._descriptor, None, -1
        if descriptor is not None:
            os.close(descriptor)


class Slab:
    """Whole files, one behind the other, in a buffer that is used again.

    ``ends`` are where the files end in :attr:`data`; the next one starts behind a NUL, for with
    what follows a run of digits must not become a longer one. All of it is good until
    :meth:`clear`.
    """

    __slots__ = ("_buffer", "_entries", "_paths", "_place", "_size", "_taken", "ends")

    def __init__(self, entries: Entries) -> None:
        self._entries = entries
        self._buffer = memoryview(bytearray(_SIZE))
        self._size = 0
        self._place = _Place()
        self.ends: list[int] = []
        # What was taken: manifests, and where in them it ends. Its paths, once they are asked for.
        self._taken: list[tuple[Manifest, int]] = []
        self._paths: list[bytes] = []

    @property
    def data(self) -> memoryview:
        """All the files."""
        return self._buffer[: self._size]

    @property
    def paths(self) -> list[bytes]:
        """The paths of all the files, which hardly anybody wants to know."""
        if len(self._paths) < len(self.ends):
            self._paths = [path for files, stop in self._taken for path in files.paths(stop)]
        return self._paths

    def is_full(self) -> bool:
        """Tell whether the next file might find no room, or there are many already."""
        return self._size > _FULL or len(self.ends) >= MOST_FILES

    def clear(self) -> None:
        """Make room."""
        self._size = 0
        self.ends.clear()
        self._taken.clear()
        self._paths = []

    def close(self) -> None:
        """Close what is open between two files."""
        self._place.close()

    def take(self, files: Manifest) -> Blob | Skip | None:
        """Read the next files behind the others, and return ``None``.

        A file that is larger than the room that it has comes back as a blob, and one that cannot
        be read as a skip. :meth:`close` is to be called before another manifest has its turn.
        """
        if not skim.gather:
            return self._take_one(files, self._place)
        known = len(self.ends)
        descriptor = self._gather(skim.gather, files)
        if descriptor >= 0:
            room = self._buffer[self._size : self._size + BUFFER_SIZE]
            name = files.take()
            return self._entries.go_on(files.prefix + name, descriptor, room)
        return None if len(self.ends) > known else self._take_one(files, None)

    def _gather(self, gather: Callable[..., tuple[int, int, int]], files: Manifest) -> int:
        """Read what the compiled part can read; gives the descriptor that that gives."""
        known, before = len(self.ends), replace(files)
        files.at, files.prefix_at, descriptor = gather(
            files.items,
            files.at,
            files.prefix_at,
            MOST_FILES - known,
            NO_FOLLOW,
            self._buffer,
            self._size,
            _FULL,
            self.ends,
        )
        if len(self.ends) > known:
            self._taken.append((before, files.at))
            self._size = self.ends[-1] + 1
        return descriptor

    def _take_one(self, files: Manifest, place: _Place | None) -> Blob | Skip | None:
        before = replace(files)
        name = files.take()
        path = files.prefix + name
        directory = None if place is None else place.descriptor(files)
        try:
            descriptor = os.open(path if directory is None else name, NO_FOLLOW, dir_fd=directory)
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
        self._taken.append((before, files.at))
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
        return map(self.blob, range(len(self.ends)))


def gathered(
    items: Iterable[Blob | Skip | Files | Manifest],
    slab: Slab,
    goes_on: Callable[[], bool] | None = None,
) -> Iterator[Blob | Skip | Slab]:
    """Read the files that a source lists into ``slab``; what it has read itself passes as it is.

    Blobs and slabs come in the order of the source, wherever it is cut into parts that are read one
    after the other. A slab holds until the next item is asked for, and so does a blob. ``goes_on``
    is asked now and then: where it says no, the rest of a manifest is not read.
    """
    slab.clear()
    for item in lined_up(items, MOST_FILES):
        if not isinstance(item, Manifest):
            yield from _in_order(slab, item)
            continue
        try:
            while not item.is_through and (goes_on is None or goes_on()):
                if slab.is_full():
                    yield slab
                    slab.clear()
                alone = slab.take(item)
                if alone is not None:
                    yield from _in_order(slab, _missed(alone) if item.named else alone)
        finally:
            slab.close()
    if slab.ends:
        yield slab


def _missed(item: Blob | Skip) -> Blob | Skip:
    """Return what became of a file that was named, which cannot be left out on purpose."""
    return replace(item, kind=FAILURE) if isinstance(item, Skip) else item


def _in_order(slab: Slab, item: Blob | Skip) -> Iterator[Blob | Skip | Slab]:
    if slab.ends and isinstance(item, Blob):  # the order of skips is nobody's concern
        yield slab
        slab.clear()
    yield item


def _open_directory(prefix: bytes) -> int | None:
    if os.open not in os.supports_dir_fd:
        return None
    try:
        return os.open(prefix or b".", _DIRECTORY)
    except OSError:
        return None  # each file tells what is wrong
