"""Run programs side by side: in turns, within a limit, watched once for what they tell and hold.

This is for Linux, which tells of the end of a process without a wait that has to ask again.
"""

import os
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import IO

from benchmarks.comparison.environment import DIRECTORY
from benchmarks.comparison.memory import Memory, is_known
from benchmarks.measure import Spread
from benchmarks.process import child_environment

_SAMPLE_SECONDS = 0.01
# Between two looks at the memory at least so many times what a look takes: 5 % of one processor.
_REST = 20


def _nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True, slots=True)
class Run:
    """A program to run: where, with which file as standard input, and what goes before it.

    ``before`` is called before every run and not timed. ``stdin`` comes through a pipe. What the
    program writes goes into a file, since grep stops at the first match if it sees that nobody
    reads; ``to_nowhere`` is for those that only read and write everything.
    """

    argv: Sequence[str]
    directory: Path | None = None
    stdin: Path | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] = _nothing
    to_nowhere: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended: its exit status, ``None`` if it was stopped at the limit, and its report."""

    status: int | None
    seconds: float
    output: bytes = b""
    memory: Memory | None = None


def neutral_environment() -> dict[str, str]:
    """Return an environment in which no setting of the user's changes what is measured.

    What programs remember from run to run is not with the user's own caches.
    """
    kept = {
        name: value
        for name, value in child_environment().items()
        if not name.startswith(("GIT_", "HEXSCAN_", "GITLEAKS_", "BETTERLEAKS_"))
    }
    git = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    return {**kept, **git, "XDG_CACHE_HOME": str(DIRECTORY / "cache")}


def execute(run: Run, limit: float, *, watched: bool = False) -> Ended:
    """Run once and wait for the end, or stop it after ``limit`` seconds.

    Where it is watched, its report is kept and its memory looked at, which costs time.
    """
    run.before()
    with tempfile.TemporaryFile() as kept:
        output: IO[bytes] | int = subprocess.DEVNULL if run.to_nowhere else kept
        start = perf_counter()
        feed = _feed(run.stdin)
        process = subprocess.Popen(
            run.argv,
            cwd=run.directory,
            env={**neutral_environment(), **run.environment},
            stdin=feed.stdout if feed else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        memory = Memory() if watched and is_known() else None
        status = _wait(process, limit, memory)
        seconds = perf_counter() - start
        if feed and feed.stdout:
            feed.stdout.close()
            feed.wait()
        kept.seek(0)
        return Ended(status, seconds, kept.read() if watched else b"", memory)


def _feed(stdin: Path | None) -> subprocess.Popen[bytes] | None:
    if stdin is None:
        return None
    cat = shutil.which("cat") or "cat"
    return subprocess.Popen([cat, str(stdin)], stdout=subprocess.PIPE)


def _wait(process: subprocess.Popen[bytes], limit: float, memory: Memory | None) -> int | None:
    """Wait for the end and return the exit status, or kill the process's session at the limit."""
    descriptor = os.pidfd_open(process.pid)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        end = perf_counter() + limit
        while (left := end - perf_counter()) > 0:
            pause = min(left, _look(process.pid, memory)) if memory is not None else left
            if poll.poll(pause * 1000):
                return process.wait()
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return None
    finally:
        os.close(descriptor)


def _look(pid: int, memory: Memory) -> float:
    """Take a sample, and return the seconds until the next one."""
    start = perf_counter()
    memory.sample(pid)
    return max(_SAMPLE_SECONDS, _REST * (perf_counter() - start))


@dataclass(slots=True)
class Taken:
    """What one contender took: its watched run, and seconds by number of the round.

    A contender that is slow has fewer rounds; one whose watched run took all the time there is
    has no other, and that one counts.
    """

    first: Ended
    rounds: dict[int, float] = field(default_factory=dict)

    @property
    def seconds(self) -> Spread:
        """The seconds that it took."""
        return Spread.of(list(self.rounds.values()) or [self.first.seconds])

    def over(self, base: "Taken") -> Spread:
        """Return how many times as long it took as another, round by round where both ran."""
        both = self.rounds.keys() & base.rounds.keys()
        if not both:
            return Spread.of([self.seconds.median / base.seconds.median])
        return Spread.of([self.rounds[number] / base.rounds[number] for number in both])


def take_turns(
    runs: Mapping[str, Run],
    *,
    rounds: int,
    budget: float,
    limit: float,
    judged: frozenset[str] = frozenset(),
) -> dict[str, Taken]:
    """Run each contender once while watching it, and then in rounds by turns.

    A contender sits out as soon as it has had ``budget`` seconds, or three times that if it is
    ``judged``; each has at least one run. Each round starts with another contender.
    """
    taken = {name: Taken(execute(run, limit, watched=True)) for name, run in runs.items()}
    names = list(runs)
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            one = taken[name]
            spent = one.first.seconds + sum(one.rounds.values())
            left = (3 * budget if name in judged else budget) - spent
            if one.first.status is not None and _typical(one) <= left:
                one.rounds[number] = execute(runs[name], limit).seconds
    return taken


def _typical(taken: Taken) -> float:
    return median(taken.rounds.values()) if taken.rounds else taken.first.seconds
