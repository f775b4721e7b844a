"""Time a scan of a tree of small files against ripgrep and grep, and measure its memory."""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.corpus import MIB, Tree, write_sparse, write_tree
from benchmarks.installation import Installation, installed_project
from benchmarks.measure import Spread, Timings, require_equal_counts, take_turns
from benchmarks.process import output_of, peak_memory, timed_program
from benchmarks.report import smoke_is_asked_for, tell
from benchmarks.result import Bound, Section, milliseconds
from hexscan import rule
from hexscan.key import has_right_checksum

TITLE = "A tree of small files"
COMMAND = "python -m benchmarks.bench_tree"
METHOD = (
    "Wall time of whole processes, which take turns, on a generated tree outside any git work "
    "tree, its files in the page cache. hexscan runs as one process and by its default rules; "
    "ripgrep with one thread; ripgrep and grep with the plain pattern, which spares them the "
    "checksum. Before a time is taken, the keys that each finds are counted, those of ripgrep and "
    "grep after a checksum, and the counts are equal. A peer that is not installed is left out, "
    "and with ripgrep the bound on time. Memory is the peak of the resident set, of one run each; "
    "the large file is one hole with a key in its last bytes."
)

PLAIN = "hex_[0-9a-f]{40}"
HEXSCAN = "hexscan"
RIPGREP = "rg -j1"
GREP = "grep -r"

SPARSE_SIZE = 4096 * MIB
MEMORY_LIMIT = 60
"""In megabytes of 10^6 bytes."""


@dataclass(frozen=True, slots=True)
class Program:
    """A program that searches a tree: how to run it, how it ends, how to count what it found."""

    argv: list[str]
    exit_status: int
    count: Callable[[], int]


def programs(installed: Installation, root: Path) -> Mapping[str, Program]:
    """Return hexscan and those of its peers that this machine has."""
    hexscan = [installed.hexscan, "scan", str(root)]
    found = {HEXSCAN: Program(hexscan, 1, partial(count_findings, hexscan))}
    # The options with which a peer counts matches a file, and those with which it lists them.
    peers = {
        RIPGREP: ("rg", ["-j1", "-uuu", "-c"], ["-j1", "-uuu", "-oaIN"]),
        GREP: ("grep", ["-rcE"], ["-roahE"]),
    }
    for name, (program, counting, listing) in peers.items():
        path = shutil.which(program)
        if path is not None:
            count = partial(count_keys, [path, *listing, PLAIN, str(root)])
            found[name] = Program([path, *counting, PLAIN, str(root)], 0, count)
    return found


def count_findings(argv: list[str]) -> int:
    """Return how many prefixed keys hexscan reports."""
    findings = json.loads(output_of([*argv, "--format", "json"], exit_status=1))["findings"]
    return sum(finding["rule"] == rule.API_KEY for finding in findings)


def count_keys(argv: list[str]) -> int:
    """Return how many of the matches that ripgrep or grep lists have a right checksum."""
    matches = output_of(argv, exit_status=0).splitlines()
    return sum(has_right_checksum(match.removeprefix(b"hex_")) for match in matches)


def measure(installed: Installation, *, smoke: bool) -> Section:
    """Run the benchmark and return its result."""
    with tempfile.TemporaryDirectory(prefix="hexscan-bench-") as directory:
        tree = write_tree(Path(directory, "tree"), 400 if smoke else 20_000)
        contenders = programs(installed, tree.root)
        counts = {name: program.count() for name, program in contenders.items()}
        require_equal_counts("tree", tree.keys, counts)
        calls = {
            name: timed_program(program.argv, exit_status=program.exit_status)
            for name, program in contenders.items()
        }
        timings = take_turns(calls, 2 if smoke else 15)
        tree_peak = _peak(installed, tree.root)
        sparse = Path(directory, "sparse")
        sparse_size = SPARSE_SIZE // 64 if smoke else SPARSE_SIZE
        write_sparse(sparse, sparse_size)
        sparse_count = count_findings([installed.hexscan, "scan", str(sparse)])
        require_equal_counts("sparse file", 1, {HEXSCAN: sparse_count})
        sparse_peak = _peak(installed, sparse)
    bounds = [*_time_bound(tree, timings), *_memory_bounds(tree_peak, sparse_peak, sparse_size)]
    rows = [_row(tree, timings, name) for name in contenders]
    headings = ("program", "files", "MB", "keys", "time", f"x {RIPGREP}")
    return Section(TITLE, COMMAND, METHOD, bounds, headings, rows)


def _peak(installed: Installation, path: Path) -> float:
    return peak_memory([installed.hexscan, "scan", str(path)], exit_status=1) / 1e6


def _time_bound(tree: Tree, timings: Timings) -> list[Bound]:
    if RIPGREP not in timings.seconds:
        return []
    detail = (
        f"{RIPGREP} {milliseconds(timings.of(RIPGREP))}, "
        f"hexscan {milliseconds(timings.of(HEXSCAN))}"
    )
    what = f"{tree.files:,} files, one process, over `{RIPGREP}`"
    return [Bound(what, 2, "x", timings.ratio(HEXSCAN, RIPGREP), detail)]


def _memory_bounds(tree: float, sparse: float, sparse_size: int) -> list[Bound]:
    large = f"a sparse file of {sparse_size // MIB:,} MiB"
    return [
        Bound("peak memory, the tree", MEMORY_LIMIT, "MB", Spread.of([tree]), "one run"),
        Bound(f"peak memory, {large}", MEMORY_LIMIT, "MB", Spread.of([sparse]), "one run"),
    ]


def _row(tree: Tree, timings: Timings, name: str) -> tuple[str, ...]:
    ratio = f"{timings.ratio(name, RIPGREP).median:.2f}" if RIPGREP in timings.seconds else "-"
    return (
        name,
        f"{tree.files:,}",
        f"{tree.size / 1e6:.1f}",
        f"{tree.keys:,}",
        milliseconds(timings.of(name)),
        ratio,
    )


def main() -> int:
    """Run this benchmark alone and print its result."""
    smoke = smoke_is_asked_for(COMMAND)
    with installed_project() as installed:
        return tell([measure(installed, smoke=smoke)], smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
