"""The report for spreadsheets: RFC 4180, a header and then a row a finding or a failure.

A cell that a spreadsheet would take for a formula (``=cmd()`` can be a file's name) gets an
apostrophe before it, which spreadsheets do not show; control characters are escaped as everywhere.
"""

from collections.abc import Iterator

from hexscan.blob import Skip
from hexscan.finding import Finding, Report
from hexscan.reports import escape
from hexscan.reports.facts import Facts

COLUMNS = (
    "record",
    "rule",
    "severity",
    "path",
    "container",
    "line",
    "column",
    "offset",
    "length",
    "place",
    "decoding",
    "preview",
    "fingerprint",
    "git_object",
    "commit",
    "commit_date",
    "removed_in",
    "reach",
    "suppressed",
    "reason",
    "count",
)

# The last four are what Japanese and Chinese editions take for the first four.
_FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20"


def lines(report: Report, facts: Facts) -> Iterator[str]:
    r"""Yield the rows, each with the first half of its ``\r\n``.

    ``record`` says what a row tells: a ``finding``, a ``failure`` (what could not be read, and the
    reason), an ``unused mark``, the number of ``suppressed`` findings, or a ``policy`` (a reason
    to leave something out, and how often it was one).
    """
    del facts  # a table has no place for them
    yield _row(dict(zip(COLUMNS, COLUMNS, strict=True)))
    yield from (_row(_finding(finding)) for finding in report.findings)
    yield from (_row(_failure(skip)) for skip in report.failures)
    yield from (
        _row({"record": "unused mark", "path": escape.name(mark.path), "line": mark.line})
        for mark in report.unused
    )
    if report.suppressed:
        yield _row({"record": "suppressed", "count": len(report.suppressed)})
    for reason, number in sorted(report.policies.items()):
        yield _row({"record": "policy", "reason": reason, "count": number})


def _finding(finding: Finding) -> dict[str, object]:
    location = finding.location
    row: dict[str, object] = {
        "record": "finding",
        "rule": finding.rule,
        "severity": finding.severity,
        "path": escape.name(location.path),
        "container": "!".join(map(escape.name, location.container)),
        "line": location.line,
        "column": location.column,
        "offset": location.offset,
        "length": location.length,
        "place": location.place,
        "decoding": " ".join(finding.decoding),
        "preview": finding.preview,
        "fingerprint": finding.fingerprint,
    }
    if finding.git is not None:
        row["git_object"] = finding.git.object
        row["commit"] = finding.git.commit or ""
        row["commit_date"] = finding.git.commit_date or ""
        row["removed_in"] = finding.git.removed_in or ""
        row["reach"] = finding.git.reach or ""
    if finding.suppressed is not None:
        row["suppressed"] = finding.suppressed.kind
        row["reason"] = finding.suppressed.reason
    return row


def _failure(skip: Skip) -> dict[str, object]:
    return {
        "record": "failure",
        "path": escape.name(skip.origin.path),
        "container": "!".join(map(escape.name, skip.origin.container)),
        "reason": skip.reason,
    }


def _row(values: dict[str, object]) -> str:
    return ",".join(_cell(values.get(column, "")) for column in COLUMNS) + "\r"


def _cell(value: object) -> str:
    text = escape.message(str(value))
    if text.lstrip().startswith(tuple(_FORMULA_STARTS)):
        text = f"'{text}"
    return '"' + text.replace('"', '""') + '"' if text else ""
