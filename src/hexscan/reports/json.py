r"""The report for programs: one JSON object, whose fields are added to and never renamed.

Names are text in JSON and bytes on disk: what is no UTF-8 in them is written as ``\xff``. The
output is UTF-8. Characters that a terminal or a CI service would obey are written as JSON
escapes, so a reader gets the same value and a log shows no harm.
"""

from __future__ import annotations

import json

from hexscan.reports import escape
from hexscan.values import fields_of

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.blob import Skip
    from hexscan.finding import Finding, GitPlace, Report, UnusedMark
    from hexscan.reports.facts import Facts

SCHEMA = 1


def lines(report: Report, facts: Facts) -> Iterator[str]:
    """Yield the JSON of a report line by line, without line ends.

    Every finding and every failure has a line of its own, so that the text can be searched and
    compared by lines.
    """
    yield "{"
    yield _member("schema", SCHEMA)
    yield _member("tool", {"name": "hexscan", "version": facts.version})
    yield _member("complete", report.complete)
    yield from _array("findings", map(finding_object, report.findings))
    yield from _array("skipped", map(failure_object, report.failures))
    if report.unused:
        yield from _array("unused_marks", map(unused_object, report.unused))
    yield _member("summary", summary_object(report))
    yield _member("warnings", list(report.warnings), last=True)
    yield "}"


def _member(key: str, value: object, *, last: bool = False) -> str:
    return f' "{key}": {dump(value)}{"" if last else ","}'


def _array(key: str, entries: Iterator[dict[str, object]]) -> Iterator[str]:
    held = next(entries, None)
    if held is None:
        yield f' "{key}": [],'
        return
    yield f' "{key}": ['
    for entry in entries:
        yield f"  {dump(held)},"
        held = entry
    yield f"  {dump(held)}"
    yield " ],"


def dump(value: object) -> str:
    """Return a value as JSON on one line that a terminal and a CI service take for mere text."""
    return escape.json_string(json.dumps(value, ensure_ascii=False))


def finding_object(finding: Finding) -> dict[str, object]:
    """Return a finding as the object that every JSON of hexscan has for it."""
    location = finding.location
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "path": _text(location.path),
        "line": location.line,
        "column": location.column,
        "offset": location.offset,
        "length": location.length,
        "preview": finding.preview,
        "fingerprint": finding.fingerprint,
        "decoding": list(finding.decoding),
        "container": [_text(part) for part in location.container],
        "git": None if finding.git is None else _git(finding.git),
        "suppressed": None if finding.suppressed is None else fields_of(finding.suppressed),
        "place": location.place,
    }


def failure_object(skip: Skip) -> dict[str, object]:
    """Return what could not be read, and why."""
    return {
        "path": _text(skip.origin.path),
        "kind": skip.kind,
        "reason": skip.reason,
        "container": [_text(part) for part in skip.origin.container],
    }


def summary_object(report: Report) -> dict[str, object]:
    """Return the numbers of a run; ``findings`` are those that nobody has judged."""
    return {
        "files": report.files,
        "bytes": report.bytes,
        "findings": sum(finding.suppressed is None for finding in report.findings),
        "suppressed": len(report.suppressed),
        "skipped": {
            "failure": len(report.failures),
            "policy": sum(report.policies.values()),
        },
        "policies": dict(sorted(report.policies.items())),
        "seconds": round(report.seconds, 3),
        "objects": report.objects,
        "known": report.known,
    }


def unused_object(mark: UnusedMark) -> dict[str, object]:
    """Return where a mark stands that allows nothing."""
    return {"path": _text(mark.path), "line": mark.line}


def _git(git: GitPlace) -> dict[str, object]:
    return {**fields_of(git), "refs": list(git.refs)}


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
