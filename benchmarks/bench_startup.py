"""Time what a commit pays: the whole process of the hook, and the import of the library."""

import contextlib
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import PROJECT_FILES, write_project
from benchmarks.installation import Installation, installed_project
from benchmarks.measure import Timings, take_turns
from benchmarks.process import timed_program
from benchmarks.report import smoke_is_asked_for, tell
from benchmarks.result import Bound, Section, milliseconds

TITLE = "Start-up"
COMMAND = "python -m benchmarks.bench_startup"
METHOD = (
    f"Wall time of whole processes, from start to end, which take turns. The hook reads "
    f"{PROJECT_FILES} files of a small Elixir project: in one variant nothing in them is like a "
    "key; in the other they speak of Hex (`mix hex.publish`, `HEX_API_KEY`, a `hex:` option), so "
    "that the hook must look closer. hexscan is installed by pip in an environment of its own, "
    "made by virtualenv as pre-commit does; the bare interpreter is that environment's."
)

BARE = "python -c pass"
IMPORT = "python -c 'import hexscan'"
HOOK = "hexscan-hook, clean files"
HOOK_MENTIONS = "hexscan-hook, clean files that speak of Hex"


def measure(installed: Installation, *, smoke: bool) -> Section:
    """Run the benchmark and return its result."""
    with tempfile.TemporaryDirectory(prefix="hexscan-bench-") as root, contextlib.chdir(root):
        timings = _time(installed, rounds=5 if smoke else 60)
    rows = [
        (name, milliseconds(timings.of(name)), f"{timings.ratio(name, BARE).median:.2f}")
        for name in timings.seconds
    ]
    return Section(TITLE, COMMAND, METHOD, _bounds(timings), ("process", "time", "x bare"), rows)


def _time(installed: Installation, rounds: int) -> Timings:
    """Time the programs in the working directory: pre-commit names files relative to it too."""
    clean = _written(Path("clean"), mentions_hex=False)
    mentions = _written(Path("mentions"), mentions_hex=True)
    programs = {
        BARE: [installed.python, "-c", "pass"],
        IMPORT: [installed.python, "-c", "import hexscan"],
        HOOK: [installed.hook, *clean],
        HOOK_MENTIONS: [installed.hook, *mentions],
    }
    calls = {name: timed_program(argv, exit_status=0) for name, argv in programs.items()}
    return take_turns(calls, rounds)


def _written(root: Path, *, mentions_hex: bool) -> list[str]:
    return [str(root / name) for name in write_project(root, mentions_hex=mentions_hex)]


def _bounds(timings: Timings) -> list[Bound]:
    bare = f"bare {milliseconds(timings.of(BARE))}"
    hooks = [
        Bound(
            f"{name}, over a bare interpreter",
            1.8,
            "x",
            timings.ratio(name, BARE),
            f"{bare}, hook {milliseconds(timings.of(name))}",
        )
        for name in (HOOK, HOOK_MENTIONS)
    ]
    detail = f"{bare}, import {milliseconds(timings.of(IMPORT))}"
    more = timings.difference(IMPORT, BARE).times(1000)
    return [*hooks, Bound("`import hexscan`, over a bare interpreter", 8, "ms", more, detail)]


def main() -> int:
    """Run this benchmark alone and print its result."""
    smoke = smoke_is_asked_for(COMMAND)
    with installed_project() as installed:
        return tell([measure(installed, smoke=smoke)], smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
