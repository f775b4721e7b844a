"""Objects of packs, many at a time, put together in memory."""

from __future__ import annotations

import mmap
import os
from array import array

from hexscan._packs import unpack
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


class UnpackError(Exception):
    """A pack is gone, or is another one by now, or there is too little memory to read it."""


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

        Raises :class:`UnpackError`.
        """
        at, count = 0, batch.count
        while at < count:
            starts = array("Q", bytes(8 * (count - at + 1)))
            failed = bytearray(count - at)
            end, filled = self._unpack(packed, at, starts, failed)
            del starts[end - at + 1 :]
            layout = Layout(batch.kinds[at:end], len(LEAD), filled, starts.tolist)
            bad = [at + number for number in range(end - at) if failed[number]]
            yield Part(memoryview(self._buffer)[:filled], starts, layout, at, bad)
            at = end

    def _unpack(
        self, packed: Packed, at: int, starts: array[int], failed: bytearray
    ) -> tuple[int, int]:
        """Fill the buffer from row ``at`` on; return which row is next, and how full it is."""
        try:
            descriptor, index = self._opened(packed.pack)
            end, filled = unpack(
                *(descriptor, packed.pack.size, index, self._width),
                *(packed.offsets, packed.lengths, packed.steps, at),
                *(LEAD, self._buffer, starts, failed),
            )
        except (OSError, ValueError) as error:
            raise UnpackError from error
        if end == at:
            raise UnpackError
        return end, filled

    def _opened(self, pack: PackFile) -> tuple[int, mmap.mmap]:
        if pack not in self._open:
            index = pack.index()
            self._open[pack] = pack.opened(), index
        return self._open[pack]
