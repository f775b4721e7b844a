"""The objects that ``git cat-file --batch`` reads: one after the other, as they are asked for.

This module is on the clean path of ``hexscan staged`` and imports nothing slow.
"""

from __future__ import annotations

import os

from hexscan.sources.files import BUFFER_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

COMMAND = ("cat-file", "--batch")

# So many names are written before the first answer is read. They have to fit into a pipe, or git
# and this process would wait for each other: 16 kB at the least, and a SHA-256 name takes 65 bytes.
AHEAD = 240

_PIPE = 64 * 1024  # as much as a pipe holds on Linux: no read gives more


class BatchError(Exception):
    """The command ended, or wrote something that is no answer."""


class Batch:
    """Objects read from a running ``cat-file --batch``, into one buffer that is used again.

    ``feed`` and ``output`` are the descriptors of its standard input and output; both stay the
    caller's. Nothing else may read or write them. Not for use by several threads at once.
    """

    def __init__(self, feed: int, output: int) -> None:
        self._feed = feed
        self._output = output
        self._buffer = bytearray(BUFFER_SIZE)
        self._view = memoryview(self._buffer)
        # What was read and not yet told stands in [start, end).
        self._start = 0
        self._end = 0
        self._left = 0  # bytes of the last object, its line end included, still to come

    def ask(self, names: Sequence[bytes]) -> None:
        """Ask for up to :data:`AHEAD` objects; all answers to what was asked before are read."""
        data = memoryview(b"".join([name + b"\n" for name in names]))
        try:
            while data:
                data = data[os.write(self._feed, data) :]
        except BrokenPipeError:
            raise BatchError from None

    def header(self) -> tuple[bytes, int] | None:
        """Return type and size of the next object that was asked for, or ``None`` if it is missing.

        What is left of the object before it is passed over. Raises :class:`BatchError`.
        """
        for _ in self._rest():
            pass
        at = self._buffer.find(b"\n", self._start, self._end)
        while at < 0:
            self._more()
            at = self._buffer.find(b"\n", self._start, self._end)
        words = bytes(self._view[self._start : at]).split(b" ")
        self._start = at + 1
        if words[-1] == b"missing":
            return None
        try:
            _, kind, size = words
            self._left = int(size) + 1
        except ValueError:
            raise BatchError from None
        return kind, int(size)

    def content(self) -> tuple[memoryview, Iterator[memoryview] | None]:
        """Return the first bytes of the object whose header was read, and the rest if any is left.

        Views hold until the next one, or the next header, is asked for. The rest raises
        :class:`BatchError`.
        """
        while self._left > self._end - self._start and self._end - self._start < BUFFER_SIZE:
            self._more()
        if self._left > self._end - self._start:
            return self._take(self._end - self._start), self._rest()
        head = self._take(self._left)
        return head[:-1], None

    def _take(self, count: int) -> memoryview:
        view = self._view[self._start : self._start + count]
        self._start += count
        self._left -= count
        return view

    def _rest(self) -> Iterator[memoryview]:
        while self._left:
            if self._start == self._end:
                self._more()
            view = self._take(min(self._left, self._end - self._start))
            if not self._left:
                view = view[:-1]
            if view:
                yield view

    def _more(self) -> None:
        """Read more, behind what is there; the buffer is never full when this is called."""
        if self._start:
            kept = self._end - self._start
            self._buffer[:kept] = self._buffer[self._start : self._end]
            self._start, self._end = 0, kept
        data = os.read(self._output, min(_PIPE, BUFFER_SIZE - self._end))
        if not data:
            raise BatchError
        self._view[self._end : self._end + len(data)] = data
        self._end += len(data)
