"""The names of all commits that a repository holds, reachable or not."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import ExitStack
from itertools import compress

from hexscan.sources.git.columns import KINDS
from hexscan.sources.git.families import Batch
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.repository import Repository

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import IO

_COMMAND = (
    *("cat-file", "--batch-all-objects", "--unordered"),
    "--batch-check=%(objecttype) %(objectname)",
)
_COMMIT = KINDS[b"commit"]

# Git reads commits that lie beside each other in a pack in half of the time that it takes in any
# other order, since trees of one are deltas against those of the next.
_BESIDE = 256


class Commits:
    """Names of commits, packed, in the order of git's listing: that of its packs.

    ``width`` is the length of one in bytes. They take no more room than that.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._names = bytearray()

    def __len__(self) -> int:
        return len(self._names) // self._width

    def add(self, names: bytes) -> None:
        """Add the names of some commits, one behind the other."""
        self._names += names

    def with_more(self, names: bytes) -> Commits:
        """Return these commits and some more, whose names stand one behind the other."""
        commits = Commits(self._width)
        commits.add(bytes(self._names) + names)
        return commits

    def without(self, starts: AbstractSet[bytes]) -> Commits:
        """Return these commits but for those whose names have one of these starts of 8 bytes."""
        width, names = self._width, bytes(self._names)
        commits = Commits(width)
        places = range(0, len(names), width)
        commits.add(
            b"".join([names[at : at + width] for at in places if names[at : at + 8] not in starts])
        )
        return commits

    def note(self, batch: Batch) -> None:
        """Add those objects of a batch that are commits."""
        count = batch.kinds.count(_COMMIT)
        if count == batch.count:
            self.add(batch.names)
        elif count:
            width = self._width
            starts = range(0, len(batch.names), width)
            chosen = compress(starts, map(_COMMIT.__eq__, batch.kinds))
            self.add(b"".join([batch.names[start : start + width] for start in chosen]))

    def dealt(self, count: int, running: ExitStack) -> list[IO[bytes]]:
        """Return files with a name on each line, so many that the work on them is about the same.

        Neighbours stay together. The oldest come first: git packs the newest first, and older
        trees are put together from newer ones, which it then has at hand. The files are closed
        with ``running``.
        """
        files: list[IO[bytes]] = [running.enter_context(nameless_file()) for _ in range(count)]
        step = _BESIDE * self._width
        for turn, end in enumerate(range(len(self._names), 0, -step)):
            names = bytes(self._names[max(0, end - step) : end])
            lines = names.hex("\n", self._width).encode("ascii").split(b"\n")
            files[turn % count].write(b"\n".join([*reversed(lines), b""]))
        for file in files:
            file.seek(0)
        return files


def listed(repository: Repository) -> Commits:
    """Ask git for all commits, which takes it a look at each object."""
    commits = Commits(repository.name_length // 2)
    with repository.git(_COMMAND) as command:
        for names in _names(command.lines()):
            commits.add(bytes.fromhex(names))
    return commits


def _names(lines: Iterator[bytes]) -> Iterator[str]:
    for line in lines:
        kind, _, name = line.partition(b" ")
        if kind == b"commit":
            yield name.decode("ascii")
