"""Time a scan of a repository's whole history against git reading the same objects."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.installation import Installation, installed_project
from benchmarks.measure import Spread, Timings, take_turns
from benchmarks.process import output_of, peak_memory, processor_time, timed_program
from benchmarks.report import tell
from benchmarks.result import Bound, Section, milliseconds

TITLE = "The history of a repository"
COMMAND = "python -m benchmarks.bench_history"
METHOD = (
    "Wall time of whole processes, which take turns, on a packed repository in the page cache: "
    "the one that `--repo DIR` names, or a generated one. git alone is one `git cat-file "
    "--batch-all-objects --unordered --batch` with its output thrown away, which is as much as "
    "any program has to wait for that asks a single git for everything. hexscan runs by its "
    "default rules, and the count of objects that it reports is that of git. Processor is the "
    "time of all processes together, in one run. Memory is the peak of the largest single process, "
    "hexscan's own or a git of its. kingfisher takes part where it is on the PATH."
)

HEXSCAN = "hexscan history"
GIT = "git cat-file"
KINGFISHER = "kingfisher"
TIME_LIMIT = 0.7
PEER_LIMIT = 1 / 4
MEMORY_LIMIT = 200
"""In megabytes of 10^6 bytes, over git's own."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A repository that is scanned, and how many objects git lists in it."""

    path: Path
    objects: int


def generate(root: Path, objects: int) -> Path:
    """Make a bare repository with about so many objects, all packed, and return its path.

    Each commit changes one file of a few, as the history of a real one does.
    """
    root.mkdir()
    git = shutil.which("git") or "git"
    subprocess.run([git, "init", "--quiet", "--bare", str(root)], check=True)
    importer = [git, "-C", str(root), "fast-import", "--quiet"]
    with subprocess.Popen(importer, stdin=subprocess.PIPE) as process:
        stream = process.stdin
        assert stream is not None  # noqa: S101 - a pipe
        for number in range(objects // 3):
            text = f"defmodule M{number % 97} do\n  @version {number}\nend\n" * (1 + number % 7)
            stream.write(
                f"commit refs/heads/main\ncommitter A <a@example.org> {number} +0000\n"
                f"data 2\nm\nM 644 inline lib/f{number % 97}.ex\n"
                f"data {len(text)}\n{text}\n".encode()
            )
    return root


def subject(path: Path) -> Subject:
    """Return a repository with the number of its objects."""
    listing = ["git", "-C", str(path), "cat-file", "--batch-all-objects", "--batch-check=1"]
    return Subject(path, output_of(_found(listing), exit_status=0).count(b"\n"))


def measure(installed: Installation, *, smoke: bool, repository: Path | None = None) -> Section:
    """Run the benchmark and return its result."""
    with tempfile.TemporaryDirectory(prefix="hexscan-bench-") as directory:
        path = repository or generate(Path(directory, "repository"), 600 if smoke else 300_000)
        scanned = subject(path)
        hexscan = [installed.hexscan, "history", str(path), "--allow-partial", "--no-cache"]
        _require_all(scanned, [*hexscan, "--format", "json"])
        git = _found(["git", "-C", str(path), *_EVERYTHING])
        programs = {HEXSCAN: hexscan, GIT: git} | _peers(path, directory)
        calls = {name: timed_program(argv, exit_status=0) for name, argv in programs.items()}
        timings = take_turns(calls, 2 if smoke else 7)
        processor = {name: processor_time(argv, exit_status=0) for name, argv in programs.items()}
        memory = (peak_memory(hexscan, exit_status=0) - peak_memory(git, exit_status=0)) / 1e6
    bounds = [
        _time_bound(scanned, timings, GIT, TIME_LIMIT),
        Bound("peak memory over git's", MEMORY_LIMIT, "MB", Spread.of([memory]), "one run each"),
    ]
    if KINGFISHER in programs:
        bounds.append(_time_bound(scanned, timings, KINGFISHER, PEER_LIMIT))
    rows = [
        (
            name,
            f"{scanned.objects:,}",
            milliseconds(timings.of(name)),
            f"{timings.ratio(name, GIT).median:.2f}",
            f"{processor[name]:.2f} s",
        )
        for name in programs
    ]
    headings = ("program", "objects", "time", f"x {GIT}", "processor")
    title = f"{TITLE}: a real one" if repository else TITLE
    return Section(title, COMMAND, METHOD, bounds, headings, rows)


_EVERYTHING = ["cat-file", "--batch-all-objects", "--unordered", "--batch"]


def _peers(path: Path, directory: str) -> dict[str, list[str]]:
    kingfisher = shutil.which("kingfisher")
    if kingfisher is None:
        return {}
    rules = Path(directory, "rules.yml")
    rules.write_text(_KINGFISHER_RULE, encoding="utf-8")
    options = ["--load-builtins=false", "--no-validate", "--no-update-check"]
    return {KINGFISHER: [kingfisher, "scan", str(path), "--rules-path", str(rules), *options]}


_KINGFISHER_RULE = """\
rules:
  - name: Hex.pm API key
    id: hexpm.1
    pattern: '(hex_[0-9a-f]{40})'
    min_entropy: 0
    confidence: medium
    examples: []
"""


def _require_all(scanned: Subject, argv: list[str]) -> None:
    """Raise unless hexscan has read every object that git lists, and found nothing."""
    summary = json.loads(output_of(argv, exit_status=0))["summary"]
    if summary["objects"] != scanned.objects:
        raise ValueError(f"{summary['objects']} objects were read of {scanned.objects}")


def _time_bound(scanned: Subject, timings: Timings, base: str, limit: float) -> Bound:
    detail = f"{base} {milliseconds(timings.of(base))}, hexscan {milliseconds(timings.of(HEXSCAN))}"
    what = f"{scanned.objects:,} objects, over `{base}`"
    return Bound(what, limit, "x", timings.ratio(HEXSCAN, base), detail)


def _found(argv: list[str]) -> list[str]:
    return [shutil.which(argv[0]) or argv[0], *argv[1:]]


def run_alone(command: str, measure: Callable[..., Section]) -> int:
    """Run a benchmark over a repository alone, by its command line, and print its result."""
    parser = argparse.ArgumentParser(prog=command)
    parser.add_argument("--smoke", action="store_true", help="small inputs; no time is judged")
    parser.add_argument("--repo", metavar="DIR", type=Path, help="scan this repository")
    options = parser.parse_args()
    repository = Path(os.path.abspath(options.repo)) if options.repo else None  # noqa: PTH100
    with installed_project() as installed:
        section = measure(installed, smoke=options.smoke, repository=repository)
        return tell([section], smoke=options.smoke)


if __name__ == "__main__":
    sys.exit(run_alone(COMMAND, measure))
