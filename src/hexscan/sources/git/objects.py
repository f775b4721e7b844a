"""The objects of a repository, listed once in the order in which they lie in the packs.

Batches keep that order, for git finds the base of a delta in its cache only while it goes along.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.sources.git.door import Git
from hexscan.sources.git.repository import Repository

BATCH_OBJECTS = 32_768
BATCH_BYTES = 1 << 24

FIELDS = 3
_FORMAT = "%(objectname) %(objecttype) %(objectsize)"
_MISSING = b" missing\n"
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Batch:
    """Some objects: the name, type and size of each on a line of ``listing``.

    ``size`` is that of all contents. It goes beyond ``BATCH_BYTES`` only for a single object.
    """

    listing: bytes
    count: int
    size: int

    def words(self) -> list[bytes]:
        """Return name, type and size of every object, one after the other."""
        return self.listing.split()


@dataclass(slots=True)
class Listing:
    """The objects of a repository in batches.

    ``names`` is a file with an object's name on each line to narrow it to these; by default all
    objects are listed that any pack, loose file or alternate holds. ``failures`` grows while
    batches are asked for: what git could not even list. ``wanted`` is asked about the name of each
    object, and others are left out: to read many of them, going through all keeps their order.
    """

    repository: Repository
    names: IO[bytes] | None = None
    failures: list[Skip] = field(default_factory=list)
    wanted: Callable[[bytes], bool] | None = None

    def batches(self) -> Iterator[Batch]:
        """Yield the batches. What git cannot list becomes a failure, and the rest still comes."""
        which = ["--buffer"] if self.names else ["--batch-all-objects", "--unordered"]
        arguments = ("cat-file", f"--batch-check={_FORMAT}", *which)
        gathered = _Gathered()
        with self.repository.git(arguments, self.names) as command:
            for read in _whole_lines(command):
                lines = self._known(read) if _MISSING in read else read
                yield from gathered.add(self._wanted(lines))
            if failure := command.failure():
                self._fail(f"git cannot list all objects: {failure}")
        yield from gathered.rest()

    def _known(self, lines: bytes) -> bytes:
        """Return the lines without those of objects that git knows nothing of."""
        kept = []
        for line in lines.splitlines(keepends=True):
            if line.endswith(_MISSING):
                self._fail(unreadable(line.split()[0].decode("ascii", "replace")))
            else:
                kept.append(line)
        return b"".join(kept)

    def _wanted(self, lines: bytes) -> bytes:
        if self.wanted is None:
            return lines
        wanted, length = self.wanted, self.repository.name_length
        return b"".join(line for line in lines.splitlines(keepends=True) if wanted(line[:length]))

    def _fail(self, reason: str) -> None:
        self.failures.append(Skip(Origin(self.repository.path), FAILURE, reason))


class _Gathered:
    """The lines of a batch that is being put together."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._count = 0
        self._size = 0

    def add(self, lines: bytes) -> Iterator[Batch]:
        """Take more objects, and yield each batch that they fill."""
        sizes = [int(size) for size in lines.split()[2::FIELDS]]
        if self._fits(len(sizes), sum(sizes)):
            self._take(lines, len(sizes), sum(sizes))
            return
        for line, size in zip(lines.splitlines(keepends=True), sizes, strict=True):
            if not self._fits(1, size):
                yield from self.rest()
            self._take(line, 1, size)

    def _fits(self, count: int, size: int) -> bool:
        return self._count + count <= BATCH_OBJECTS and self._size + size <= BATCH_BYTES

    def _take(self, lines: bytes, count: int, size: int) -> None:
        self._lines.append(lines)
        self._count += count
        self._size += size

    def rest(self) -> Iterator[Batch]:
        """Yield what has been gathered, if there is anything."""
        if self._count:
            yield Batch(b"".join(self._lines), self._count, self._size)
        self._lines, self._count, self._size = [], 0, 0


def unreadable(name: str, why: str = "") -> str:
    """Return the reason of an object's failure."""
    return f"object {name} is missing or corrupt{f': {why}' if why else ''}"


def _whole_lines(command: Git) -> Iterator[bytes]:
    begun = b""
    while block := command.output.read(_BLOCK):
        end = block.rfind(b"\n") + 1
        if end:
            yield begun + block[:end]
            begun = block[end:]
        else:
            begun += block
