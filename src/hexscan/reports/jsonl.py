"""The report for programs that read line by line: an object a line, told apart by ``kind``.

First the findings, then what could not be read, and as the last line the summary: a reader that
has not seen it has not read the whole report.
"""

from collections.abc import Iterator

from hexscan.finding import Report
from hexscan.reports import json
from hexscan.reports.facts import Facts


def lines(report: Report, facts: Facts) -> Iterator[str]:
    """Yield a line for each finding, failure and mark without use, and one for the run."""
    for finding in report.findings:
        yield json.dump({"kind": "finding", **json.finding_object(finding)})
    for skip in report.failures:
        yield json.dump({**json.failure_object(skip), "kind": "skipped", "skip": skip.kind})
    for mark in report.unused:
        yield json.dump({"kind": "unused_mark", **json.unused_object(mark)})
    yield json.dump(
        {
            "kind": "summary",
            "schema": json.SCHEMA,
            "tool": {"name": "hexscan", "version": facts.version},
            "complete": report.complete,
            **json.summary_object(report),
            "warnings": list(report.warnings),
        }
    )
