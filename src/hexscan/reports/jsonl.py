"""The report for programs that read line by line: an object a line, told apart by ``kind``.

First the findings, then what could not be read, and as the last line the summary: a reader that
has not seen it has not read the whole report. The lines of the findings can be written one by one
while the run still goes on; a whole report has them in order.
"""

from collections.abc import Iterator

from hexscan.finding import Finding, Report
from hexscan.reports import json
from hexscan.reports.facts import Facts


def lines(report: Report, facts: Facts) -> Iterator[str]:
    """Yield a line for each finding, failure and mark without use, and one for the run."""
    for finding in report.findings:
        yield finding_line(finding)
    yield from ending(report, facts)


def finding_line(finding: Finding) -> str:
    """Return the line for a finding."""
    return json.dump({"kind": "finding", **json.finding_object(finding)})


def ending(report: Report, facts: Facts) -> Iterator[str]:
    """Yield the lines that come after the findings, the summary of all of them as the last."""
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
