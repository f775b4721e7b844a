"""Recall: which scanner finds a key in which place, and which passes what it could not read."""

import gzip
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison.hiding import Case, in_files
from benchmarks.comparison.hiding_git import in_git, missing_object
from benchmarks.comparison.running import Ended, execute
from benchmarks.comparison.tools import HEXSCAN, Job, Tool, hexscan, peer_tools
from benchmarks.comparison.work import Setting
from benchmarks.measure import Spread
from benchmarks.result import Bound, Section
from tests.support.archives import tar

TITLE = "Recall: where a key is found"
METHOD = (
    "Each row is a directory or repository of its own with one key in it, or one string that is "
    "none, and each scanner is run there by itself with the options that let it find more: "
    "archives, messages of git, the checksum where it can. A key is found if the report has its "
    "text or its hash; ripgrep and grep name a binary file and not the key, so their exit status "
    "counts. `-`: the scanner has no such job. The last rows hold no key: a scanner that says by "
    "its exit status that there is nothing to find, though it could not read what it was given, "
    "`passes` it; gitleaks, betterleaks and detect-secrets end with the same status 1 for a key "
    "and for a failure."
)
FOUND, MISSED, ALARM, QUIET, NONE = "found", "**missed**", "**false alarm**", "quiet", "-"
PASSES = "**passes**"
_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that cannot be read whole: a scan of it must not end as a clean one does."""

    what: str
    job: Job
    make: Callable[[Path], Path]


def verdict(case: Case, tool: Tool, ended: Ended | None) -> str:
    """Say how a scanner did in one place; ``None`` where it has no such job."""
    if ended is None:
        return NONE
    if ended.status is None:
        return f"**stopped** at {ended.seconds:.0f} s"
    report = ended.output.lower()
    told = case.planted.is_told_in(report) or (tool.names_files and ended.status == tool.found)
    if case.is_key:
        return FOUND if told else MISSED
    return ALARM if told else QUIET


def open_verdict(tool: Tool, ended: Ended | None) -> str:
    """Say whether a scanner passes what it could not read."""
    if ended is None:
        return NONE
    if ended.status is None:
        return f"stopped at {ended.seconds:.0f} s"
    return PASSES if ended.status == tool.clean else f"fails ({ended.status})"


def failures() -> list[Failure]:
    """Return what cannot be read."""
    return [
        Failure("fails: a path that is not there", Job.TREE, lambda root: root / "missing"),
        Failure("fails: a history of no repository", Job.HISTORY, lambda root: root),
        Failure("fails: a repository with a lost object", Job.HISTORY, missing_object),
        Failure("fails: a .tar.gz that is cut short", Job.TREE, _cut_archive),
    ]


def _cut_archive(root: Path) -> Path:
    """Write the first half of an archive of bytes that compress badly."""
    noise = random.Random(1).randbytes(100_000)
    packed = gzip.compress(tar({"a.bin": noise, "b.txt": b"words\n"}))
    (root / "release.tar.gz").write_bytes(packed[: len(packed) // 2])
    return root


def measure(setting: Setting, command: str) -> Section:
    """Run every scanner in every place and return the table."""
    tools = [hexscan(setting.options), *peer_tools(setting.peers, thorough=True)]
    cases = [*in_files(), *in_git()]
    rows = [(case.what, *_in_place(case, tools, setting)) for case in cases]
    failed = [(failure.what, *_at_failure(failure, tools, setting)) for failure in failures()]
    names = [tool.name for tool in tools]
    table = [*_totals(names, cases, rows, failed), *rows, *failed]
    return Section(TITLE, command, METHOD, _bounds(names, rows, failed), ("where", *names), table)


def _in_place(case: Case, tools: Sequence[Tool], setting: Setting) -> list[str]:
    with tempfile.TemporaryDirectory(dir=setting.scratch.parent) as directory:
        place = Path(directory, "place")
        place.mkdir()
        case.make(place, case.planted)
        return [verdict(case, tool, _run(tool, case.job, place)) for tool in tools]


def _at_failure(failure: Failure, tools: Sequence[Tool], setting: Setting) -> list[str]:
    with tempfile.TemporaryDirectory(dir=setting.scratch.parent) as directory:
        place = Path(directory, "place")
        place.mkdir()
        made = failure.make(place)
        return [open_verdict(tool, _run(tool, failure.job, made)) for tool in tools]


def _run(tool: Tool, job: Job, place: Path) -> Ended | None:
    run = tool.run(job, place)
    return None if run is None else execute(run, _LIMIT, watched=True)


def _totals(
    names: Sequence[str],
    cases: Sequence[Case],
    rows: Sequence[Sequence[str]],
    failed: Sequence[Sequence[str]],
) -> list[tuple[str, ...]]:
    """Count by scanner: keys found, false alarms, what was passed unread."""
    keys = [row for case, row in zip(cases, rows, strict=True) if case.is_key]
    others = [row for case, row in zip(cases, rows, strict=True) if not case.is_key]
    wanted: Mapping[str, tuple[Sequence[Sequence[str]], str]] = {
        "**keys found**": (keys, FOUND),
        "**false alarms**": (others, ALARM),
        "**passed unread**": (failed, PASSES),
    }
    return [
        (what, *(f"{_count(among, at, cell)} of {_asked(among, at)}" for at in columns(names)))
        for what, (among, cell) in wanted.items()
    ]


def columns(names: Sequence[str]) -> range:
    """Return the columns of the scanners, behind that of the places."""
    return range(1, len(names) + 1)


def _count(rows: Sequence[Sequence[str]], column: int, cell: str) -> int:
    return sum(row[column] == cell for row in rows)


def _asked(rows: Sequence[Sequence[str]], column: int) -> int:
    """Count the places where a scanner has such a job at all."""
    return sum(row[column] != NONE for row in rows)


def _bounds(
    names: Sequence[str], rows: Sequence[Sequence[str]], failed: Sequence[Sequence[str]]
) -> list[Bound]:
    at = names.index(HEXSCAN) + 1
    wrong = [row[0] for row in [*rows, *failed] if row[at] not in (FOUND, QUIET, NONE)]
    unwanted = [what for what in wrong if not _refused(what, at, failed)]
    detail = ", ".join(unwanted) or f"{len(rows) + len(failed)} places"
    return [Bound("places where hexscan errs", 0, "", Spread.of([len(unwanted)]), detail)]


def _refused(what: str, at: int, failed: Sequence[Sequence[str]]) -> bool:
    return any(row[0] == what and row[at] != PASSES for row in failed)
