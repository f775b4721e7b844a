"""Some workers, and the units of work that they have."""

from __future__ import annotations

import os
import pickle
import selectors
import sys
from collections import deque
from contextlib import ExitStack

from hexscan.values import dataclass
from hexscan.workers import serve
from hexscan.workers.process import Process

TYPE_CHECKING = False  # the import of typing keeps workers waiting for their first unit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Any, Generic, Self, TypeVar

    from hexscan.workers.serve import Make

    Tag = TypeVar("Tag")
    Unit = TypeVar("Unit")
else:

    class Generic:
        """Stands for typing's, which only type checkers need."""

        def __class_getitem__(cls, _parameters: object) -> type:
            return cls

    Tag = Unit = None

AHEAD = 3
"""Units that a worker has: the one it works on, and those that it will not have to wait for."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Stands for the answer of a worker that has ended: it ``was ended by signal 9``, for one."""

    reason: str


class _Worker(Generic[Tag, Unit]):
    """A process and its units, the one that it works on first."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.units: deque[tuple[Tag, Unit]] = deque()


class Pool(Generic[Tag, Unit]):
    """Gives units to workers and takes their answers, in whatever order they come.

    ``make`` is called in each worker, and gives a context manager for what answers a unit. Units
    and answers are pickled, the tags of units are not. ``number`` processes are started: with
    ``fork`` as copies of this one, unless it has several threads. Where none can be started the
    work is done here.

    A context manager: at its end the workers are ended, at once if it ends with an exception.
    """

    def __init__(self, make: Make, number: int, *, fork: bool) -> None:
        self._make = make
        self._number = number if _can_start() else 0
        self._started = Process.forked if fork and _can_fork() else Process.spawned
        self._selector = selectors.DefaultSelector()
        self._closing = ExitStack()
        self._workers: list[_Worker[Tag, Unit]] = []
        self._own: Callable[[Any], Any] | None = None
        self._done_here: list[tuple[Tag, Unit, Any]] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end(at_once=kind is not None)

    def start(self) -> None:
        """Start the workers; whoever does so is to call :meth:`end`."""
        self._closing.enter_context(self._selector)
        try:
            for _ in range(self._number):
                self._start()
        except BaseException:
            self.end(at_once=True)
            raise

    @property
    def pending(self) -> int:
        """How many units were given whose answers have not been returned."""
        return len(self._done_here) + sum(len(worker.units) for worker in self._workers)

    @property
    def has_room(self) -> bool:
        """Whether a unit can be given now that a worker will soon come to."""
        if not self._workers:
            return not self._done_here
        return any(len(worker.units) < AHEAD for worker in self._workers)

    def give(self, unit: Unit, tag: Tag) -> None:
        """Give a unit to the worker that has least to do."""
        if not self._workers:
            self._done_here.append((tag, unit, self._work_here(unit)))
            return
        worker = min(self._workers, key=lambda worker: len(worker.units))
        worker.units.append((tag, unit))
        process = worker.process
        process.write(pickle.dumps(unit, pickle.HIGHEST_PROTOCOL))
        # What waits there since an earlier unit may have gone with this one, and it is still there.
        if not process.is_through and process.units not in self._selector.get_map():
            self._selector.register(process.units, selectors.EVENT_WRITE, worker)

    def answers(self, *, wait: bool) -> list[tuple[Tag, Unit, Any]]:
        """Return units that were answered, with their tags and their answers or :class:`Lost`.

        With ``wait`` at least one, if any is pending. An exception in a worker is raised here.
        """
        done, self._done_here = self._done_here, []
        while self._workers:
            timeout = None if wait and not done and self.pending else 0
            for key, _events in self._selector.select(timeout):
                worker: _Worker[Tag, Unit] = key.data
                if key.fd == worker.process.answers:
                    done += self._answered(worker)
                elif worker.process.flush():
                    self._selector.unregister(key.fd)
            if timeout == 0 or done:
                break
        done += self._done_here
        self._done_here = []
        return done

    def run(self, units: Iterable[tuple[Tag, Unit]]) -> Iterator[tuple[Tag, Unit, Any]]:
        """Give all units and yield them as they are answered; see :meth:`answers`."""
        for tag, unit in units:
            while not self.has_room:
                yield from self.answers(wait=True)
            self.give(unit, tag)
            yield from self.answers(wait=False)
        while self.pending:
            yield from self.answers(wait=True)

    def _work_here(self, unit: Unit) -> Any:  # noqa: ANN401 - whatever the answer is
        if self._own is None:
            self._own = self._closing.enter_context(self._make())
        return self._own(unit)

    def _start(self) -> None:
        """Start a worker, if the system has room for one more."""
        try:
            process = self._started(self._make)
        except OSError:
            return
        worker: _Worker[Tag, Unit] = _Worker(process)
        self._workers.append(worker)
        self._selector.register(process.answers, selectors.EVENT_READ, worker)

    def _answered(self, worker: _Worker[Tag, Unit]) -> list[tuple[Tag, Unit, Any]]:
        message = serve.receive(worker.process.answers)
        if message is None:
            return self._lost(worker)
        answer = serve.opened(message)
        return [(*worker.units.popleft(), answer)]

    def _lost(self, worker: _Worker[Tag, Unit]) -> list[tuple[Tag, Unit, Any]]:
        """Let go of a worker that has ended; what it had not begun is given to others.

        Another takes its place only if it had work, so that this comes to an end.
        """
        self._selector.unregister(worker.process.answers)
        if worker.process.units in self._selector.get_map():
            self._selector.unregister(worker.process.units)
        self._workers.remove(worker)
        reason = worker.process.ended()
        if not worker.units:
            return []
        self._start()
        lost, *others = worker.units
        for tag, unit in others:
            self.give(unit, tag)
        return [(*lost, Lost(reason))]

    def end(self, *, at_once: bool) -> None:
        """End the workers: in the middle of their work, or when they have done all they have."""
        with self._closing:
            for worker in self._workers:
                worker.process.stop(at_once=at_once)
            try:
                if not at_once:
                    for worker in self._workers:
                        _see_off(worker.process)
            finally:
                for worker in self._workers:
                    worker.process.ended()
                self._workers.clear()


def _see_off(process: Process) -> None:
    """Wait until a worker that was stopped is through; raise what that ended with, if anything."""
    while (message := serve.receive(process.answers)) is not None:
        serve.opened(message)


def _can_start() -> bool:
    """Tell whether workers can be started here.

    Windows cannot wait for several pipes, and a program that was frozen is no Python to spawn.
    """
    return os.name == "posix" and bool(sys.executable) and not getattr(sys, "frozen", False)


def _can_fork() -> bool:
    """Tell whether this process can be copied: it has one thread, and no framework of macOS."""
    threads = len(sys._current_frames())  # noqa: SLF001 - threading would have to be imported
    return threads == 1 and hasattr(os, "fork") and sys.platform != "darwin"
