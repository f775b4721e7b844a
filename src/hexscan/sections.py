"""A large file in sections, each of which is asked about on its own.

A section is asked whether anything could be in it, and how many lines end in it: while its bytes
are in the processor's cache that is nearly free, and to read all of a file once more for the sake
of one finding at its end is not. What is found is told afterwards, from the windows around it.
"""

from __future__ import annotations

import errno
import os
import sys

from hexscan.blob import Blob, Origin, ReadError
from hexscan.lines import Lines
from hexscan.sources.files import BUFFER_SIZE, FOLLOW, NO_FOLLOW
from hexscan.store import OpenFile
from hexscan.values import dataclass
from hexscan.window import Window

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from types import TracebackType

    from hexscan.run import Run
    from hexscan.scanner import Scanner

SECTION = 16 << 20
"""How many bytes of a large file a unit looks at: some milliseconds of work."""

PIECE = 1 << 21
"""How many bytes are mapped at a time."""

ROOM = 1 << 19
"""How many bytes are looked at together. They stay in the second-level cache while they are read,
searched and counted. Were they fewer, more would be looked at twice, as each other's context."""


@dataclass(frozen=True, slots=True)
class Large:
    """A large file in which nothing is packed, so that it can be cut into sections."""

    path: bytes
    follow: bool
    size: int
    identity: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Section:
    """The bytes of a large file from ``start`` on, to be asked whether anything is in them."""

    file: Large
    start: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A part ``[start, stop)`` of a large file in which there may be something to be told.

    ``line`` is the number of a line that starts at ``line_start``, and not behind ``start``; no
    later one there is known.
    """

    start: int
    stop: int
    line: int
    line_start: int


@dataclass(frozen=True, slots=True)
class Hits:
    """The parts of a large file in which there may be something to be told, in their order."""

    file: Large
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a section answers; ``failed`` where it could not be read.

    There are ``hits`` only if something is found in the first of them. Their lines are counted from
    the section's start, where line 0 is, which has begun before. So does ``line``, that of the
    section's end; it starts at ``line_start``, which is 0 where no line end is known.
    """

    hits: tuple[Hit, ...] = ()
    line: int = 0
    line_start: int = 0
    failed: bool = False


class Reading:
    """Reads parts of large files, into one buffer.

    ``context`` is how many bytes around a part are read with it, where they are there. ``maps`` is
    whether :meth:`glances` may look at a file where it lies. That saves a copy, which takes half as
    long as the search. But who looks at what a file has just lost is ended by the system: that is
    for a process whose end somebody takes note of.
    """

    def __init__(self, context: int, *, maps: bool = False) -> None:
        self._context = context
        self._maps = maps
        self._room: memoryview | None = None

    def windows(self, file: OpenFile, start: int, stop: int | None) -> Iterator[Window]:
        """Yield windows that own ``[start, stop)`` of a file, as far as it goes; all if ``None``.

        A window holds until the next one is asked for. Raises ``OSError``.
        """
        if self._room is None:
            import mmap  # noqa: PLC0415 - the run of short files does without

            # At the start of a page: a system copies a fifth faster to there than beside it.
            self._room = memoryview(mmap.mmap(-1, ROOM + 2 * self._context))
        room, context = self._room, self._context
        base, filled = max(0, start - context), 0
        while stop is None or start < stop:
            size = len(room) if stop is None else min(len(room), stop + context - base)
            end = base + _fill(file, base, room[:size], filled)
            owned = end if end < base + size else end - context
            owned = owned if stop is None else min(owned, stop)
            if start < owned:
                yield Window(room[: end - base], base, start, owned)
            if end < base + size:
                return
            start, filled = owned, 2 * context
            room[:filled] = room[size - filled : size]
            base = end - filled

    def glances(self, file: OpenFile, start: int, stop: int | None) -> Iterator[Window]:
        """Yield the same for the compiled search: what it looks at may change under its eyes."""
        if self._maps:
            start = yield from self._mapped(file, start, file.size if stop is None else stop)
        yield from self.windows(file, start, stop)

    def _mapped(self, file: OpenFile, start: int, stop: int) -> Generator[Window, None, int]:
        """Yield windows while they can be mapped; return the offset from which on they cannot.

        At the end of the file they never are: it may have grown or shrunk.
        """
        import mmap  # noqa: PLC0415 - the run of short files does without

        context = self._context
        while start < stop:
            behind = min(start + PIECE, stop)
            low = max(0, start - context) & -mmap.ALLOCATIONGRANULARITY
            if behind + context > file.size:
                break
            piece = file.mapped(low, behind + context - low)
            if piece is None:
                break
            while start < behind:
                base, owned = max(0, start - context), min(start + ROOM, behind)
                yield Window(piece[base - low : owned + context - low], base, start, owned)
                start = owned
        return start


