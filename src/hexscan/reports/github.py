"""The report for GitHub Actions: annotations, the report for people, and a job summary.

Annotations are made by workflow commands on standard output. GitHub shows ten of a kind for a
step and drops the rest unseen, so ten are made and the report for people tells all of them.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from collections.abc import Iterator

from hexscan import rule as rules
from hexscan.blob import CONTENT, Skip
from hexscan.finding import Finding, Report
from hexscan.reports import advice, escape, markdown, text, wording
from hexscan.reports.facts import Facts

ANNOTATIONS = 10

# A summary may have 1 MiB, and one that is larger is not shown at all: there are two tables.
_TABLE_BYTES = 400_000


def lines(report: Report, facts: Facts) -> Iterator[str]:
    """Yield the workflow commands and then the report for people.

    What turns the exit status comes first: keys, then what could not be read, then lookalikes.
    """
    commands = list(_commands(report, facts))
    yield from commands[:ANNOTATIONS]
    if len(commands) > ANNOTATIONS:
        more = len(commands) - ANNOTATIONS
        yield f"{more:,} more than GitHub shows as annotations; all are told here:"
    yield from text.lines(report)


def summary(report: Report) -> Iterator[str]:
    """Yield the job summary, in Markdown, line by line."""
    yield "## hexscan"
    yield ""
    yield wording.outcome(report)
    yield "Complete." if report.complete else "**NOT COMPLETE**: see what could not be read."
    if report.findings:
        yield from _table(("Key", "Rule", "Place"), [_row(f) for f in report.findings])
    if report.failures:
        yield from _table(("Could not read", "Why"), [_failure_row(s) for s in report.failures])
    if report.unused:
        yield from _table(("Without use",), [(wording.unused(mark),) for mark in report.unused])
    if report.policies:
        yield ""
        yield f"Left out: {', '.join(map(markdown.code, wording.counted(report.policies)))}."
    keys = {finding.fingerprint for finding in report.findings if finding.fails}
    if keys:
        yield ""
        yield "### What to do now"
        yield ""
        for number, (what, how) in enumerate(advice.steps(len(keys)), start=1):
            yield f"{number}. {what}{f': {how[0]}' if how else '.'}"


def _commands(report: Report, facts: Facts) -> Iterator[str]:
    told = [finding for finding in report.findings if finding.fails]
    notes = [finding for finding in report.findings if finding.rule == rules.LOOKALIKE]
    for finding in told:
        yield _command("error", finding, facts)
    for skip in report.failures:
        where = escape.place(skip.origin.path, skip.origin.container)
        text_ = f"hexscan could not read {where}: {escape.message(skip.reason)}"
        yield f"::error title=Not complete::{_data(text_)}"
    for mark in report.unused if report.strict else ():
        yield f"::error title=Without use::{_data(wording.unused(mark))}"
    for finding in notes:
        if finding.suppressed is None:
            yield _command("notice", finding, facts)


def _command(kind: str, finding: Finding, facts: Facts) -> str:
    location = finding.location
    path = facts.below_root(location.path) or location.path
    properties = {"file": escape.name(path)}
    # Lines inside an archive, or of a name, are none of the file that GitHub shows.
    if location.place == CONTENT and not location.container:
        properties["line"] = str(location.line)
        properties["col"] = str(location.column)
    properties["title"] = rules.TITLES[finding.rule]
    message = f"{finding.preview}{wording.manner(finding)}: {rules.MEANINGS[finding.rule]}"
    if location.container:
        message = f"{wording.where(finding)}: {message}"
    if finding.git is not None:
        message += f" It is there {wording.life(finding.git)}."
    if finding.fails:
        message += f" Revoke it: {advice.KEYS_PAGE}"
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{kind} {shown}::{_data(message)}"


def _data(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _row(finding: Finding) -> tuple[str, ...]:
    place = f"{wording.where(finding)}{wording.manner(finding)}"
    if finding.git is not None:
        place += f"; {wording.life(finding.git)}"
    if finding.suppressed is not None:
        place += f"; {wording.judgement(finding)}"
    return finding.preview, finding.rule, place


def _failure_row(skip: Skip) -> tuple[str, ...]:
    return escape.place(skip.origin.path, skip.origin.container), escape.message(skip.reason)


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield ""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    left = _TABLE_BYTES
    for told, row in enumerate(rows):
        line = markdown.row(row)
        left -= len(line.encode("utf-8", "replace"))
        if left < 0:
            yield ""
            yield f"{len(rows) - told:,} more are told in the log."
            return
        yield line
