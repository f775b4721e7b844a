"""The report as JUnit's XML, which Jenkins, CircleCI and Azure Pipelines read as test results.

A finding is a test that failed, what could not be read one that ended in an error, and what
does not fail a run (a lookalike, a suppressed finding) one that was skipped. The run itself is
always a test, since Jenkins takes a file without any for a mistake; it passes if all was read.
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from hexscan import rule as rules
from hexscan.blob import Skip
from hexscan.finding import Finding, Report
from hexscan.reports import escape, wording
from hexscan.reports.facts import Facts
from hexscan.reports.xml import safe


def lines(report: Report, facts: Facts) -> Iterator[str]:
    """Yield the document line by line."""
    failed = sum(finding.fails for finding in report.findings)
    skipped = len(report.findings) - failed
    errors = len(report.failures)
    numbers = f'tests="{failed + skipped + errors + 1}" failures="{failed}" errors="{errors}"'
    numbers += f' skipped="{skipped}" time="{report.seconds:.3f}"'
    started = datetime.fromtimestamp(facts.started, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<testsuites name="hexscan" {numbers}>'
    yield f'  <testsuite name="hexscan" {numbers} timestamp="{started}">'
    yield "    <properties>"
    yield f'      <property name="hexscan.version" value="{safe(facts.version)}"/>'
    yield "    </properties>"
    for finding in report.findings:
        yield from _finding(finding)
    for skip in report.failures:
        yield from _failure(skip)
    yield from _run(report)
    yield "  </testsuite>"
    yield "</testsuites>"


def _finding(finding: Finding) -> Iterator[str]:
    place = escape.place(finding.location.path, finding.location.container)
    at = f"{finding.location.line}:{finding.location.column}"
    name = f"{finding.rule} {finding.preview} at {at}"
    yield f'    <testcase classname="{safe(place)}" name="{safe(name)}" time="0">'
    title = f"{rules.TITLES[finding.rule]}: {finding.preview}{wording.manner(finding)}"
    if finding.fails:
        yield f'      <failure type="{finding.rule}" message="{safe(title)}">'
        yield from (f"        {safe(line)}" for line in _body(finding))
        yield "      </failure>"
    else:
        why = wording.judgement(finding) or rules.MEANINGS[finding.rule]
        yield f'      <skipped message="{safe(f"{title}; {why}")}"/>'
    yield "    </testcase>"


def _body(finding: Finding) -> Iterator[str]:
    yield f"{wording.where(finding)}: {rules.MEANINGS[finding.rule]}"
    yield f"fingerprint {finding.fingerprint}"
    if finding.git is not None:
        yield wording.life(finding.git)


def _failure(skip: Skip) -> Iterator[str]:
    place = escape.place(skip.origin.path, skip.origin.container)
    yield f'    <testcase classname="{safe(place)}" name="is read to its end" time="0">'
    yield f'      <error type="could-not-read" message="{safe(skip.reason)}"/>'
    yield "    </testcase>"


def _run(report: Report) -> Iterator[str]:
    yield f'    <testcase classname="hexscan" name="scan" time="{report.seconds:.3f}">'
    yield "      <system-out>"
    yield f"        {wording.outcome(report)}"
    yield from (f"        {safe(wording.unused(mark))}" for mark in report.unused)
    yield from (f"        left out: {safe(why)}" for why in wording.counted(report.policies))
    yield from (f"        warning: {safe(warning)}" for warning in report.warnings)
    yield "      </system-out>"
    yield "    </testcase>"
