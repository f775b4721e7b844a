"""Runs of letters and digits, over the line breaks that wrap them."""

from __future__ import annotations

import re
from bisect import bisect_right

from stringzilla import find_first_not_of, find_last_not_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.match import Span

_MEMBERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/-_"
# A line break, real or as JSON writes it, and the indentation of the next line.
_WRAP = rb"[ \t]{0,64}+(?:[\r\n]++|(?:\\r)?\\n)[ \t]{0,64}+"
_MORE_LINES = re.compile(rb"(?:" + _WRAP + rb"[0-9A-Za-z+/_-]++)++")
_WRAP_STARTS = (b" ", b"\t", b"\r", b"\n", b"\\")
_LINE = re.compile(rb"(?:^|" + _WRAP + rb")([0-9A-Za-z+/_-]++)")
_WRAP_BEFORE = re.compile(rb"(?:[\r\n]{1,8}|(?:\\r)?\\n)[ \t]{0,64}\Z")

FARTHEST = 4096
"""How far before a hit a run is looked for that comes over several lines."""
_MOST_BLANKS = 64
_LONGEST_WRAP = 8 + _MOST_BLANKS


class Run:
    """A run, without its line breaks: ``text``, which stands in ``[start, end)`` of the data."""

    __slots__ = ("_lines", "_source", "_starts", "end", "start", "text")

    def __init__(self, data: bytes, start: int) -> None:
        end = find_first_not_of(data, _MEMBERS, start)
        end = len(data) if end < 0 else end
        # Most runs have no line breaks, and to look for them takes longer than anything else.
        more = _MORE_LINES.match(data, end) if data[end : end + 1] in _WRAP_STARTS else None
        self.start, self.end = start, end if more is None else more.end()
        self._source = data[start : self.end]
        self._lines: list[int] = []
        self._starts: list[int] = []
        self.text = self._source if more is None else _without_wraps(self._source)

    def place(self, start: int, end: int) -> Span:
        """Return the span of the data that holds ``[start, end)`` of the text."""
        if len(self.text) == len(self._source):
            return self.start + start, self.start + end
        if not self._lines:
            passed = 0
            for line in _LINE.finditer(self._source):
                self._lines.append(passed)
                self._starts.append(line.start(1))
                passed += len(line[1])
        return self._place(start), self._place(end - 1) + 1

    def _place(self, at: int) -> int:
        line = bisect_right(self._lines, at) - 1
        return self.start + self._starts[line] + at - self._lines[line]


def _without_wraps(source: bytes) -> bytes:
    # Without its backslash, a line break in JSON's writing looks like a letter.
    if b"\\" in source:
        source = source.replace(b"\\r", b"").replace(b"\\n", b"")
    return source.translate(None, b" \t\r\n")


def run_at(data: bytes, at: int, floor: int) -> Run:
    """Return the run around ``at``, no part of which is before ``floor``."""
    floor = max(floor, at - FARTHEST)
    start = _start_of_line(data, at, floor)
    while start > floor:
        wrap = _WRAP_BEFORE.search(data, max(floor, start - _LONGEST_WRAP), start)
        if wrap is None:
            break
        low = max(floor, wrap.start() - _MOST_BLANKS - 1)
        end = low + len(data[low : wrap.start()].rstrip(b" \t"))
        previous = _start_of_line(data, end, floor)
        if previous == end:
            break
        start = previous
    return Run(data, start)


def _start_of_line(data: bytes, at: int, floor: int) -> int:
    before = find_last_not_of(data, _MEMBERS, floor, at)
    return floor if before < 0 else before + 1
