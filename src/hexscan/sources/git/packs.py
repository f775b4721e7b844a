"""The packs of a repository, read without git: it takes most of the time that a history takes.

What there is git has counted, and what of it is not in a pack it reads. Of a pack only what
gitformat-pack(5) says is known here, and nothing is believed: whatever does not fit leaves all
packs, or the objects that are concerned, to git.

Each object has those that are deltas against it straight behind it. So they are put together from
what has just been inflated, and each is inflated once.

What is done for each object is done by :mod:`hexscan._packs`, which is compiled where zlib's header
is when hexscan is installed. Without it this module cannot be imported.
"""

from __future__ import annotations

import mmap
import os
import stat
from array import array
from bisect import bisect_left
from itertools import compress

from hexscan import skim
from hexscan._packs import count_objects, list_families, mark_others, sort_by_offset
from hexscan.sources.git.columns import taken
from hexscan.sources.git.families import BATCH_OBJECTS, Batch, cuts
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import ExitStack

    from hexscan.sources.git.repository import Repository
    from hexscan.sources.git.survey import Survey

# At the most so many objects are put in order at a time, for each takes 70 bytes meanwhile.
_AT_ONCE = 1 << 19
# Each pack is compared with all others, and each loose object looked for in all of them.
_MOST_PACKS = 64
_MOST_LOOSE = 1 << 14
# So many objects of each pack may be in others, too: git is asked for these by name.
_MOST_SHARED = 1 << 14

_FAN_OUT = 8 + 256 * 4  # bytes before the names in an index
_PACK_HEAD = 12
_NUMBER = array("I").itemsize
_VERSIONS = (b"\0\0\0\2", b"\0\0\0\3")
# A pipe that somebody has put in the place of a pack is not waited for.
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack's path, and by what it is known to be the file whose index was read."""

    path: bytes
    stamp: tuple[int, ...]

    @property
    def size(self) -> int:
        """How long it is."""
        return self.stamp[0]

    def opened(self) -> int:
        """Return a descriptor; raises ``OSError`` where it is gone or another file."""
        descriptor = os.open(self.path, _READ)
        if _stamp(descriptor) != self.stamp:
            os.close(descriptor)
            raise OSError(f"{os.fsdecode(self.path)} has changed")
        return descriptor

    def index(self) -> mmap.mmap:
        """Return the pack's index; raises ``OSError``, and ``ValueError`` for one that is empty."""
        descriptor = os.open(self.path.removesuffix(b".pack") + b".idx", _READ)
        try:
            return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
        finally:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Packed:
    """Where the objects of a batch lie in a pack, in columns.

    ``lengths`` are of what is compressed, and ``steps`` tell how many rows up the base of a delta
    is, as :func:`hexscan._packs.unpack` wants to know it.
    """

    pack: PackFile
    offsets: array[int]
    lengths: array[int]
    steps: array[int]


class _Pack:
    """An open pack with its index. ``running`` closes both. Raises ``ValueError``, ``OSError``."""

    def __init__(self, path: bytes, width: int, running: ExitStack) -> None:
        self._width = width
        self.descriptor = os.open(path, _READ)
        running.callback(os.close, self.descriptor)
        self.file = PackFile(path, _stamp(self.descriptor))
        self.index = self.file.index()
        self.count = count_objects(self.index, width)
        self._check()
        self._marks = b""
        self._listed: dict[int, tuple[bytes, ...]] = {}

    def _check(self) -> None:
        """Raise ``ValueError`` for a pack that the index is not of."""
        head = os.pread(self.descriptor, _PACK_HEAD, 0)
        end = os.pread(self.descriptor, self._width, self.file.size - self._width)
        if (
            head[:4] != b"PACK"
            or head[4:8] not in _VERSIONS
            or int.from_bytes(head[8:], "big") != self.count
            or self.index[-2 * self._width : -self._width] != end
        ):
            raise ValueError("an index of another pack")

    def leave_shared(self, others: list[_Pack]) -> set[bytes]:
        """Leave out what is in other packs, too, and return its names."""
        marks = bytearray(self.count)
        for other in others:
            mark_others(self.index, other.index, self._width, marks)
        shared = marks.count(1)
        if shared > _MOST_SHARED:
            raise ValueError("packs that share too many objects")
        if shared:
            self._marks = bytes(marks)
        return {self._name(at) for at in compress(range(self.count), marks)}

    def has(self, name: bytes) -> bool:
        """Tell whether an object of this name is in it."""
        at = bisect_left(range(self.count), name, key=self._name)
        return at < self.count and self._name(at) == name

    def names(self) -> bytes:
        """Return the names of all objects, sorted."""
        return self.index[_FAN_OUT : self._end_of_names]

    def batches(self, left: list[bytes], *, keep: bool) -> Iterator[Batch]:
        """Yield all objects; ``left`` gets the names of those that cannot be told apart.

        What is known of them is found out once if it is to be kept.
        """
        try:
            order = sort_by_offset(self.index, self._width, self.file.size)
        except ValueError:
            left += self._names(range(self.count))
            return
        for start in range(0, self.count, _AT_ONCE):
            stop = min(start + _AT_ONCE, self.count)
            try:
                columns = self._listed.get(start) or self._columns(order, start, stop)
            except ValueError:
                left += self._names(array("I", order[_NUMBER * start : _NUMBER * stop]))
                continue
            if keep:
                self._listed[start] = columns
            yield from self._cut(columns)

    def _columns(self, order: bytes, start: int, stop: int) -> tuple[bytes, ...]:
        return list_families(
            *(self.descriptor, self.file.size, self.index, self._width),
            *(order, start, stop, self._marks),
        )

    def _cut(self, columns: tuple[bytes, ...]) -> Iterator[Batch]:
        """Yield rows of what :func:`hexscan._packs.list_families` tells, some at a time."""
        positions, kinds, offsets, lengths, steps, sizes = columns
        where = array("Q", offsets), array("I", lengths), array("I", steps)
        about = array("Q", array("I", sizes))
        take = skim.taken or taken
        with memoryview(self.index) as index, index[_FAN_OUT : self._end_of_names] as names:
            for low in range(0, len(kinds), BATCH_OBJECTS):
                for first, last, size in cuts(about[low : low + BATCH_OBJECTS]):
                    rows = slice(low + first, low + last)
                    chosen = take(
                        names, self._width, positions[_NUMBER * rows.start : _NUMBER * rows.stop]
                    )
                    packed = Packed(self.file, *(column[rows] for column in where))
                    yield Batch(chosen, kinds[rows], about[rows], size, packed)

    @property
    def _end_of_names(self) -> int:
        return _FAN_OUT + self.count * self._width

    def _name(self, position: int) -> bytes:
        start = _FAN_OUT + position * self._width
        return self.index[start : start + self._width]

    def _names(self, positions: Iterable[int]) -> Iterator[bytes]:
        for position in positions:
            if not self._marks or not self._marks[position]:
                yield self._name(position)


