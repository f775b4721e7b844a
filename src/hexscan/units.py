"""Units of work: what can be scanned on its own, in this process or in another."""

from __future__ import annotations

import errno
import os
import time

from hexscan.blob import FAILURE, Blob, Origin, ReadError, Skip
from hexscan.contents import is_packed
from hexscan.gathering import Outcome
from hexscan.lines import Lines
from hexscan.run import Run
from hexscan.sources.files import BUFFER_SIZE, FOLLOW, NO_FOLLOW
from hexscan.store import OpenFile
from hexscan.values import dataclass, replace
from hexscan.window import section

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import TypeAlias

    from hexscan.config import Config
    from hexscan.sources.manifest import Manifest
    from hexscan.window import Window

    Unit: TypeAlias = "Batch | Alone | Large | Section | Hits"

SECTION = 16 << 20
"""How many bytes of a large file a unit looks at: some milliseconds of work."""

LARGE = 4 << 20
"""From this size on a file that cannot be cut is a unit of its own."""

ENOUGH = 0.05
"""The seconds after which a unit is given back as far as it has not begun."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some regular files that nobody has opened yet."""

    files: Manifest


@dataclass(frozen=True, slots=True)
class Alone:
    """One large file; a link to it is followed with ``follow``."""

    path: bytes
    follow: bool


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
class Hits:
    """The sections of a large file, by where they start, in which there is something to be told."""

    file: Large
    starts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a unit, and the units that are to be done in its place, in their order."""

    outcome: Outcome
    further: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether anything is to be found in a section; ``failed`` where it could not be read."""

    found: bool
    failed: bool = False


class Work:
    """Answers units. A context manager, which gives the function that does."""

    def __init__(self, config: Config) -> None:
        self._run = Run(config, Outcome(), self._sets_aside)
        self._cuts = not config.suppression.unused_marks
        self._unpack = config.unpack
        self._buffer = memoryview(bytearray(BUFFER_SIZE))
        self._aside: Unit | None = None
        self._until = 0.0
        # What is set aside was opened like this, and None while nothing is.
        self._follow: bool | None = None

    def __enter__(self) -> Callable[[Unit], Answer | Asked]:
        return self.answer

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run.entries.close()

    def answer(self, unit: Unit) -> Answer | Asked:
        """Do a unit, but for a large file: it is for whoever shares the work to cut that."""
        match unit:
            case Batch():
                return self._batch(unit)
            case Alone():
                return Answer(self.alone(unit))
            case Section():
                return self._section(unit)
            case Hits():
                return self._hits(unit)
        raise TypeError(unit)

    def item(self, item: Blob | Skip) -> Answer:
        """Do what a source has opened itself; it follows links where it does so."""
        self._follow, self._aside = True, None
        outcome = self._begun()
        self._run.take([item])
        return self._answer(outcome, ())

    def lost(self, unit: Unit, reason: str) -> Outcome:
        """Tell of every file of a unit that nobody knows what is in it."""
        outcome = self._begun()
        why = f"not scanned: the process that read it {reason}"
        for path in paths(unit):
            self._run.skip(Skip(Origin(path), FAILURE, why))
        return outcome

    def alone(self, unit: Alone) -> Outcome:
        """Scan one file whole."""
        self._follow = None
        outcome = self._begun()
        self._run.take([self._run.entries.file(unit.path, follow=unit.follow)])
        self._run.settle()
        return outcome

    def _batch(self, unit: Batch) -> Answer:
        self._follow, self._aside = False, None
        self._until = 0.0
        outcome = self._begun()
        files = replace(unit.files)
        self._run.take([files], self._goes_on)
        return self._answer(outcome, () if files.is_through else (Batch(files.rest()),))

    def _goes_on(self) -> bool:
        now = time.perf_counter()
        if not self._until:
            # The first file is read in any case, so that what is given back grows shorter.
            self._until = now + ENOUGH
            return True
        return self._aside is None and now < self._until

    def _begun(self) -> Outcome:
        self._run.sink = outcome = Outcome()
        return outcome

    def _answer(self, outcome: Outcome, rest: tuple[Unit, ...]) -> Answer:
        self._run.settle()
        aside = () if self._aside is None else (self._aside,)
        return Answer(outcome, (*aside, *rest))

    def _sets_aside(self, blob: Blob) -> bool:
        """Set a large file aside, to be done by itself or in sections."""
        store = blob.store
        if self._follow is None or not isinstance(store, OpenFile) or store.size < LARGE:
            return False
        path = blob.origin.path
        if not self._cuts or (self._unpack and is_packed(blob, store)):
            self._aside = Alone(path, self._follow)
        elif store.size >= 2 * SECTION:
            self._aside = Large(path, self._follow, store.size, store.identity())
        return self._aside is not None

    def _section(self, unit: Section) -> Asked:
        try:
            with _Opened(unit.file) as file:
                stop = unit.start + SECTION + self._run.scanner.context
                if file.is_hole(unit.start, min(stop, file.size)):
                    return Asked(found=False)
                return Asked(self._run.scanner.finds_in(self._windows(file, unit.start)))
        except OSError:
            return Asked(found=False, failed=True)

    def _hits(self, unit: Hits) -> Answer:
        outcome = self._begun()
        try:
            with _Opened(unit.file) as file:
                head = memoryview(file.read(0, BUFFER_SIZE))
                blob = Blob(Origin(unit.file.path), head, iter(()), file)
                lines = Lines()
                for start in unit.starts:
                    self._run.tell(blob, self._windows(file, start), lines)
        except (OSError, ReadError):
            # It changes. What is there now is read as it would be without a cut.
            again = Alone(unit.file.path, unit.file.follow)
            return Answer(Outcome(files=-1, bytes=-unit.file.size), (again,))
        self._run.settle()
        return Answer(outcome)

    def _windows(self, file: OpenFile, start: int) -> Iterator[Window]:
        """Yield the windows of a section. The last one has what the file has grown by, too."""
        context = self._run.scanner.context
        low, stop = max(0, start - context), start + SECTION
        if stop >= file.size:
            return section(self._views(file, low, None), low, start, None, context)
        return section(self._views(file, low, stop + context), low, start, stop, context)

    def _views(self, file: OpenFile, start: int, stop: int | None) -> Iterator[memoryview]:
        while stop is None or start < stop:
            room = self._buffer if stop is None else self._buffer[: stop - start]
            count = file.read_into(start, room)
            if not count:
                return
            yield room[:count]
            start += count


class _Opened:
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


def paths(unit: Unit) -> Iterator[bytes]:
    """Yield the path of every file that a unit is about."""
    match unit:
        case Batch(files):
            yield from files.paths()
        case Section(file) | Hits(file):
            yield file.path
        case Alone(path) | Large(path):
            yield path
