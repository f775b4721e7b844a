"""Where objects lie in a stream of many, one behind the other."""

from __future__ import annotations

from bisect import bisect_right

from hexscan.containers.sniff import may_open
from hexscan.sources.git.columns import BLOB

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


class Layout:
    """Where in a stream each object starts, by their kinds; counted out only when somebody asks.

    Before its content each has a line, which is ``head`` bytes long for a blob, and a line's end
    behind it. ``count`` gives where each starts with that line, and where the last one ends, which
    is ``length``.
    """

    def __init__(
        self, kinds: bytes, head: int, length: int, count: Callable[[], Sequence[int]]
    ) -> None:
        self.length = length
        self._kinds = kinds
        self._head = head
        self._count = count
        self._starts: Sequence[int] = ()

    @property
    def count(self) -> int:
        """The number of objects."""
        return len(self._kinds)

    def doubtful(self, doubts: Callable[[int, int], int]) -> Iterator[tuple[int, int, int]]:
        """Yield the index of each object of which there is doubt, and where it lies.

        The line before its content counts as a part of it.
        """
        place = doubts(0, 0)
        if place >= self.length:
            return
        starts = self._counted()
        index = 0
        while index < len(self._kinds):
            start, stop = starts[index], starts[index + 1]
            place = doubts(start, stop)
            if place < stop:
                yield index, start, stop
                index += 1
            else:
                index = bisect_right(starts, place) - 1

    def holders(self, place_from: Callable[[int], int]) -> Iterator[tuple[int, int, int]]:
        """Yield the index of each blob in which a place is, and where its content lies.

        ``place_from`` gives the next place from an offset on, or -1.
        """
        place = place_from(0)
        while 0 <= place < self.length:
            starts = self._counted()
            index = bisect_right(starts, place) - 1
            if self._kinds[index] == BLOB:
                yield index, starts[index] + self._head, starts[index + 1] - 1
            place = place_from(starts[index + 1])

    def openers(self, whole: memoryview) -> Iterator[tuple[int, int, int]]:
        """Yield the same of those blobs that may be containers by their heads."""
        starts = self._counted()
        for index in may_open(whole, list(starts[1:]), first=0, gap=self._head):
            if self._kinds[index] == BLOB:
                yield index, starts[index] + self._head, starts[index + 1] - 1

    def _counted(self) -> Sequence[int]:
        if not self._starts:
            self._starts = self._count()
        return self._starts
