"""Objects of packs, many at a time, put together in memory."""

from __future__ import annotations

import mmap
import os
from array import array

from hexscan import skim
from hexscan.sources.git.families import BATCH_BYTES
from hexscan.sources.git.layout import Layout
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.sources.git.families import Batch
    from hexscan.sources.git.packs import Packed, PackFile

# Tildes are in no run, so that none goes on from one object to the next.
LEAD = b"~" * 48 + b"\n"
_AROUND = len(LEAD) + 1


@dataclass(frozen=True, slots=True)
class Part:
    """Some objects of a batch, from number ``first`` on, as they lie in ``data``.

    Each starts, with a line of ``LEAD`` before it, at one of ``starts``, of which the last is where
    they end. Those in ``failed``, by their numbers, do not: they are damaged, or too large.
    """

    data: memoryview
    starts: array[int]
    layout: Layout
    first: int
    failed: list[int]

    @property
    def size(self) -> int:
        """How many bytes the objects have."""
        return self.layout.length - _AROUND * self.layout.count

    def contents(self) -> Iterator[tuple[int, memoryview]]:
        """Yield the number of each object and its content, which is empty for ``failed``."""
        for index, start, stop in self.layout.each():
            yield self.first + index, self.data[start + len(LEAD) : stop - 1]


class Unpacker:
    """Reads objects out of packs, which it keeps open until it is closed."""

    def __init__(self, name_length: int) -> None:
        self._width = name_length // 2
        self._buffer = mmap.mmap(-1, BATCH_BYTES)
        self._open: dict[PackFile, tuple[int, mmap.mmap]] = {}

    def close(self) -> None:
        """Let go of all packs."""
        while self._open:
            os.close(self._open.popitem()[1][0])

    def parts(self, batch: Batch, packed: Packed) -> Iterator[Part]:
        """Yield a batch piece by piece; one holds until the next is asked for.

        Raises ``OSError`` where the pack is not there any more, and ``ValueError`` where its index
        is another one.
        """
        descriptor, index = self._opened(packed.pack)
        at, count = 0, batch.count
        while at < count:
            starts = array("Q", bytes(8 * (count - at + 1)))
            failed = bytearray(count - at)
            assert skim.unpack  # noqa: S101 - it has told of the pack
            end, filled = skim.unpack(
                *(descriptor, packed.pack.size, index, self._width),
                *(packed.offsets, packed.lengths, packed.steps, at),
                *(LEAD, self._buffer, starts, failed),
            )
            if end == at:
                raise MemoryError
            del starts[end - at + 1 :]
            layout = Layout(batch.kinds[at:end], len(LEAD), filled, starts.tolist)
            bad = [at + number for number in range(end - at) if failed[number]]
            yield Part(memoryview(self._buffer)[:filled], starts, layout, at, bad)
            at = end

    def _opened(self, pack: PackFile) -> tuple[int, mmap.mmap]:
        if pack not in self._open:
            index = pack.index()
            self._open[pack] = pack.opened(), index
        return self._open[pack]
