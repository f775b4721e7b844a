"""Processes that scan batches side by side, for the search of one would hold up that of another.

A worker is a Python of its own and no fork: the program that calls the library may have threads.
It is told its batches through its standard input and answers through its standard output, both
pickled. Nothing but the two pipes joins it to the process that started it, and it ends with them.
"""

import os
import pickle
import selectors
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from itertools import chain
from types import TracebackType
from typing import Self

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.batches import BatchScanner
from hexscan.sources.git.families import Batch
from hexscan.sources.git.repository import Repository

_PROGRAM = "from hexscan.history.workers import serve; serve()"


def reports(repository: Repository, config: Config, batches: Iterable[Batch]) -> Iterator[Report]:
    """Yield what each batch holds, in no particular order.

    A repository of a single batch is scanned here, without a worker.
    """
    queue = iter(batches)
    first, second = next(queue, None), next(queue, None)
    if first is None:
        return
    if second is None:
        with BatchScanner(repository, config) as scanner:
            yield scanner.scan(first)
        return
    with _Workers(repository, config, _cores()) as workers:
        yield from workers.run(chain([first, second], queue))


def serve() -> None:
    """Be a worker: scan what comes in, until nothing comes any more."""
    # ^C reaches every process of the terminal; the one that started us tells of it.
    incoming, outgoing = sys.stdin.buffer, sys.stdout.buffer
    try:
        repository, config = pickle.load(incoming)  # noqa: S301 - from the process that started us
        with BatchScanner(repository, config) as scanner:
            while True:
                batch = pickle.load(incoming)  # noqa: S301 - the same
                pickle.dump(scanner.scan(batch), outgoing, pickle.HIGHEST_PROTOCOL)
                outgoing.flush()
    except (EOFError, KeyboardInterrupt, BrokenPipeError):
        os._exit(0)  # nothing is left to be written, and nobody to read it


class _Workers:
    """Some workers, each with one batch at a time. A context manager, which ends them."""

    def __init__(self, repository: Repository, config: Config, number: int) -> None:
        self._ending = ExitStack()
        self._hello = pickle.dumps((repository, config))
        self._number = number
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        self._ending.enter_context(self._selector)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.close()

    def run(self, batches: Iterator[Batch]) -> Iterator[Report]:
        """Yield the reports of all batches, as workers come back with them."""
        busy = 0
        coming = next(batches, None)
        while busy < self._number and coming:
            self._give(self._start(), coming)
            busy += 1
            coming = next(batches, None)
        while busy:
            for key, _events in self._selector.select():
                worker: subprocess.Popen[bytes] = key.data
                answer = _answer(worker)
                if coming:
                    self._give(worker, coming)
                    # Made while the workers are at it, so that none has to wait for its next.
                    coming = next(batches, None)
                else:
                    self._selector.unregister(key.fileobj)
                    _dismiss(worker)
                    busy -= 1
                yield answer

    def _start(self) -> "subprocess.Popen[bytes]":
        # -P: the current directory is a stranger's repository, and no place to import from.
        worker = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))},
            bufsize=-1,
        )
        self._ending.callback(_end, worker)
        assert worker.stdin is not None  # noqa: S101 - a pipe
        assert worker.stdout is not None  # noqa: S101 - a pipe
        worker.stdin.write(self._hello)
        self._selector.register(worker.stdout, selectors.EVENT_READ, worker)
        return worker

    def _give(self, worker: "subprocess.Popen[bytes]", batch: Batch) -> None:
        assert worker.stdin is not None  # noqa: S101 - a pipe
        pickle.dump(batch, worker.stdin, pickle.HIGHEST_PROTOCOL)
        worker.stdin.flush()


def _answer(worker: "subprocess.Popen[bytes]") -> Report:
    assert worker.stdout is not None  # noqa: S101 - a pipe
    try:
        answer = pickle.load(worker.stdout)  # noqa: S301 - from a process that we started
    except EOFError:
        raise RuntimeError(f"a worker ended with status {worker.wait()}") from None
    assert isinstance(answer, Report)  # noqa: S101 - all that a worker sends
    return answer


def _dismiss(worker: "subprocess.Popen[bytes]") -> None:
    """Let a worker end by itself, and its git processes with it."""
    assert worker.stdin is not None  # noqa: S101 - a pipe
    worker.stdin.close()
    worker.wait()


def _end(worker: "subprocess.Popen[bytes]") -> None:
    if worker.poll() is None:
        worker.kill()
        worker.wait()
    for stream in (worker.stdin, worker.stdout):
        if stream is not None:
            with suppress(BrokenPipeError):  # of a batch that was not sent to its end
                stream.close()


def _cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
