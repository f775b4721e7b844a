"""Run other programs and measure them whole: wall time from start to end, peak memory."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from time import perf_counter

_TO_NOWHERE = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
]

# A child begins with the peak memory of the process that started it (Linux hands the mark on at
# exec), and this one has held large buffers. So a bare interpreter stands between the two.
_USAGE = """
import os, sys
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
seconds = usage.ru_utime + usage.ru_stime
print(usage.ru_maxrss, seconds, os.waitstatus_to_exitcode(status), file=sys.stderr)
"""
_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024


class ChildError(Exception):
    """A program that was measured did not end as it should have."""


def child_environment() -> Mapping[str, str]:
    """Return this process's environment without Python's own variables.

    They change what is measured: under ``PYTHONDONTWRITEBYTECODE``, for one, modules that have no
    cached bytecode yet are compiled again in every process.
    """
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def timed_program(argv: list[str], *, exit_status: int) -> Callable[[], float]:
    """Return a call that runs ``argv`` and returns the wall seconds from its start to its end.

    ``argv[0]`` is a path. Its standard streams go nowhere. The call raises :class:`ChildError`
    if the program ends with another status than ``exit_status``.
    """
    environment = child_environment()

    def run() -> float:
        start = perf_counter()
        child = os.posix_spawn(argv[0], argv, environment, file_actions=_TO_NOWHERE)
        _, status = os.waitpid(child, 0)
        seconds = perf_counter() - start
        _require_status(argv, os.waitstatus_to_exitcode(status), exit_status)
        return seconds

    return run


def peak_memory(argv: list[str], *, exit_status: int) -> int:
    """Run ``argv`` once and return the most bytes that were resident at one time."""
    peak, _ = _usage(argv, exit_status)
    return int(peak) * _MAXRSS_UNIT


def processor_time(argv: list[str], *, exit_status: int) -> float:
    """Run ``argv`` once; return its seconds of processor, with those of what it waited for."""
    _, seconds = _usage(argv, exit_status)
    return float(seconds)


def _usage(argv: list[str], exit_status: int) -> tuple[bytes, bytes]:
    launcher = [sys.executable, "-I", "-S", "-c", _USAGE, *argv]
    done = subprocess.run(launcher, env=child_environment(), capture_output=True, check=True)
    peak, seconds, status = done.stderr.splitlines()[-1].split()
    _require_status(argv, int(status), exit_status)
    return peak, seconds


def output_of(argv: list[str], *, exit_status: int) -> bytes:
    """Run ``argv`` once and return what it wrote to standard output."""
    done = subprocess.run(argv, env=child_environment(), stdout=subprocess.PIPE, check=False)
    _require_status(argv, done.returncode, exit_status)
    return done.stdout


def _require_status(argv: list[str], status: int, expected: int) -> None:
    if status != expected:
        raise ChildError(f"{' '.join(argv)}: exit status {status}, not {expected}")
