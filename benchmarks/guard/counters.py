"""Count what a process does: its instructions, and its calls of the system."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import ChildError, child_environment

# Memory is asked for in steps that depend on the allocator.
_UNSTEADY = frozenset({"brk", "mmap", "munmap", "mremap", "madvise", "mprotect", "futex"})


def missing_programs() -> list[str]:
    """Return those of the programs that count which this machine does not have."""
    return [name for name in ("valgrind", "strace") if shutil.which(name) is None]


@dataclass(frozen=True, slots=True)
class Command:
    """A program and the directory in which it runs. It has to end with status 0.

    The processes that it starts are not counted. Each count raises :class:`ChildError` if the
    program fails.
    """

    argv: list[str]
    directory: Path

    def instructions(self) -> int:
        """Run it under callgrind and return how many instructions it took."""
        told = self._run("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")
        found = re.search(r"Collected : (\d+)", told)
        if found is None:
            raise ChildError(f"valgrind did not count: {told[-500:]}")
        return int(found[1])

    def system_calls(self) -> int:
        """Run it and return how many calls of the system it made, but for those about memory."""
        with tempfile.TemporaryDirectory(prefix="hexscan-guard-") as scratch:
            table = Path(scratch, "calls")
            self._run("strace", "-c", "-o", str(table))
            return total(table.read_text(encoding="utf-8"))

    def warm_up(self) -> None:
        """Run it for nothing, so that Python has the bytecode of all modules."""
        self._run()

    def _run(self, *tool: str) -> str:
        done = subprocess.run(
            [*tool, *self.argv],
            cwd=self.directory,
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
            text=True,
            errors="replace",
        )
        if done.returncode:
            what, told = " ".join(self.argv), done.stderr[-500:]
            raise ChildError(f"{what}: exit status {done.returncode}\n{told}")
        return done.stderr


def total(table: str) -> int:
    """Add up the calls in a table of ``strace -c``, but for those that are not steady."""
    calls = 0
    for line in table.splitlines():
        # Share, seconds, microseconds a call, calls, errors where there are any, name.
        fields = line.split()
        if len(fields) in (5, 6) and fields[3].isdecimal() and fields[-1] not in _UNSTEADY:
            calls += int(fields[3]) if fields[-1] != "total" else 0
    return calls


def _environment() -> Mapping[str, str]:
    """Return an environment in which Python does the same each time.

    What is set for hexscan or git could make them do more, and a seed of its own for each process
    makes dictionaries collide otherwise in each.
    """
    kept = {
        name: value
        for name, value in child_environment().items()
        if not name.startswith(("HEXSCAN_", "GIT_"))
    }
    return {**kept, "PYTHONHASHSEED": "0", "GIT_CONFIG_GLOBAL": os.devnull}
