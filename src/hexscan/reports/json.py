r"""The report for programs: one JSON object, whose fields are added to and never renamed.

Names are text in JSON and bytes on disk: what is no UTF-8 in them is written as ``\xff``. The
output is UTF-8. Characters that a terminal or a CI service would obey are written as JSON
escapes, so a reader gets the same value and a log shows no harm.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict

from hexscan.blob import Skip
from hexscan.finding import Finding, Report
from hexscan.reports import escape

SCHEMA = 1


def lines(report: Report, *, version: str) -> Iterator[str]:
    """Yield the JSON of a report line by line, without line ends; ``version`` is hexscan's own.

    Every finding and every failure has a line of its own, so that the text can be searched and
    compared by lines.
    """
    yield "{"
    yield _member("schema", SCHEMA)
    yield _member("tool", {"name": "hexscan", "version": version})
    yield _member("complete", report.complete)
    yield from _array("findings", map(_finding, report.findings))
    yield from _array("skipped", map(_failure, report.failures))
    yield _member("summary", _summary(report))
    yield _member("warnings", list(report.warnings), last=True)
    yield "}"


def _member(key: str, value: object, *, last: bool = False) -> str:
    return f' "{key}": {_dump(value)}{"" if last else ","}'


def _array(key: str, entries: Iterator[dict[str, object]]) -> Iterator[str]:
    held = next(entries, None)
    if held is None:
        yield f' "{key}": [],'
        return
    yield f' "{key}": ['
    for entry in entries:
        yield f"  {_dump(held)},"
        held = entry
    yield f"  {_dump(held)}"
    yield " ],"


def _dump(value: object) -> str:
    return escape.json_string(json.dumps(value, ensure_ascii=False))


def _finding(finding: Finding) -> dict[str, object]:
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
        "git": None if finding.git is None else asdict(finding.git),
        "suppressed": None,
        "place": location.place,
    }


def _failure(skip: Skip) -> dict[str, object]:
    return {"path": _text(skip.origin.path), "kind": skip.kind, "reason": skip.reason}


def _summary(report: Report) -> dict[str, object]:
    return {
        "files": report.files,
        "bytes": report.bytes,
        "findings": len(report.findings),
        "suppressed": 0,
        "skipped": {
            "failure": len(report.failures),
            "policy": sum(report.policies.values()),
        },
        "policies": dict(sorted(report.policies.items())),
        "seconds": round(report.seconds, 3),
        "objects": report.objects,
    }


def _text(name: bytes) -> str:
    return name.decode("utf-8", "backslashreplace")
