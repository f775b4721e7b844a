"""Lines and columns, counted as the bytes pass."""

from __future__ import annotations

import codecs

import stringzilla as sz

from hexscan import skim

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from hexscan.window import Window

_NOT_ASCII = bytes(range(0x80, 0x100))


def _counted(data: memoryview) -> int:
    """Return how many lines end in ``data``."""
    return sz.count(data, b"\n")


_count = skim.newlines or _counted


class Lines:
    """A place in a stream of bytes, as line and column.

    Both count from 1. The column is in characters where the line so far is UTF-8, else in bytes.
    Nothing of the stream is kept, so it serves a line of any length.
    """

    __slots__ = ("_bytes", "_characters", "_decoder", "line", "offset")

    def __init__(self) -> None:
        self.offset = 0
        self.line = 1
        self._start_line()

    def _start_line(self) -> None:
        self._bytes = 0
        self._characters = 0
        # None once the line is known not to be UTF-8.
        self._decoder: codecs.IncrementalDecoder | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    @property
    def column(self) -> int:
        """The column of the byte that comes next."""
        decoder = self._decoder
        if decoder is None or decoder.getstate()[0]:  # not UTF-8, or half a character
            return self._bytes + 1
        return self._characters + 1

    def advance(self, data: memoryview) -> None:
        """Let ``data`` pass, which continues what passed before."""
        self.offset += len(data)
        newlines = _count(data)
        if newlines:
            self.line += newlines
            self._start_line()
            data = data[sz.rfind(data, b"\n") + 1 :]
        self._continue_line(data)

    def jump(self, line: int, offset: int) -> None:
        """Go on at ``offset``, where a line starts, unless that has passed."""
        if offset > self.offset:
            self.line, self.offset = line, offset
            self._start_line()

    def look_over(self, window: Window) -> None:
        """Go on to where the last line starts in what a window owns; stay where none does.

        What passes is only counted: a column asks for the bytes from here on. Without the compiled
        part this does nothing, since it would take as long as a search.
        """
        if not skim.newlines:
            return
        start = max(self.offset, window.start)
        owned = memoryview(window.data)[start - window.base : window.stop - window.base]
        newlines = skim.newlines(owned)
        if newlines:
            self.jump(self.line + newlines, start + sz.rfind(owned, b"\n") + 1)

    def _continue_line(self, data: memoryview) -> None:
        self._bytes += len(data)
        decoder = self._decoder
        if decoder is None:
            return
        if sz.find_first_of(data, _NOT_ASCII) < 0 and not decoder.getstate()[0]:
            self._characters += len(data)
            return
        try:
            self._characters += len(decoder.decode(data))
        except UnicodeDecodeError:
            self._decoder = None
