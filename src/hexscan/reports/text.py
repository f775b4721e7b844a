"""The report for people: what was found, whether that is all, and what to do now."""

from __future__ import annotations

from hexscan import rule as rules
from hexscan.blob import CONTENT
from hexscan.reports import escape, wording

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    from hexscan.finding import Finding, Report

    Paint: TypeAlias = Callable[[str, str], str]
    Link: TypeAlias = Callable[[Finding, str], str]

_RED = "1;31"
_YELLOW = "1;33"
_BOLD = "1"


def lines(
    report: Report,
    *,
    quiet: bool = False,
    verbose: bool = False,
    color: bool = False,
    links_from: bytes | None = None,
) -> Iterator[str]:
    """Yield the report line by line, without line ends.

    ``quiet`` gives one line for each finding and each failure, and nothing else: nothing at all
    for a clean run. ``verbose`` adds the fingerprint of each finding and gives what was left out
    on lines of its own. With ``color`` the lines hold ANSI colours; with ``links_from``, the
    absolute working directory, places are links (OSC 8) to the files. Names are escaped, see
    :mod:`hexscan.reports.escape`.
    """
    paint = _painted if color else _plain
    link = _linked(links_from) if links_from is not None else _unlinked
    if quiet:
        for finding in report.findings:
            judged = f", {wording.judgement(finding)}" if finding.suppressed else ""
            yield f"{_where(finding, paint, link)}: {finding.rule} {finding.preview}{judged}"
        yield from _failures(report, paint)
        yield from _warnings(report, paint)
        if report.strict:
            yield from map(wording.unused, report.unused)
        return
    for places in _by_key(report.findings):
        for finding in places:
            told = "the same key" if finding is not places[0] else ""
            yield from _finding(finding, paint, link, told=told, verbose=verbose)
        yield ""
    yield from _failures(report, paint)
    yield from map(wording.unused, report.unused)
    yield from _warnings(report, paint)
    if verbose:
        yield from (f"left out: {reason}" for reason in wording.counted(report.policies))
        yield from (f"note: {escape.message(note)}" for note in report.notes)
    yield _summary(report, paint, reasons=not verbose)
    yield from _advice(report)


def _plain(_code: str, text: str) -> str:
    return text


def _painted(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _unlinked(_finding: Finding, text: str) -> str:
    return text


def _linked(directory: bytes) -> Link:
    from hexscan.reports import uri  # noqa: PLC0415 - wanted on some terminals only
    from hexscan.reports.facts import Facts  # noqa: PLC0415 - the same

    absolute = Facts("", directory=directory).absolute

    def link(finding: Finding, text: str) -> str:
        path = finding.location.path
        # What git has kept is in no file; a masked name, or "<stdin>", is that of none.
        if finding.git is not None or path == b"<stdin>" or "…".encode() in path:
            return text
        return f"\x1b]8;;{uri.file(absolute(path))}\x1b\\{text}\x1b]8;;\x1b\\"

    return link


def _where(finding: Finding, paint: Paint, link: Link) -> str:
    return link(finding, paint(_BOLD, wording.where(finding)))


def _by_key(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings by key: those in git's objects first, the most dangerous before others."""
    in_objects = [finding for finding in findings if finding.git is not None]
    others = wording.by_key(finding for finding in findings if finding.git is None)
    if not in_objects:
        return others
    from hexscan.reports import history  # noqa: PLC0415 - for what is found in git's objects

    return history.groups(in_objects) + others


def _finding(
    finding: Finding, paint: Paint, link: Link, *, told: str, verbose: bool
) -> Iterator[str]:
    """Tell a place; ``told`` stands for what was said of the key at its first place."""
    color = _RED if finding.fails else _YELLOW
    title = told or f"{rules.TITLES[finding.rule]}: {paint(color, finding.preview)}"
    title += wording.manner(finding)
    if finding.suppressed is not None:
        title += f", {wording.judgement(finding)}"
    yield f"{_where(finding, paint, link)}: {finding.rule}: {title}"
    if not told:
        yield f"  {rules.MEANINGS[finding.rule]}"
        if verbose:
            yield f"  fingerprint {finding.fingerprint}"
    if finding.git is not None:
        from hexscan.reports import history  # noqa: PLC0415 - see _by_key

        yield from (f"  {line}" for line in history.lines(finding))
    if finding.excerpt is not None and finding.location.place == CONTENT:
        # A run without excerpts has no use for the tables of Unicode.
        from hexscan.reports.excerpt import draw  # noqa: PLC0415

        line, carets = draw(finding.excerpt)
        yield f"  | {line}"
        yield f"  | {paint(color, carets)}"


def _failures(report: Report, paint: Paint) -> Iterator[str]:
    for skip in report.failures:
        where = escape.place(skip.origin.path, skip.origin.container)
        yield f"{paint(_YELLOW, 'could not read:')} {where}: {escape.message(skip.reason)}"


def _warnings(report: Report, paint: Paint) -> Iterator[str]:
    for warning in report.warnings:
        yield f"{paint(_YELLOW, 'warning:')} {escape.message(warning)}"


def _summary(report: Report, paint: Paint, *, reasons: bool) -> str:
    failing = any(finding.fails for finding in report.findings)
    found = paint(_RED if failing else _BOLD, f"Found {wording.found(report)}")
    parts = [f"{found} in {wording.scope(report)}."]
    if report.suppressed:
        parts.append(f"Suppressed: {len(report.suppressed):,}.")
    if report.policies:
        total = sum(report.policies.values())
        what = ", ".join(wording.counted(report.policies)) if reasons else f"{total:,}"
        parts.append(f"Left out: {what}.")
        if not report.files and any("ignored" in reason for reason in report.policies):
            parts.append("Nothing was read: --no-ignore reads what is ignored.")
    if report.complete:
        parts.append("Complete.")
    else:
        failed = f"{wording.count(len(report.failures), 'path')} could not be read."
        parts.append(f"{paint(_YELLOW, 'NOT COMPLETE:')} {failed}")
    return " ".join(parts)


def _advice(report: Report) -> Iterator[str]:
    keys = {finding.fingerprint for finding in report.findings if finding.fails}
    if not keys:
        return
    from hexscan.reports import advice, history  # noqa: PLC0415 - a clean run needs none

    yield ""
    yield "What to do now:"
    for number, (what, how) in enumerate(advice.steps(len(keys)), start=1):
        yield f"  {number}. {what}{f': {how[0]}' if how else '.'}"
        yield from (f"     or: {command}" for command in how[1:])
    yield from history.advice(report.findings)
    yield f"Help: {advice.HELP}"
