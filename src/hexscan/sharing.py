"""A run whose work is shared among processes, and comes to what it would in one.

This process lists what is in scope and gives it out in units; what comes of them is gathered in the
order of the units, whoever is done first. Workers are started only when the run has taken about as
long as their start does.
"""

from __future__ import annotations

import math
import time

from hexscan.blob import Files
from hexscan.gathering import Outcome
from hexscan.sections import SECTION, Answers, Asked, Hits, Large, Section
from hexscan.sources.manifest import Line, Manifest
from hexscan.units import Alone, Answer, Batch, Work

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hexscan.blob import Blob, Skip
    from hexscan.config import Config
    from hexscan.gathering import Gathering
    from hexscan.units import Unit
    from hexscan.workers.pool import Lost, Pool

FILES = 256
"""How many files a unit has: some milliseconds of work."""

PATIENCE = {True: 0.01, False: 0.1}
"""How long a run goes on alone, in seconds, if workers are forked and if they are spawned."""

WINDOW = 1 << 16
"""How far the work may go on, in units, beyond one that takes long."""


class _Slot:
    """A place in the order of outcomes; ``next`` is the one behind it."""

    __slots__ = ("next", "outcome")

    def __init__(self, following: _Slot | None = None) -> None:
        self.outcome: Outcome | None = None
        self.next = following


class _Cut:
    """A large file whose sections are asked about, in no particular order."""

    def __init__(self, slot: _Slot, file: Large) -> None:
        self.slot = slot
        self.file = file
        self.left = len(range(0, file.size, SECTION))
        self.answers = Answers()
        self.lost = ""
        self.failed = False

    def sections(self) -> Iterator[tuple[_Cut, Section]]:
        """Yield the units, as they are asked for."""
        return ((self, Section(self.file, start)) for start in range(0, self.file.size, SECTION))

    def hear(self, start: int, answer: Asked | Lost) -> None:
        """Take the answer of one section."""
        self.left -= 1
        if not isinstance(answer, Asked):
            self.lost = answer.reason
            return
        self.failed |= answer.failed
        self.answers.take(start, answer)


