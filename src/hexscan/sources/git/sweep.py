"""A batch of objects, searched as a whole.

While nothing is found no object is looked at by itself: the stream of many is searched, and only
where it may hold a key are the objects told apart.
"""

from __future__ import annotations

from hexscan.containers.sniff import directories, format_of
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Protocol

    from hexscan.sources.git.families import Batch
    from hexscan.sources.git.layout import Layout
    from hexscan.sources.git.packs import Packed
    from hexscan.sources.git.repository import Repository
    from hexscan.sources.git.unpacker import Unpacker
    from hexscan.sources.git.written import Writer

    class Gate(Protocol):
        """A :class:`hexscan.scanner.Scanner` that is asked where it need not scan."""

        def doubts(self, data: memoryview) -> Callable[[int, int], int]:
            """Ask at once about many objects that lie in ``data``."""

        def may_find(self, data: memoryview) -> bool:
            """Tell whether there is anything to be found in an object of which there is doubt."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What came of a batch: which objects have to be looked at one by one, by their numbers.

    ``size`` is that of the objects that have been searched, and ``unread`` tells which have not.
    """

    suspects: list[int]
    size: int
    unread: frozenset[int]


class Sweeper:
    """Finds the objects of a repository that have to be looked at one by one.

    ``gate`` is asked about many at a time. With ``unpack`` a blob that may be an archive or
    compressed has to be looked into as well. To be closed.
    """

    def __init__(self, repository: Repository, gate: Gate, *, unpack: bool) -> None:
        self._repository = repository
        self._gate = gate
        self._unpack = unpack
        self._writer: Writer | None = None
        self._unpacker: Unpacker | None = None

    def close(self) -> None:
        """Let go of all that objects are read with."""
        if self._writer is not None:
            self._writer.close()
        if self._unpacker is not None:
            self._unpacker.close()

    def swept(self, batch: Batch) -> Swept:
        """Search a batch. What cannot be read like this is left to be looked at."""
        return self._of_pack(batch, batch.packed) if batch.packed else self._of_git(batch)

    def _of_git(self, batch: Batch) -> Swept:
        if self._writer is None:
            from hexscan.sources.git.written import Writer  # noqa: PLC0415 - few have loose objects

            self._writer = Writer(self._repository)
        written = self._writer.write(batch)
        if written is None:
            return _unread(batch)
        whole, layout = written
        with whole:
            return Swept(sorted(self._suspects(whole, layout)), batch.size, frozenset())

    def _of_pack(self, batch: Batch, packed: Packed) -> Swept:
        from hexscan.sources.git.unpacker import (  # noqa: PLC0415 - it takes the compiled part
            Unpacker,
            UnpackError,
        )

        if self._unpacker is None:
            self._unpacker = Unpacker(self._repository.name_length)
        suspects: set[int] = set()
        unread: set[int] = set()
        size = 0
        try:
            for part in self._unpacker.parts(batch, packed):
                suspects.update(
                    part.first + index for index in self._suspects(part.data, part.layout)
                )
                unread.update(part.failed)
                size += part.size
        except UnpackError:
            return _unread(batch)  # it was repacked meanwhile, and git will find them
        return Swept(sorted(suspects | unread), size, frozenset(unread))

    def _suspects(self, whole: memoryview, layout: Layout) -> set[int]:
        suspects = set(self._search(whole, layout))
        if self._unpack:
            suspects.update(_opening(whole, layout))
        return suspects

    def _search(self, whole: memoryview, layout: Layout) -> Iterator[int]:
        for index, low, high in layout.doubtful(self._gate.doubts(whole)):
            if self._gate.may_find(whole[low:high]):
                yield index


def _unread(batch: Batch) -> Swept:
    everything = range(batch.count)
    return Swept(list(everything), 0, frozenset(everything))


def _opening(whole: memoryview, layout: Layout) -> Iterator[int]:
    """Yield the indices of the blobs that may be containers."""
    for index, low, high in layout.openers(whole):
        if format_of(whole[low:high], whole=False):
            yield index
    # A zip is told by its end.
    for index, low, high in layout.holders(directories(whole)):
        if format_of(whole[low:high], whole=True):
            yield index
