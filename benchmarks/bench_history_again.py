"""Time the second scan of a repository's history, after one more commit, against the first."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

from benchmarks.bench_history import Subject, generate, run_alone, subject
from benchmarks.installation import Installation
from benchmarks.measure import Timings, take_turns
from benchmarks.process import output_of, timed_program
from benchmarks.result import Bound, Section, milliseconds

TITLE = "The history of a repository, again"
COMMAND = "python -m benchmarks.bench_history_again"
METHOD = (
    "Wall time of whole processes, which take turns, on a repository in the page cache that "
    "borrows all objects from the one that `--repo DIR` names, or from a generated one. The first "
    "scan has an empty cache directory and fills it. Before each of the others one more commit is "
    "made, of a blob, a tree and a commit, and the cache is that of the round before: all "
    "but these three objects have to be told as known. git is `git cat-file --batch-all-objects "
    "--batch-check` with its output thrown away."
)

FIRST = "hexscan history, first time"
AGAIN = "hexscan history, one commit later"
GIT = "git cat-file --batch-check"
FIRST_LIMIT = 0.1
GIT_LIMIT = 2
_NEW = 3
# Later than any other commit: git, asked for what is new, would go through all that is not older.
_LATER = count(4_000_000_000)


def measure(installed: Installation, *, smoke: bool, repository: Path | None = None) -> Section:
    """Run the benchmark and return its result."""
    with tempfile.TemporaryDirectory(prefix="hexscan-bench-") as directory:
        lender = repository or generate(Path(directory, "lender"), 600 if smoke else 300_000)
        path = _borrowing(lender, Path(directory, "repository"))
        scanned = subject(path)
        first, kept = Path(directory, "first"), Path(directory, "kept")
        hexscan = [installed.hexscan, "history", str(path), "--allow-partial", "--cache-dir"]
        output_of([*hexscan, str(kept)], exit_status=0)
        _commit(path)
        _require_memory(scanned, [*hexscan, str(kept), "--format", "json"])
        git = [_git(), "-C", str(path), "cat-file", "--batch-all-objects", "--batch-check"]
        calls = {
            FIRST: _after(lambda: shutil.rmtree(first, ignore_errors=True), [*hexscan, str(first)]),
            AGAIN: _after(lambda: _commit(path), [*hexscan, str(kept)]),
            GIT: timed_program(git, exit_status=0),
        }
        timings = take_turns(calls, 2 if smoke else 7)
    bounds = [
        _bound(scanned, timings, FIRST, FIRST_LIMIT),
        _bound(scanned, timings, GIT, GIT_LIMIT),
    ]
    rows = [(name, f"{scanned.objects:,}", milliseconds(timings.of(name))) for name in calls]
    title = f"{TITLE}: a real one" if repository else TITLE
    return Section(title, COMMAND, METHOD, bounds, ("program", "objects", "time"), rows)


def _borrowing(lender: Path, root: Path) -> Path:
    """Make a repository with the objects and refs of another, which it leaves as it is."""
    subprocess.run(
        [_git(), "clone", "--quiet", "--mirror", "--shared", str(lender), str(root)], check=True
    )
    if any(lender.rglob("*.promisor")):
        promising = ["config", "remote.origin.promisor", "true"]
        subprocess.run([_git(), "-C", str(root), *promising], check=True)
    return root


def _commit(repository: Path) -> None:
    """Make one more commit, of a new file, on a branch of its own."""
    text = os.urandom(16).hex()
    stream = (
        f"commit refs/heads/again\ncommitter A <a@example.org> {next(_LATER)} +0000\ndata 2\nm\n"
        f"from refs/heads/again^0\nM 644 inline {text}\ndata {len(text)}\n{text}\n"
    )
    known = subprocess.run(
        [_git(), "-C", str(repository), "rev-parse", "--verify", "--quiet", "refs/heads/again"],
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if known.returncode:
        stream = stream.replace("from refs/heads/again^0\n", "")
    importer = [_git(), "-C", str(repository), "fast-import", "--quiet"]
    subprocess.run(importer, input=stream.encode(), check=True)


def _after(prepare: Callable[[], None], argv: list[str]) -> Callable[[], float]:
    """Return a call that prepares, and then times a program alone."""
    call = timed_program(argv, exit_status=0)

    def run() -> float:
        prepare()
        return call()

    return run


def _require_memory(scanned: Subject, argv: list[str]) -> None:
    """Raise unless a second scan has read what is new and nothing else."""
    summary = json.loads(output_of(argv, exit_status=0))["summary"]
    if (summary["objects"], summary["known"]) != (scanned.objects + _NEW, scanned.objects):
        raise ValueError(f"{summary['known']} objects of {summary['objects']} were known")


def _bound(scanned: Subject, timings: Timings, base: str, limit: float) -> Bound:
    detail = f"{base} {milliseconds(timings.of(base))}, {AGAIN} {milliseconds(timings.of(AGAIN))}"
    what = f"{scanned.objects:,} objects, again after one more commit, over `{base}`"
    return Bound(what, limit, "x", timings.ratio(AGAIN, base), detail)


def _git() -> str:
    return shutil.which("git") or "git"


if __name__ == "__main__":
    sys.exit(run_alone(COMMAND, measure))
