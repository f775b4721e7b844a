"""The bytes of a blob, read once from front to back."""

from __future__ import annotations

from collections.abc import Iterator

from hexscan.blob import Blob, Origin
from hexscan.store import STEP, Section


class Stream:
    """A blob that is being read, and ``offset``, the place that comes next.

    Views are those of the blob: each one holds until the next bytes are asked for. A piece's
    offsets are those of what it is a piece of.
    """

    __slots__ = ("_at", "_rest", "_store", "_view", "offset")

    def __init__(self, blob: Blob) -> None:
        self._view = blob.head
        self._rest = blob.rest
        self._store = blob.store
        self._at = 0
        self.offset = blob.base or 0

    def _more(self) -> int:
        """Return how many bytes are at hand; 0 only at the end."""
        left = len(self._view) - self._at
        while not left and self._rest is not None:
            view = next(self._rest, None)
            if view is None:
                self._rest = None
                break
            self._view, self._at = view, 0
            left = len(view)
        return left

    def next(self, size: int = STEP) -> memoryview:
        """Return up to ``size`` bytes as they are at hand; none only at the end."""
        size = min(size, self._more())
        self._at += size
        self.offset += size
        return self._view[self._at - size : self._at]

    def window(self) -> tuple[memoryview, int]:
        """Return the view at hand, always the same object while it is, and the place in it."""
        self._more()
        return self._view, self._at

    def back(self, size: int) -> None:
        """Return to the stream the last ``size`` bytes of what :meth:`next` has just given."""
        self._at -= size
        self.offset -= size

    def peek(self, size: int) -> bytes:
        """Copy the next ``size`` bytes without passing them; fewer only at the end."""
        while self._more() < size:
            at_hand = bytes(self._view[self._at :])
            view = next(self._rest, None) if self._rest is not None else None
            if view is None:
                return at_hand
            self._view, self._at = memoryview(at_hand + view), 0
        return bytes(self._view[self._at : self._at + size])

    def take(self, size: int) -> bytes:
        """Copy the next ``size`` bytes; fewer only at the end."""
        if size <= len(self._view) - self._at:
            return bytes(self.next(size))
        return b"".join(bytes(view) for view in self.views(size))

    def views(self, size: int) -> Iterator[memoryview]:
        """Yield the next ``size`` bytes; ends early where the stream does."""
        while size > 0 and (view := self.next(size)):
            size -= len(view)
            yield view

    def all(self) -> Iterator[memoryview]:
        """Yield everything that is left."""
        while view := self.next():
            yield view

    def skip(self, size: int) -> int:
        """Pass over bytes; return how many were missing at the end."""
        if size <= len(self._view) - self._at:
            self._at += size
            self.offset += size
            return 0
        while size > 0 and (view := self.next(size)):
            size -= len(view)
        return size

    def blob(self, origin: Origin, size: int) -> Blob:
        """Make a blob of the next ``size`` bytes, which are read as the blob is."""
        at = self._at
        if size <= len(self._view) - at:
            self._at += size
            self.offset += size
            return Blob(origin, self._view[at : at + size])
        start = self.offset
        head = memoryview(self.take(min(size, STEP)))
        if len(head) < STEP or len(head) == size:
            return Blob(origin, head)
        store = Section(self._store, start, size) if self._store is not None else None
        return Blob(origin, head, self.views(size - len(head)), store)

    def piece(self, origin: Origin) -> Iterator[Blob]:
        """Yield everything that is left as one piece of what ``origin`` names, if any is."""
        base = self.offset
        head = self.next()
        if head:
            yield Blob(origin, head, self.all(), base=base)
