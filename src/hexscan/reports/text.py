"""The report for people: what was found, whether that is all, and what to do now."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from hexscan import rule as rules
from hexscan.blob import NAME, TARGET
from hexscan.finding import Finding, Report
from hexscan.reports import escape, history

_RED = "1;31"
_YELLOW = "1;33"
_BOLD = "1"

_UNITS = ("kB", "MB", "GB", "TB")

_PLACES = {NAME: "in the file's name", TARGET: "in the link's target"}

Paint = Callable[[str, str], str]

_ADVICE = """\
What to do now:
  1. Revoke the {key}, or confirm that {it_is} revoked: https://hex.pm/dashboard/keys
     or: mix hex.user key revoke NAME
     or: mix hex.organization key ORG revoke NAME
  2. Make a new key with only the permissions it needs.
  3. Replace the old {key} wherever {it_was} used.
  4. Read the audit log for what was not you: https://hex.pm/dashboard/audit-logs
  5. Then clean the file and the history: deleting the line is not enough.
Help: security@hex.pm"""


def lines(
    report: Report, *, quiet: bool = False, verbose: bool = False, color: bool = False
) -> Iterator[str]:
    """Yield the report line by line, without line ends.

    ``quiet`` gives one line for each finding and each failure, and nothing else: nothing at all
    for a clean run. ``verbose`` adds the fingerprint of each finding and gives what was left out
    on lines of its own. With ``color`` the lines hold ANSI colours. Names are escaped, see
    :mod:`hexscan.reports.escape`.
    """
    paint = _painted if color else _plain
    if quiet:
        for finding in report.findings:
            yield f"{_where(finding, paint)}: {finding.rule} {finding.preview}"
        yield from _failures(report, paint)
        return
    for finding in _in_order(report.findings):
        yield from _finding(finding, paint, verbose=verbose)
        yield ""
    yield from _failures(report, paint)
    yield from (f"{paint(_YELLOW, 'warning:')} {escape.message(w)}" for w in report.warnings)
    if verbose:
        yield from (f"left out: {reason}" for reason in _counted(report.policies))
    yield _summary(report, paint, reasons=not verbose)
    yield from _advice(report)


def human_bytes(size: int) -> str:
    """Return a number of bytes for people, in steps of 1,000.

    >>> human_bytes(1), human_bytes(999), human_bytes(12_345), human_bytes(3_000_000_000)
    ('1 byte', '999 bytes', '12.3 kB', '3.0 GB')
    """
    if size < 1000:  # noqa: PLR2004 - the step
        return _count(size, "byte")
    power = 1
    # 999.95 would be rounded up to a "1000.0" of its unit.
    while size >= 999.95 * 1000**power and power < len(_UNITS):
        power += 1
    return f"{size / 1000**power:.1f} {_UNITS[power - 1]}"


def human_seconds(seconds: float) -> str:
    """Return a duration for people.

    >>> human_seconds(0.0234), human_seconds(12.34), human_seconds(125)
    ('0.02 s', '12.3 s', '2 min 5 s')
    """
    if seconds < 10:  # noqa: PLR2004 - beyond it nobody asks for hundredths
        return f"{seconds:.2f} s"
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def _plain(_code: str, text: str) -> str:
    return text


def _painted(code: str, text: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _where(finding: Finding, paint: Paint) -> str:
    location = finding.location
    path = escape.place(location.path, location.container)
    return paint(_BOLD, f"{path}:{location.line}:{location.column}")


def _finding(finding: Finding, paint: Paint, *, verbose: bool) -> Iterator[str]:
    place = finding.location.place
    color = _RED if finding.fails else _YELLOW
    title = f"{rules.TITLES[finding.rule]}: {paint(color, finding.preview)}"
    if finding.decoding:
        title += f" ({' in '.join(reversed(finding.decoding))})"
    if place in _PLACES:
        title += f", {_PLACES[place]}"
    yield f"{_where(finding, paint)}: {finding.rule}: {title}"
    yield f"  {rules.MEANINGS[finding.rule]}"
    yield from (f"  {line}" for line in history.lines(finding))
    if verbose:
        yield f"  fingerprint {finding.fingerprint}"
    if finding.excerpt is not None and place not in _PLACES:
        # A run without excerpts has no use for the tables of Unicode.
        from hexscan.reports.excerpt import draw  # noqa: PLC0415

        line, carets = draw(finding.excerpt)
        yield f"  | {line}"
        yield f"  | {paint(color, carets) if color else carets}"


def _in_order(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield those in git's objects by key, then the others in the order of the report."""
    for group in history.groups([finding for finding in findings if finding.git is not None]):
        yield from group
    yield from (finding for finding in findings if finding.git is None)


def _failures(report: Report, paint: Paint) -> Iterator[str]:
    for skip in report.failures:
        where = escape.place(skip.origin.path, skip.origin.container)
        yield f"{paint(_YELLOW, 'could not read:')} {where}: {escape.message(skip.reason)}"


def _summary(report: Report, paint: Paint, *, reasons: bool) -> str:
    failing = any(finding.fails for finding in report.findings)
    found = _found(report)
    objects = f"{_count(report.objects, 'object')} and " if report.objects else ""
    scope = f"{objects}{_count(report.files, 'file')} ({human_bytes(report.bytes)}, "
    scope += f"{human_seconds(report.seconds)})"
    parts = [f"{paint(_RED if failing else _BOLD, found)} in {scope}."]
    if report.policies:
        total = sum(report.policies.values())
        what = ", ".join(_counted(report.policies)) if reasons else f"{total:,}"
        parts.append(f"Left out: {what}.")
        if not report.files:
            parts.append("Nothing was read: --no-ignore reads what is ignored.")
    if report.complete:
        parts.append("Complete.")
    else:
        failed = f"{_count(len(report.failures), 'path')} could not be read."
        parts.append(f"{paint(_YELLOW, 'NOT COMPLETE:')} {failed}")
    return " ".join(parts)


def _found(report: Report) -> str:
    failing = [finding for finding in report.findings if finding.fails]
    lookalikes = len(report.findings) - len(failing)
    keys = len({finding.fingerprint for finding in failing})
    parts = []
    if keys != len(failing):
        parts.append(_count(len(failing), "place"))
    if keys:
        parts.append(_count(keys, "key"))
    if lookalikes:
        parts.append(_count(lookalikes, "lookalike"))
    if not keys:
        parts.insert(0, "no key")
    return f"Found {', '.join(parts)}"


def _advice(report: Report) -> Iterator[str]:
    keys = {finding.fingerprint for finding in report.findings if finding.fails}
    if not keys:
        return
    several = len(keys) > 1
    yield ""
    yield from _ADVICE.format(
        key="keys" if several else "key",
        it_is="they are" if several else "it is",
        it_was="they were" if several else "it was",
    ).splitlines()
    yield from history.advice(report.findings)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _counted(policies: Mapping[str, int]) -> list[str]:
    ranked = sorted(policies.items(), key=lambda item: (-item[1], item[0]))
    return [f"{escape.message(reason)} ({number:,})" for reason, number in ranked]
