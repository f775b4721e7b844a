"""Object ids by the hundred thousand: packed one behind the other, sorted, in one ``bytes``.

An id costs its own 20 or 32 bytes and no object of Python's. ``size`` is always that of one id;
positions count ids. Wherever two lists are compared, stretches that are the same are compared as
memory, and only those that differ are taken apart.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

_APART = 256
"""So many ids are taken apart at once where two lists differ; more are first cut into halves."""


def position(ids: bytes, wanted: bytes, size: int, low: int = 0) -> int:
    """Return how many ids are less than ``wanted``; those before ``low`` are known to be."""
    places = range(len(ids) // size)
    return bisect_left(places, wanted, low, key=lambda at: ids[at * size : (at + 1) * size])


def holds(ids: bytes, wanted: bytes, size: int) -> bool:
    """Tell whether an id is among others."""
    at = position(ids, wanted, size) * size
    return ids[at : at + size] == wanted


def apart(ids: bytes, size: int) -> Iterator[bytes]:
    """Yield every id by itself."""
    return (ids[at : at + size] for at in range(0, len(ids), size))


def without(ids: bytes, gone: Iterable[bytes], size: int) -> bytes:
    """Return the ids without some."""
    kept, at = [], 0
    for one in sorted(gone):
        end = position(ids, one, size, at // size) * size
        kept.append(ids[at:end])
        at = end + size if ids[end : end + size] == one else end
    return b"".join([*kept, ids[at:]])


def joined(ids: bytes, more: Iterable[bytes], size: int) -> bytes:
    """Return the ids and some more, each once."""
    parts, at = [], 0
    for one in sorted(set(more)):
        end = position(ids, one, size, at // size) * size
        parts.append(ids[at:end])
        if ids[end : end + size] != one:
            parts.append(one)
        at = end
    return b"".join([*parts, ids[at:]])


class Difference:
    """What a sorted listing has that ``known`` does not, and the other way round.

    The listing comes in pieces of whole ids, by :meth:`see`; then :meth:`end` is called. ``new``
    and ``gone`` are packed and sorted.
    """

    def __init__(self, known: bytes, size: int) -> None:
        self.new = b""
        self.gone = b""
        self._known = known
        self._size = size
        self._at = 0
        self._new: list[bytes] = []
        self._gone: list[bytes] = []

    def see(self, piece: bytes) -> None:
        """Compare one more piece of the listing."""
        start, end = self._at, self._at + len(piece)
        if start == len(self._known):
            self._new.append(piece)
        elif self._known[start:end] == piece:
            self._at = end
        elif len(piece) > _APART * self._size:
            # One that is new or gone moves all that come after it, but only to where it is noticed.
            half = len(piece) // self._size // 2 * self._size
            self.see(piece[:half])
            self.see(piece[half:])
        else:
            self._take_apart(piece)

    def _take_apart(self, piece: bytes) -> None:
        size, start = self._size, self._at
        last = piece[-size:]
        end = position(self._known, last, size, start // size) * size
        end += size if self._known[end : end + size] == last else 0
        there = set(apart(self._known[start:end], size))
        here = set(apart(piece, size))
        self._new += sorted(here - there)
        self._gone += sorted(there - here)
        self._at = end

    def end(self) -> None:
        """Take note that the listing has ended."""
        self.new = b"".join(self._new)
        self.gone = b"".join([*self._gone, self._known[self._at :]])


def total(ids: bytes, size: int) -> int:
    """Return the sum of the ids as numbers, modulo one less than what an id has room for.

    Together with their count it tells, whatever their order, whether two lists hold the same: ids
    are digests, and nobody can choose some that add up to others. Halves of the list are laid over
    each other and added until one id's length is left, which keeps the remainder: ten times as fast
    as to divide.
    """
    bits = 8 * size
    value, count = int.from_bytes(ids), len(ids) // size
    while count > 1:
        count = (count + 1) // 2
        value = (value >> count * bits) + (value & ((1 << count * bits) - 1))
    return value % ((1 << bits) - 1)
