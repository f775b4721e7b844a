"""One worker, as the process that has started it sees it."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from contextlib import suppress

from hexscan.workers import serve

TYPE_CHECKING = False  # see hexscan.workers.pool
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterable

    from hexscan.workers.serve import Make

_PROGRAM = "from hexscan.workers.serve import main; main()"


class Process:
    """A worker and the pipes to it.

    ``units`` is the descriptor that is written to, which never blocks, ``answers`` the one that is
    read. Whoever makes one ends it, with :meth:`stop` and :meth:`ended`.
    """

    def __init__(self, pid: int, units: int, answers: int, life: int) -> None:
        self.units = units
        self.answers = answers
        self._pid = pid
        self._life = life
        self._outgoing = bytearray()
        self._popen: subprocess.Popen[bytes] | None = None
        os.set_blocking(units, False)

    @classmethod
    def forked(cls, make: Make) -> Process:
        """Start a worker as a copy of this process, which must have no other thread.

        It costs 1 to 3 ms, for everything is loaded. Raises ``OSError``.
        """
        ends = _Ends()
        try:
            pid = os.fork()
        except BaseException:
            ends.close()
            raise
        if pid == 0:
            try:
                _close_all_but(ends.theirs)
                serve.end_with(ends.life[0])
                serve.serve(ends.units[0], ends.answers[1], make)
            finally:
                os._exit(1)
        return ends.joined(cls, pid)

    @classmethod
    def spawned(cls, make: Make) -> Process:
        """Start a worker as a Python of its own, which costs 50 ms. Raises ``OSError``."""
        import subprocess  # noqa: PLC0415 - a fork does without

        ends = _Ends()
        try:
            # -P: the current directory may be a stranger's, and no place to import from.
            popen = subprocess.Popen(  # noqa: S603 - our own interpreter and program
                [sys.executable, "-P", "-c", _PROGRAM, str(ends.life[0])],
                stdin=ends.units[0],
                stdout=ends.answers[1],
                pass_fds=(ends.life[0],),
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))},
            )
        except BaseException:
            ends.close()
            raise
        worker = ends.joined(cls, popen.pid)
        worker._popen = popen  # noqa: SLF001 - its own
        worker.write(pickle.dumps(make))
        return worker

    @property
    def is_through(self) -> bool:
        """Whether everything was sent that was written."""
        return not self._outgoing

    def write(self, message: bytes) -> None:
        """Send a message as far as the pipe has room; what is left waits for :meth:`flush`."""
        self._outgoing += serve.framed(message)
        self.flush()

    def flush(self) -> bool:
        """Send what is left, as far as there is room, and tell whether all of it is through."""
        try:
            while self._outgoing:
                sent = os.write(self.units, self._outgoing)
                del self._outgoing[:sent]
        except BlockingIOError:
            return False
        except BrokenPipeError:
            self._outgoing.clear()  # it has ended, which the end of its answers tells
        return True

    def stop(self, *, at_once: bool) -> None:
        """Let the worker end: in the middle of its work, or when it has done all that it has."""
        if at_once:
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        os.close(self.units)
        self.units = -1

    def ended(self) -> str:
        """Wait for the end of a worker that is stopped or has ended, and say how it ended."""
        try:
            return _words(self._wait())
        finally:
            for descriptor in (self.units, self.answers, self._life):
                if descriptor >= 0:
                    os.close(descriptor)

    def _wait(self) -> int:
        if self._popen is not None:
            return self._popen.wait()
        try:
            return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        except ChildProcessError:  # somebody else has waited for it
            return 0


class _Ends:
    """The pipes of a worker that is being started: where one reads, and where one writes."""

    def __init__(self) -> None:
        self._all: list[int] = []
        try:
            self.units, self.answers, self.life = self._pipe(), self._pipe(), self._pipe()
        except OSError:
            self.close()
            raise

    def _pipe(self) -> tuple[int, int]:
        ends = os.pipe()
        self._all += ends
        return ends

    @property
    def theirs(self) -> tuple[int, int, int]:
        return self.units[0], self.answers[1], self.life[0]

    def joined(self, process: type[Process], pid: int) -> Process:
        """Close the worker's ends on this side."""
        for descriptor in self.theirs:
            os.close(descriptor)
        return process(pid, self.units[1], self.answers[0], self.life[1])

    def close(self) -> None:
        for descriptor in self._all:
            os.close(descriptor)


def _close_all_but(kept: Iterable[int]) -> None:
    """Close what a fork has inherited: pipes to git and to other workers would never end."""
    try:
        inherited = [int(name) for name in os.listdir("/dev/fd")]  # noqa: PTH208 - names alone
    except OSError:
        inherited = list(range(1024))
    for descriptor in inherited:
        if descriptor > 2 and descriptor not in kept:  # noqa: PLR2004 - the standard streams
            with suppress(OSError):
                os.close(descriptor)


def _words(status: int) -> str:
    if status == serve.OUT_OF_MEMORY:
        return "ran out of memory"
    if status == -getattr(signal, "SIGBUS", 0):
        return "lost what it was reading: the file was cut short, or its disk fails"
    if status < 0:
        return f"was ended by signal {-status}"
    return f"ended with status {status}"