class Sharing:
    """Gives the files that sources list to workers, and gathers what comes of them."""

    def __init__(self, config: Config, gathering: Gathering) -> None:
        self._config = config
        self._gathering = gathering
        self._here = Work(config)
        # The last slot is always an empty one, for the unit that comes next.
        self._first = self._last = _Slot()
        self._open = 0
        self._line = Line(FILES)
        self._backlog: list[Iterator[tuple[_Slot | _Cut, Unit]]] = []
        self._pool: Pool[_Slot | _Cut, Unit] | None = None
        self._alone_until = time.perf_counter() + PATIENCE[config.forks]

    def take(self, items: Iterable[Blob | Skip | Files | Manifest]) -> None:
        """Scan what a source yields; no worker is left when this comes back."""
        try:
            self._take(items)
        except BaseException:
            self._end(at_once=True)
            raise
        self._end(at_once=False)

    def _take(self, items: Iterable[Blob | Skip | Files | Manifest]) -> None:
        for item in items:
            if isinstance(item, Files):
                self._give(self._line.add(item))
            elif isinstance(item, Manifest):
                self._give(self._line.take())
                self._give([item])
            else:
                # Its bytes hold until the next item is asked for.
                self._met(self._here.item(item))
        self._give(self._line.take())
        while self._pool is not None and self._pool.pending:
            self._collect(self._pool, wait=True)
            self._give_out()

    def _end(self, *, at_once: bool) -> None:
        if self._pool is not None:
            self._pool.end(at_once=at_once)

    def _give(self, some: Iterable[Manifest]) -> None:
        """Give out files that have lined up."""
        for files in some:
            self._backlog.append(iter([(self._add(), Batch(files))]))
            self._give_out()

    def _met(self, answer: Answer) -> None:
        """Take what came of an item that was done here; only findings have a place in the order."""
        if answer.outcome.findings or answer.further:
            self._give(self._line.take())
            self._answered(self._add(), answer)
            self._give_out()
        else:
            self._gathering.add(answer.outcome)
            self._gathering.count(answer.outcome.files, answer.outcome.bytes)

    def _add(self) -> _Slot:
        """Return the slot of a unit that comes behind all others."""
        slot = self._last
        self._last = slot.next = _Slot()
        self._open += 1
        return slot

    def _give_out(self) -> None:
        """Do all units there are, or give them to workers, and take the answers that have come."""
        while (given := self._next()) is not None:
            tag, unit = given
            if self._pool is None and time.perf_counter() >= self._alone_until:
                self._start()
            pool = self._pool
            if pool is None:
                self._settle(tag, unit, self._here.answer(unit))
                continue
            while pool.pending and (self._open > WINDOW or not pool.has_room):
                self._collect(pool, wait=True)
            pool.give(unit, tag)
            self._collect(pool, wait=False)

    def _next(self) -> tuple[_Slot | _Cut, Unit] | None:
        """Return the next unit; a large file comes in sections, and is work enough for several."""
        while self._backlog:
            given = next(self._backlog[-1], None)
            if given is None:
                self._backlog.pop()
                continue
            tag, unit = given
            if not isinstance(unit, Large) or isinstance(tag, _Cut):
                return given
            if self._alone_until < math.inf:
                self._alone_until = 0.0
            self._backlog.append(_Cut(tag, unit).sections())
        return None

    def _start(self) -> None:
        """Start as many workers as there are to be, unless that is one."""
        # Imported here, nothing of this costs a short run anything.
        from functools import partial  # noqa: PLC0415

        from hexscan.workers.pool import Pool  # noqa: PLC0415
        from hexscan.workers.processors import available  # noqa: PLC0415

        config = self._config
        number = config.jobs or available()
        if number == 1:
            self._alone_until = math.inf
            return
        self._pool = Pool(partial(Work, config, maps=True), number, fork=config.forks)
        self._pool.start()

    def _collect(self, pool: Pool[_Slot | _Cut, Unit], *, wait: bool) -> None:
        for tag, unit, answer in pool.answers(wait=wait):
            self._settle(tag, unit, answer)

    def _settle(self, tag: _Slot | _Cut, unit: Unit, answer: Answer | Asked | Lost) -> None:
        if isinstance(tag, _Slot):
            assert not isinstance(answer, Asked)  # noqa: S101 - a section has no slot
            if not isinstance(answer, Answer):
                answer = Answer(self._here.lost(unit, answer.reason))
            self._answered(tag, answer)
        elif isinstance(unit, Section) and not isinstance(answer, Answer):
            self._gathering.count(0, min(SECTION, unit.file.size - unit.start))
            tag.hear(unit.start, answer)
            if not tag.left:
                self._joined(tag)

    def _answered(self, slot: _Slot, answer: Answer) -> None:
        """Take the outcome of a unit; what is to be done in its place has its turn at once."""
        slot.outcome = answer.outcome
        pairs: list[tuple[_Slot | _Cut, Unit]] = []
        for unit in answer.further:
            slot.next = _Slot(slot.next)
            slot = slot.next
            self._open += 1
            pairs.append((slot, unit))
        if pairs:
            self._backlog.append(iter(pairs))
        self._release()
        self._gathering.count(answer.outcome.files, answer.outcome.bytes)

    def _joined(self, cut: _Cut) -> None:
        """Settle a large file that was looked at from its first section to its last."""
        file = cut.file
        if cut.failed:
            # It changes. What is there now is read as it would be without a cut.
            again = Alone(file.path, file.follow)
            self._answered(cut.slot, Answer(Outcome(bytes=-file.size), (again,)))
            return
        outcome = self._here.lost(file, cut.lost) if cut.lost else Outcome()
        outcome.count(1, 0)
        cut.answers.give_up()
        hits = tuple(cut.answers.hits)
        self._answered(cut.slot, Answer(outcome, (Hits(file, hits),) if hits else ()))

    def _release(self) -> None:
        """Hand on the outcomes before which nothing is missing."""
        slot = self._first
        while slot.outcome is not None and slot.next is not None:
            self._gathering.add(slot.outcome)
            slot = slot.next
            self._open -= 1
        self._first = slot
