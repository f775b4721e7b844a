"""Files of many directories in one piece of bytes: nothing is made for each of them.

A clean file costs three system calls, so that an object for its name would be felt.
"""

from __future__ import annotations

from hexscan.blob import Files, Skip
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hexscan.blob import Blob


@dataclass(slots=True)
class Manifest:
    """Regular files that nobody has opened yet.

    ``items`` are their names, with a NUL behind each. An empty one says that the next is no name:
    it is the prefix, itself perhaps empty, of the names behind it. ``named`` is that of
    :class:`hexscan.blob.Files`.

    Whoever opens the files moves ``at``, where the next item starts, and ``prefix_at``, where the
    prefix does that holds there.
    """

    items: bytes
    named: bool = False
    at: int = 0
    prefix_at: int = 0

    @property
    def is_through(self) -> bool:
        """Whether all files were opened."""
        return self.at >= len(self.items)

    @property
    def prefix(self) -> bytes:
        """The prefix of the file that was taken last."""
        return self._item(self.prefix_at)

    def take(self) -> bytes:
        """Take the next file, and return its name."""
        while not (name := self._item(self.at)):
            self.prefix_at = self.at + 1
            self.at = self.prefix_at + len(self.prefix) + 1
        self.at += len(name) + 1
        return name

    def names_ahead(self) -> int:
        """Return how many names there are before the next prefix."""
        # The first NUL is that of a name; that may be the one that was taken last.
        stop = self.items.find(b"\0\0", max(0, self.at - 1))
        return self.items.count(b"\0", self.at, stop + 1 if stop >= 0 else None)

    def rest(self) -> Manifest:
        """Return the files that were not taken, of which there is at least one."""
        items = self.items[self.at :]
        return Manifest(items if items[0] == 0 else _group(self.prefix, items), self.named)

    def paths(self, stop: int | None = None) -> Iterator[bytes]:
        """Yield the paths of the files that were not taken, up to the item at ``stop``."""
        prefix = self.prefix
        items = iter(self.items[self.at : stop].split(b"\0")[:-1])
        for item in items:
            if item:
                yield prefix + item
            else:
                prefix = next(items)

    def _item(self, at: int) -> bytes:
        return self.items[at : self.items.index(b"\0", at)]


class Line:
    """Puts together what a source lists, ``number`` files at a time."""

    def __init__(self, number: int) -> None:
        self._number = self._room = number
        self._parts: list[bytes] = []
        self._named = False

    def add(self, files: Files) -> Iterator[Manifest]:
        """Line files up, and yield the manifests that are full."""
        if files.named != self._named:
            yield from self.take()
            self._named = files.named
        names, left = files.names, files.names.count(b"\0")
        while left >= self._room:
            cut = _length(names, self._room)
            left -= self._room
            self._parts.append(_group(files.prefix, names[:cut]))
            names = names[cut:]
            yield from self.take()
        if names:
            self._parts.append(_group(files.prefix, names))
            self._room -= left

    def take(self) -> Iterator[Manifest]:
        """Yield the files that have lined up, if there are any."""
        if self._parts:
            items = b"".join(self._parts)
            self._parts, self._room = [], self._number
            yield Manifest(items, self._named)


def lined_up(
    items: Iterable[Blob | Skip | Files | Manifest], number: int
) -> Iterator[Blob | Skip | Manifest]:
    """Line up the files among what a source yields; only skips may overtake them."""
    line = Line(number)
    for item in items:
        if isinstance(item, Files):
            yield from line.add(item)
        else:
            if not isinstance(item, Skip):
                yield from line.take()
            yield item
    yield from line.take()


def _group(prefix: bytes, names: bytes) -> bytes:
    return b"\0%b\0%b" % (prefix, names)


def _length(names: bytes, number: int) -> int:
    """Return how many bytes the first names take, of which there are at least so many."""
    return len(b"\0".join(names.split(b"\0", number)[:number])) + 1
