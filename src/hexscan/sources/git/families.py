"""Objects in the order in which git reads them with the least work: each delta before its base.

Git keeps most versions of a file as a delta against another one, which is a delta in turn. To read
one it puts the whole chain together, and keeps the *bases* on the way in a cache, but not the
object that was asked for. So it pays to ask for a delta first and for its base straight after its
last delta: then each object is inflated once. In the order of the pack an object is inflated once
for itself and again as a base, and once more each time that the cache has forgotten it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from itertools import accumulate

from hexscan import skim
from hexscan.sources.git.columns import Columns
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.match import Data
    from hexscan.sources.git.packs import Packed

BATCH_OBJECTS = 1 << 14
BATCH_BYTES = 1 << 23


@dataclass(frozen=True, slots=True)
class Batch:
    """Some objects, in columns as those of :class:`Columns`.

    ``size`` is the sum of ``sizes``. It goes beyond ``BATCH_BYTES`` only for a single object. With
    ``packed``, which tells where they lie, sizes are estimates: that of a delta is not known before
    it is inflated.
    """

    names: bytes
    kinds: bytes
    sizes: array[int]
    size: int
    packed: Packed | None = None

    @property
    def count(self) -> int:
        """The number of objects."""
        return len(self.kinds)

    def name(self, index: int) -> str:
        """Return the name of an object as git writes it."""
        width = len(self.names) // len(self.kinds)
        return self.names[index * width : (index + 1) * width].hex()

    def lines(self) -> str:
        """Return all names as git writes them, with line ends between them."""
        return self.names.hex("\n", len(self.names) // len(self.kinds))


def batches(columns: Columns) -> Iterator[Batch]:
    """Yield objects in families: all that are deltas against one, directly or not."""
    bases = memoryview(columns.bases).cast("B")
    ordered = (skim.order or order)(columns.names, columns.width, bases)
    # Little by little: the first ones are waited for.
    length = BATCH_OBJECTS * columns.bases.itemsize
    for start in range(0, len(ordered), length):
        yield from _cut(columns.width, *columns.chosen(ordered[start : start + length]))


def _cut(width: int, names: bytes, kinds: bytes, sizes: array[int]) -> Iterator[Batch]:
    """Yield up to ``BATCH_OBJECTS`` objects, so many at a time that they are not too large."""
    for start, end, size in cuts(sizes):
        rows = slice(start * width, end * width)
        yield Batch(names[rows], kinds[start:end], sizes[start:end], size)


def cuts(sizes: array[int]) -> Iterator[tuple[int, int, int]]:
    """Yield where to cut, [start, end), so that each piece is not too large, and its size."""
    sums = list(accumulate(sizes, initial=0))
    start, last = 0, len(sizes)
    while start < last:
        end = max(start + 1, bisect_right(sums, sums[start] + BATCH_BYTES) - 1)
        yield start, end, sums[end] - sums[start]
        start = end


def order(names: Data, width: int, bases: Data) -> bytes:
    """Do what :func:`hexscan.skim.order` does."""
    against = array("I", bytes(bases))
    # The first bytes of a name. Where two objects share them, one is read in a worse order, which
    # does no harm.
    keys = array("I", bytes(names))[:: width // against.itemsize]
    first, after = _deltas(against)
    ordered = array("I")
    for number, base in enumerate(against):
        if not base:
            ordered.extend(_family([number], keys, first, after))
    # What is left are deltas whose base is not here, and whose turn comes with its siblings.
    for base in list(first):
        if base in first:
            ordered.extend(_family(_siblings(first.pop(base), after), keys, first, after))
    return ordered.tobytes()


def _deltas(bases: array[int]) -> tuple[dict[int, int], array[int]]:
    """Return a delta against each base, by its key, and for each delta the next one, or -1."""
    first: dict[int, int] = {}
    after = array("q", [-1]) * len(bases)
    for number, base in enumerate(bases):
        if base:
            after[number] = first.get(base, -1)
            first[base] = number
    return first, after


def _family(
    heads: list[int], keys: array[int], first: dict[int, int], after: array[int]
) -> list[int]:
    """Return some objects with all deltas against them, each of these before its base."""
    found = []
    while heads:
        number = heads.pop()
        found.append(number)
        heads += _siblings(first.pop(keys[number], -1), after)
    found.reverse()
    return found


def _siblings(delta: int, after: array[int]) -> list[int]:
    found = []
    while delta >= 0:
        found.append(delta)
        delta = after[delta]
    return found