class Packs:
    """The packs of a repository, and the names of the objects beside them, all of them raw.

    ``left`` has these names, and grows while :meth:`batches` goes on: all of them are to be
    read by git. So is what several packs have: which of them git takes it from, git knows, and
    they may differ. Raises ``ValueError`` where that is too much to be asked for by name.
    """

    def __init__(self, packs: list[_Pack], width: int, loose: list[bytes]) -> None:
        self._packs = packs
        self._width = width
        self.left = [name for name in loose if not any(pack.has(name) for pack in packs)]
        shared: set[bytes] = set()
        for pack in packs:
            shared |= pack.leave_shared([other for other in packs if other is not pack])
        self.left += shared

    def names(self) -> tuple[bytes, list[bytes]]:
        """Return the names of the objects in the largest pack, sorted, and all others."""
        largest = max(self._packs, key=lambda pack: pack.count)
        others = [pack.names() for pack in self._packs if pack is not largest]
        apart = [
            names[at : at + self._width]
            for names in others
            for at in range(0, len(names), self._width)
        ]
        return largest.names(), [*apart, *self.left]

    def batches(self) -> Iterator[Batch]:
        """Yield the packed objects, each with those that are deltas against it behind it."""
        # For who asks twice, if that takes no more room than to put them in order.
        keep = sum(pack.count for pack in self._packs) <= _AT_ONCE
        for pack in self._packs:
            yield from pack.batches(self.left, keep=keep)


def opened(repository: Repository, store: Survey, running: ExitStack) -> Packs | None:
    """Return the packs of a repository, open until ``running`` ends.

    ``None`` where they are left to git: where other repositories lend objects, and where anything
    is not as git has told it in ``store``.
    """
    if (
        len(store.directories) != 1
        or not 0 < store.packs <= _MOST_PACKS
        or store.loose > _MOST_LOOSE
    ):
        return None
    width = repository.name_length // 2
    try:
        paths = _pack_paths(store.directories[0] + b"/pack")
        if len(paths) != store.packs:
            return None
        packs = [_Pack(path, width, running) for path in paths]
        # Behind the packs: what leaves them to be loose is there, and the other way round the
        # packs are not the same any more.
        loose = store.loose_names(repository.name_length) if store.loose else []
        if sum(pack.count for pack in packs) != store.packed or len(loose) < store.loose:
            return None
        return Packs(packs, width, loose)
    except (OSError, ValueError):
        return None


def _pack_paths(folder: bytes) -> list[bytes]:
    """Return the paths of the packs in a folder, sorted.

    Raises ``ValueError`` where git may know them otherwise: it takes any index, whatever it is
    called, and believes an index of several packs more than theirs.
    """
    names = os.listdir(folder)  # noqa: PTH208 - paths are bytes
    packs, indexes = (
        {name.removesuffix(end) for name in names if name.endswith(end)}
        for end in (b".pack", b".idx")
    )
    if packs != indexes or not all(stem.startswith(b"pack-") for stem in packs):
        raise ValueError("packs with other names, or without an index")
    if any(name.startswith(b"multi-pack-index") for name in names):
        raise ValueError("an index of several packs")
    return [folder + b"/" + stem + b".pack" for stem in sorted(packs)]


def _stamp(descriptor: int) -> tuple[int, ...]:
    told = os.fstat(descriptor)
    if not stat.S_ISREG(told.st_mode):
        raise OSError("not a file")
    return told.st_size, told.st_dev, told.st_ino, told.st_mtime_ns
