"""The objects of a repository, listed once in the order in which they lie in the packs.

Batches keep that order, for git finds the base of a delta in its cache only while it goes along.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.sources.git.door import Git
from hexscan.sources.git.repository import Repository

BATCH_OBJECTS = 32_768
BATCH_BYTES = 1 << 24

FIELDS = 3
_FORMAT = "%(objectname) %(objecttype) %(objectsize)"
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Batch:
    """Some objects: the name, type and size of each, one after the other in ``words``.

    ``size`` is that of all contents. It goes beyond ``BATCH_BYTES`` only for a single object.
    """

    words: list[bytes]
    size: int

    @property
    def count(self) -> int:
        """The number of objects."""
        return len(self.words) // FIELDS

    def entry(self, index: int) -> tuple[str, str, int]:
        """Return the name, type and size of one object."""
        name, kind, size = self.words[FIELDS * index : FIELDS * (index + 1)]
        return name.decode("ascii"), kind.decode("ascii"), int(size)


@dataclass(slots=True)
class Listing:
    """The objects of a repository in batches.

    ``names`` is a file with an object's name on each line to narrow it to these; by default all
    objects are listed that any pack, loose file or alternate holds. ``failures`` grows while
    batches are asked for: what git could not even list.
    """

    repository: Repository
    names: IO[bytes] | None = None
    failures: list[Skip] = field(default_factory=list)

    def batches(self) -> Iterator[Batch]:
        """Yield the batches. What git cannot list becomes a failure, and the rest still comes."""
        which = ["--buffer"] if self.names else ["--batch-all-objects", "--unordered"]
        arguments = ("cat-file", f"--batch-check={_FORMAT}", *which)
        gathered = _Gathered()
        with self.repository.git(arguments, self.names) as command:
            for read in _whole_lines(command):
                yield from gathered.add(self._known(read))
            if failure := command.failure():
                self._fail(f"git cannot list all objects: {failure}")
        yield from gathered.rest()

    def _known(self, lines: bytes) -> list[bytes]:
        """Return the words of the lines, after taking out what git knows nothing of."""
        if b" missing\n" not in lines:
            return lines.split()
        kept: list[bytes] = []
        for line in lines.splitlines():
            if line.endswith(b" missing"):
                self._fail(unreadable(line.split()[0].decode("ascii", "replace")))
            else:
                kept += line.split()
        return kept

    def _fail(self, reason: str) -> None:
        self.failures.append(Skip(Origin(self.repository.path), FAILURE, reason))


class _Gathered:
    """The words of a batch that is being put together."""

    def __init__(self) -> None:
        self._words: list[bytes] = []
        self._size = 0

    def add(self, words: list[bytes]) -> Iterator[Batch]:
        """Take more objects, and yield each batch that they fill."""
        size = sum(map(int, words[2::FIELDS]))
        count = (len(self._words) + len(words)) // FIELDS
        if count <= BATCH_OBJECTS and self._size + size <= BATCH_BYTES:
            self._words += words
            self._size += size
            return
        for at in range(0, len(words), FIELDS):
            one = int(words[at + 2])
            if len(self._words) >= FIELDS * BATCH_OBJECTS or self._size + one > BATCH_BYTES:
                yield from self.rest()
            self._words += words[at : at + FIELDS]
            self._size += one

    def rest(self) -> Iterator[Batch]:
        """Yield what has been gathered, if there is anything."""
        if self._words:
            yield Batch(self._words, self._size)
        self._words, self._size = [], 0


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