def _fill(file: OpenFile, base: int, room: memoryview, filled: int) -> int:
    """Read behind the bytes that ``room`` has, and return how many it has then; all but at the end.

    ``base`` is the offset in the file of the first.
    """
    while filled < len(room) and (count := file.read_into(base + filled, room[filled:])):
        filled += count
    return filled


def ask(reading: Reading, scanner: Scanner, section: Section) -> Asked:
    """Ask what may be in a section, and how many lines end there."""
    hits: list[Hit] = []
    start, stop = section.start, section.start + SECTION
    lines = Lines()
    try:
        with Opened(section.file) as file:
            # The last section has what the file has grown by, too.
            is_last = stop >= file.size
            if file.is_hole(start, sys.maxsize if is_last else stop + scanner.context):
                return Asked()
            for window in reading.glances(file, start, None if is_last else stop):
                # Once something is there to be told, what else there is need not be certain.
                if scanner.suspects(window.data) and (hits or scanner.finds_in(_copy(window))):
                    hits.append(Hit(window.start, window.stop, lines.line - 1, lines.offset))
                lines.look_over(window)
    except OSError:
        return Asked(failed=True)
    return Asked(tuple(hits), lines.line - 1, lines.offset)


def _copy(window: Window) -> Window:
    return Window(bytes(window.data), window.base, window.start, window.stop)


def tell(reading: Reading, run: Run, unit: Hits) -> None:
    """Tell what is found in the hits; raises ``OSError`` or :class:`ReadError` if it changes."""
    with Opened(unit.file) as file:
        head = memoryview(file.read(0, BUFFER_SIZE))
        blob = Blob(Origin(unit.file.path), head, iter(()), file)
        lines = Lines()
        for hit in unit.hits:
            lines.jump(hit.line, hit.line_start)
            reached = hit.start
            for window in reading.windows(file, hit.start, hit.stop):
                run.tell(blob, [window], lines)
                reached = window.stop
            if reached < hit.stop:
                raise ReadError("it was cut short while it was read")


class Opened:
    """A large file opened again: a context manager, which gives the file and closes it.

    Entering it raises ``OSError``, also where another file is in its place.
    """

    def __init__(self, large: Large) -> None:
        self._large = large
        self._descriptor = -1

    def __enter__(self) -> OpenFile:
        large = self._large
        self._descriptor = os.open(large.path, FOLLOW if large.follow else NO_FOLLOW)
        file = OpenFile(self._descriptor, large.size)
        try:
            _check_identity(file, large)
        except OSError:
            os.close(self._descriptor)
            raise
        return file

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self._descriptor)


def _check_identity(file: OpenFile, large: Large) -> None:
    if file.identity() != large.identity:
        raise OSError(errno.ESTALE, "another file is in its place")


class Answers:
    """The answers of a file's sections, which come in any order, put together."""

    def __init__(self) -> None:
        self.hits: list[Hit] = []
        self._line, self._line_start = 1, 0
        self._next = 0
        # What has come too early, by where the section starts.
        self._early: dict[int, Asked] = {}

    def take(self, start: int, asked: Asked) -> None:
        """Take an answer. When the last has come, all ``hits`` there are have their true lines."""
        self._early[start] = asked
        while (known := self._early.pop(self._next, None)) is not None:
            self._next += SECTION
            for hit in known.hits:
                line, line_start = self._line + hit.line, hit.line_start or self._line_start
                self.hits.append(Hit(hit.start, hit.stop, line, line_start))
            self._line += known.line
            self._line_start = known.line_start or self._line_start

    def give_up(self) -> None:
        """Take what has come behind a section that does not answer.

        On which lines that is nobody knows: these hits start none, so that lines are counted again.
        """
        for _, asked in sorted(self._early.items()):
            self.hits += [Hit(hit.start, hit.stop, 1, 0) for hit in asked.hits]
        self._early.clear()
