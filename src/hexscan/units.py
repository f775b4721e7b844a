"""Units of work: what can be scanned on its own, in this process or in another."""

from __future__ import annotations

import time

from hexscan import skim
from hexscan.blob import FAILURE, Blob, Origin, ReadError, Skip
from hexscan.contents import is_packed
from hexscan.gathering import Outcome
from hexscan.run import Run
from hexscan.sections import SECTION, Hits, Large, Reading, Section, ask, tell
from hexscan.store import OpenFile
from hexscan.values import dataclass, replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import TypeAlias

    from hexscan.config import Config
    from hexscan.sections import Asked
    from hexscan.sources.manifest import Manifest

    Unit: TypeAlias = "Batch | Alone | Large | Section | Hits"

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
class Answer:
    """What came of a unit, and the units that are to be done in its place, in their order."""

    outcome: Outcome
    further: tuple[Unit, ...] = ()


class Work:
    """Answers units. A context manager, which gives the function that does.

    ``maps`` is for a process of its own: see :class:`hexscan.sections.Reading`.
    """

    def __init__(self, config: Config, *, maps: bool = False) -> None:
        self._run = Run(config, Outcome(), self._sets_aside)
        self._cuts = not config.suppression.unused_marks
        self._unpack = config.unpack
        # What may change under its eyes is for the compiled search, which asks for no lookalikes.
        maps = maps and skim.encoded is not None and not config.lookalikes
        self._reading = Reading(self._run.scanner.context, maps=maps)
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
                return ask(self._reading, self._run.scanner, unit)
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

    def _hits(self, unit: Hits) -> Answer:
        outcome = self._begun()
        try:
            tell(self._reading, self._run, unit)
        except (OSError, ReadError):
            # It changes. What is there now is read as it would be without a cut.
            again = Alone(unit.file.path, unit.file.follow)
            return Answer(Outcome(files=-1, bytes=-unit.file.size), (again,))
        self._run.settle()
        return Answer(outcome)


def paths(unit: Unit) -> Iterator[bytes]:
    """Yield the path of every file that a unit is about."""
    match unit:
        case Batch(files):
            yield from files.paths()
        case Section(file) | Hits(file):
            yield file.path
        case Alone(path) | Large(path):
            yield path
