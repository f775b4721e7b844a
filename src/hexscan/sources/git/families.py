"""Objects in the order in which git reads them with the least work: each delta before its base.

Git keeps most versions of a file as a delta against another one, which is a delta in turn. To read
one it puts the whole chain together, and keeps the *bases* on the way in a cache, but not the
object that was asked for. So it pays to ask for a delta first and for its base straight after its
last delta: then each object is inflated once. In the order of the pack an object is inflated once
for itself and again as a base, and once more each time that the cache has forgotten it.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, compress
from operator import not_

from hexscan.values import dataclass

BATCH_OBJECTS = 1 << 14
BATCH_BYTES = 1 << 23

BLOB = ord("b")
KINDS = {b"blob": BLOB, b"commit": ord("c"), b"tree": ord("t"), b"tag": ord("g")}
"""A byte for each type of object."""

FIELDS = 4
FORMAT = "%(objectname) %(objecttype) %(objectsize) %(deltabase)"

_KEY = array("I").itemsize


@dataclass(frozen=True, slots=True)
class Batch:
    """Some objects, in columns. ``names`` holds raw names, one after the other.

    ``kinds`` has a byte for each object, :data:`BLOB` for a blob. ``size`` is the sum of ``sizes``.
    It goes beyond ``BATCH_BYTES`` only for a single object.
    """

    names: bytes
    kinds: bytes
    sizes: "array[int]"
    size: int

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


class _Columns:
    """What is known of some objects."""

    def __init__(self) -> None:
        self.names = bytearray()
        self.kinds = bytearray()
        self.sizes = array("Q")
        # The first bytes of an object's name, and of the one that it is a delta against, or 0.
        # Where two objects share them, one is read in a worse order, which does no harm.
        self.keys = array("I")
        self.bases = array("I")

    def add(self, others: "_Columns") -> None:
        self.names += others.names
        self.kinds += others.kinds
        self.sizes += others.sizes
        self.keys += others.keys
        self.bases += others.bases


class Families:
    """Objects that are given out in families: all that are deltas against one, directly or not.

    ``width`` is the length of a raw name. It costs 45 bytes an object, and about 100 for each that
    others are deltas against.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._columns = _Columns()

    def __len__(self) -> int:
        return len(self._columns.kinds)

    def add(self, words: list[bytes]) -> None:
        """Take the objects that git has listed, as the words of lines in :data:`FORMAT`."""
        names, bases = _raw(words[0::FIELDS]), _raw(words[3::FIELDS])
        every = self._width // _KEY
        columns = self._columns
        columns.names += names
        columns.kinds += bytes(map(KINDS.__getitem__, words[1::FIELDS]))
        columns.sizes.extend(map(int, words[2::FIELDS]))
        columns.keys += array("I", names)[::every]
        columns.bases += array("I", bases)[::every]

    def take(self, others: "Families") -> None:
        """Take the objects that others hold; they forget them."""
        self._columns.add(others._columns)  # noqa: SLF001 - of the same class
        others.forget()

    def forget(self) -> None:
        """Hold nothing any more."""
        self._columns = _Columns()

    def batches(self) -> Iterator[Batch]:
        """Yield all objects in batches, and forget them with the last one."""
        names = bytes(self._columns.names)  # slices of these cost half
        self._columns.names.clear()
        left: list[int] = []
        for order in self._ordered():
            left += order
            while len(left) > BATCH_OBJECTS:
                batches, left = self._cut(left, names)
                yield from batches
        while left:
            batches, left = self._cut(left, names, to_the_end=True)
            yield from batches
        self.forget()

    def _cut(
        self, order: list[int], names: bytes, *, to_the_end: bool = False
    ) -> tuple[list[Batch], list[int]]:
        """Return the batches that objects in this order fill, and those that are left over."""
        sums = list(accumulate(map(self._columns.sizes.__getitem__, order), initial=0))
        batches: list[Batch] = []
        start, last = 0, len(order)
        while start < last:
            end = bisect_right(sums, sums[start] + BATCH_BYTES) - 1
            end = max(start + 1, min(end, start + BATCH_OBJECTS))
            if end >= last and not to_the_end:
                break
            batches.append(self._batch(order[start:end], names, sums[end] - sums[start]))
            start = end
        return batches, order[start:]

    def _batch(self, order: list[int], names: bytes, size: int) -> Batch:
        width, columns = self._width, self._columns
        return Batch(
            b"".join([names[start : start + width] for start in map(width.__mul__, order)]),
            bytes(map(columns.kinds.__getitem__, order)),
            array("Q", map(columns.sizes.__getitem__, order)),
            size,
        )

    def _ordered(self) -> Iterator[list[int]]:
        """Yield the indices of all objects, a whole number of families at a time."""
        keys, bases = self._columns.keys, self._columns.bases
        first, after = self._deltas()
        order: list[int] = []
        for index in compress(range(len(self)), map(not_, bases)):
            if keys[index] not in first:
                order.append(index)
            else:
                order += self._family([index], first, after)
            if len(order) > BATCH_OBJECTS:
                yield order
                order = []
        yield order
        # What is left are deltas whose base is not here, and whose turn comes with its siblings.
        for base in list(first):
            if base in first:
                yield self._family(_siblings(first.pop(base), after), first, after)

    def _deltas(self) -> "tuple[dict[int, int], array[int]]":
        """Return a delta against each base, by its key, and for each delta the next one, or -1."""
        first: dict[int, int] = {}
        after = array("q", [-1]) * len(self)
        for index, base in enumerate(self._columns.bases):
            if base:
                after[index] = first.get(base, -1)
                first[base] = index
        return first, after

    def _family(self, heads: list[int], first: dict[int, int], after: "array[int]") -> list[int]:
        """Return some objects with all deltas against them, each of these before its base."""
        keys = self._columns.keys
        found = []
        while heads:
            index = heads.pop()
            found.append(index)
            delta = first.pop(keys[index], -1)
            while delta >= 0:
                heads.append(delta)
                delta = after[delta]
        found.reverse()
        return found


def _siblings(delta: int, after: "array[int]") -> list[int]:
    found = []
    while delta >= 0:
        found.append(delta)
        delta = after[delta]
    return found


def _raw(names: list[bytes]) -> bytes:
    return bytes.fromhex(b"".join(names).decode("ascii"))
