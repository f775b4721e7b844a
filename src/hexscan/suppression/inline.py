"""Marks in the text: ``hexscan:allow`` on a key's line, ``hexscan:allow-next-line`` before it.

A mark stands in any comment syntax, and what follows it on its line is the reason. It counts in
text only: a file with a NUL byte in its first 8,000 bytes is binary, as it is to git.
"""

from __future__ import annotations

import stringzilla as sz

from hexscan.finding import Suppression
from hexscan.redaction import shown
from hexscan.values import replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from hexscan.finding import Finding

NEEDLE = b"hexscan:allow"

REACH = 1900
"""Bytes before and after a key within which a mark is looked for.

Less than the matcher's context, so that a stream gives the same wherever it is cut.
"""

_NEXT_LINE = b"-next-line"
_HEAD = 8000
_LONGEST_REASON = 200

# What ends a comment in one language or another, and with it the reason.
_CLOSER = rb"\*/|--%?>|%>|#\}|\*\)|\]\]"
_MARK = rb"hexscan:allow(?P<next>-next-line)?(?=\s|\Z|" + _CLOSER + rb")"
# The longest thing that decides whether a mark stands at an offset: its words and a closer.
_SEAM = len(NEEDLE) + len(_NEXT_LINE) + 4


def is_text(head: memoryview) -> bool:
    """Tell by its first bytes whether a blob is text in which a mark counts."""
    return sz.find(head[:_HEAD], b"\0") < 0


def judged(finding: Finding, data: memoryview, start: int) -> Finding:
    """Return a finding with the judgement of a mark beside it, if there is one.

    The key starts at offset ``start`` of ``data``, which is only read. Whether the mark is honoured
    is not settled here.
    """
    low = max(0, start - REACH)
    line = sz.rfind(data, b"\n", low, start) + 1
    end = min(len(data), start + REACH)
    newline = sz.find(data, b"\n", start, end)
    mark = _mark(bytes(data[max(low, line) : end if newline < 0 else newline]), next_line=False)
    if mark is None and line > low:
        above = sz.rfind(data, b"\n", low, line - 1) + 1
        mark = _mark(bytes(data[max(low, above) : line - 1]), next_line=True)
    return finding if mark is None else replace(finding, suppressed=mark)


def _mark(line: bytes, *, next_line: bool) -> Suppression | None:
    if NEEDLE not in line:
        return None
    for mark in _marks(line):
        if bool(mark["next"]) == next_line:
            return Suppression("inline", _reason(line[mark.end() :]))
    return None


def _marks(text: bytes) -> Iterator[re.Match[bytes]]:
    import re  # noqa: PLC0415 - 3 ms, and only where there is a mark

    return re.finditer(_MARK, text)


def _reason(text: bytes) -> str:
    """Return a reason without what closes the comment, and without any key."""
    import re  # noqa: PLC0415 - see _marks

    end = re.search(_CLOSER, text)
    said = text[: end.start()] if end else text
    return shown(said.strip())[:_LONGEST_REASON]


class Marks:
    """The marks of one blob, whose bytes pass in pieces, as the lines that they allow.

    Looking for marks costs a needle search in every file, so it is done only where somebody asks
    for those that are unused.
    """

    __slots__ = ("_found", "_line", "_tail")

    def __init__(self) -> None:
        # The lines of the marks, each with the line that it allows.
        self._found: dict[tuple[int, int], None] = {}
        self._line = 1
        self._tail = b""

    def see(self, data: memoryview) -> None:
        """Let ``data`` pass, which continues what passed before."""
        # A copy, because a mark may stand across the seam; only large files come in pieces.
        text = self._tail + bytes(data)
        owned = max(0, len(text) - _SEAM)
        self._look(text, owned)
        self._tail = text[owned:]

    def see_all(self, data: memoryview) -> None:
        """Let the whole of a blob pass."""
        if sz.find(data, NEEDLE) >= 0:
            self._look(bytes(data), len(data))

    def end(self) -> None:
        """Take note that everything has passed."""
        self._look(self._tail, len(self._tail))
        self._tail = b""

    def unused(self, lines: set[int]) -> Iterator[int]:
        """Yield the lines of the marks for whose line there is no key in ``lines``."""
        return (line for line, allowed in self._found if allowed not in lines)

    def _look(self, text: bytes, owned: int) -> None:
        """Note the marks that start before ``owned``, and count the lines up to it."""
        if sz.find(text, NEEDLE) < 0:
            self._line += sz.count(memoryview(text)[:owned], b"\n")
            return
        passed = 0
        for mark in _marks(text):
            if mark.start() >= owned:
                break
            self._line += text.count(b"\n", passed, mark.start())
            passed = mark.start()
            self._found[self._line, self._line + bool(mark["next"])] = None
        self._line += text.count(b"\n", passed, owned)
