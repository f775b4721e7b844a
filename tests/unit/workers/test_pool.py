"""Pools whose workers are spawned; those that are forked need a process without threads."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from hexscan.workers.pool import Lost, Pool
from hexscan.workers.process import Process
from tests.support.tasks import working

FORK = """
import sys
from hexscan.workers.process import Process
from tests.unit.workers import test_pool

del Process.spawned
getattr(test_pool, sys.argv[1])(fork=True)
"""


def answers(words: Iterable[str], number: int = 2, *, fork: bool = False) -> dict[str, object]:
    with Pool[int, str](working, number, fork=fork) as workers:
        done = {word: answer for _, word, answer in workers.run(enumerate(words))}
        assert workers.pending == 0
    return done


def check_answers(*, fork: bool) -> None:
    words = [f"word {number}" for number in range(100)]
    assert answers(words, fork=fork) == {word: word.upper() for word in words}
    pids = set(answers([f"pid {number}" for number in range(40)], fork=fork).values())
    assert len(pids) <= 2
    assert str(os.getpid()) not in pids


def check_large(*, fork: bool) -> None:
    """Units and answers that fill the pipes in both directions at once."""
    words = [f"size {'x' * 300_000}{number}" for number in range(10)]
    words += [f"long {300_000 + number}" for number in range(10)]
    done = answers(words, 1, fork=fork)
    assert done[words[0]] == "300001"
    assert len(str(done[words[-1]])) == 300_009


def check_deaths(*, fork: bool) -> None:
    words = ["a", "kill", "b", "exit 3", "c", "memory", "d", "exit 0", "e"]
    done = answers(words, fork=fork)
    assert done["kill"] == Lost("was ended by signal 9")
    assert done["exit 3"] == Lost("ended with status 3")
    assert done["memory"] == Lost("ran out of memory")
    assert done["exit 0"] == Lost("ended with status 0")
    assert [done[word] for word in "abcde"] == list("ABCDE")


def check_a_file_cut_short(*, fork: bool) -> None:
    """Who looks at what is mapped and gone is ended; that is told, and leaves no file."""
    done = answers(["a", "cut", "core"], 1, fork=fork)
    why = "lost what it was reading: the file was cut short, or its disk fails"
    assert done == {"a": "A", "cut": Lost(why), "core": "(0, 0)"}


def check_bugs(*, fork: bool) -> None:
    with pytest.raises(ValueError, match="10") as caught:
        answers(["a", "raise 1"], fork=fork)
    told = "".join(caught.value.__notes__)
    assert "In a worker:" in told
    assert "_do" in told
    assert "a secret 1" not in told
    with pytest.raises(RuntimeError, match=r"^Odd"):
        answers(["odd"], fork=fork)


def check_end(*, fork: bool) -> None:
    """An exception ends workers in the middle of their work, and leaves no process behind."""
    workers = Pool[int, str](working, 2, fork=fork)
    with workers:
        workers.give("wait", 0)
        workers.give("pid", 1)
        ((_, _, pid),) = workers.answers(wait=True)
        workers.__exit__(KeyError, KeyError(), None)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid), 0)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


CHECKS = [check_answers, check_large, check_deaths, check_bugs, check_a_file_cut_short, check_end]


@pytest.mark.parametrize("check", CHECKS[:-1])
def test_workers_that_are_spawned(check: type) -> None:
    check(fork=False)


@pytest.mark.parametrize("check", [check.__name__ for check in CHECKS])
def test_workers_that_are_forked(check: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FORK, check], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_without_processes_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_make: object) -> None:
        raise BlockingIOError("no more processes")

    monkeypatch.setattr(Process, "spawned", refuse)
    assert answers(["a", "pid"]) == {"a": "A", "pid": str(os.getpid())}


def test_a_program_that_was_frozen_starts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert answers(["pid"]) == {"pid": str(os.getpid())}


ORPHAN = """
import os, signal, sys
from hexscan.workers.pool import Pool
from tests.support.tasks import working

if __name__ == "__main__":
    with Pool(working, 2, fork=sys.argv[1] == "fork") as workers:
        pids = [answer for _, _, answer in workers.run([(0, "pid 0"), (1, "pid 1"), (2, "pid 2")])]
        for _ in range(4):
            workers.give("wait", 0)
        print(*set(pids), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(os, "O_ASYNC"), reason="the system tells nobody of the end")
@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_workers_end_with_the_process_that_started_them(start: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ORPHAN, start], capture_output=True, text=True, check=False
    )
    assert done.returncode == -9
    pids = done.stdout.split()
    assert pids
    until = time.monotonic() + 20
    while any(Path(f"/proc/{pid}").exists() for pid in pids):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_what_waits_for_room_may_go_with_a_later_unit() -> None:
    large = f"size {'x' * 300_000}"
    with Pool[int, str](working, 1, fork=False) as workers:
        workers.give(large, 0)
        (worker,) = workers._workers  # noqa: SLF001 - only inside it can be seen what waits
        given = 1
        while not worker.process.is_through:
            workers.give("a", given)
            given += 1
            time.sleep(0.001)
        workers.give(large, given)
        done: list[int] = []
        while workers.pending:
            done += [tag for tag, _, _ in workers.answers(wait=True)]
    assert done == list(range(given + 1))
