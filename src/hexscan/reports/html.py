"""The report as one file for a browser: it loads nothing, runs nothing, and can be printed.

A policy in the document forbids the browser to run or load anything, should a name ever get
through as markup.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.resources import files

from hexscan import rule as rules
from hexscan.blob import CONTENT
from hexscan.finding import Excerpt, Finding, Report
from hexscan.reports import advice, escape, timeline, wording
from hexscan.reports.facts import Facts
from hexscan.reports.xml import safe

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def lines(report: Report, facts: Facts) -> Iterator[str]:
    """Yield the document line by line."""
    groups = wording.by_key(report.findings)
    yield from _head(report)
    yield "<body>"
    yield '<a class="skip" href="#keys">Skip to the keys</a>'
    yield from _verdict(report)
    yield "<main>"
    yield from _scope(report, facts)
    yield from _failures(report)
    yield '<section aria-labelledby="keys">'
    yield '<h2 id="keys" tabindex="-1">Keys</h2>'
    if not groups:
        yield "<p>None.</p>"
    for number, places in enumerate(groups, start=1):
        yield from _key(places, f"key-{number}")
    yield "</section>"
    yield from _steps(report)
    yield "</main>"
    yield f'<footer class="faint">hexscan {safe(facts.version)}. No key is in this file:'
    yield "a preview has eight of its digits, and a fingerprint does not give it away.</footer>"
    yield "</body>"
    yield "</html>"


def _head(report: Report) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield '<meta name="referrer" content="no-referrer">'
    state = "" if report.complete else ", not complete"
    yield f"<title>hexscan: {safe(wording.found(report))}{state}</title>"
    yield "<style>"
    style = files("hexscan.reports").joinpath("html.css").read_text(encoding="utf-8")
    yield from style.splitlines()
    yield "</style>"
    yield "</head>"


def _verdict(report: Report) -> Iterator[str]:
    style, told = "good", "No key was found"
    keys = {finding.fingerprint for finding in report.findings if finding.fails}
    if keys:
        style, told = "bad", f"{wording.count(len(keys), 'key')} found: act now"
    elif not report.complete:
        style, told = "warn", "No key was found, but not everything was read"
    complete = "Everything in scope was read to its last byte."
    if not report.complete:
        unread = wording.count(len(report.failures), "path")
        complete = f"Not complete: {unread} could not be read."
    yield "<header>"
    yield "<h1>hexscan report</h1>"
    steps = ' <a href="#steps">What to do now</a>' if keys else ""
    yield f'<p class="verdict {style}">{told}<span>{complete}{steps}</span></p>'
    yield "</header>"


def _scope(report: Report, facts: Facts) -> Iterator[str]:
    started = datetime.fromtimestamp(facts.started, UTC)
    yield '<section aria-labelledby="scope">'
    yield '<h2 id="scope">What was scanned</h2>'
    yield "<dl>"
    yield from _entry("When", f"{started:%Y-%m-%d %H:%M:%S} UTC")
    yield from _entry("From", escape.name(facts.directory))
    if facts.commit:
        yield from _entry("Commit", facts.commit)
    yield from _entry("Read", wording.scope(report))
    yield from _entry("Found", wording.found(report))
    if report.suppressed:
        yield from _entry("Suppressed", f"{len(report.suppressed):,}")
    yield from _entry("Complete", "yes" if report.complete else "no")
    for reason in wording.counted(report.policies):
        yield from _entry("Left out", reason)
    for mark in report.unused:
        yield from _entry("Without use", wording.unused(mark))
    for warning in report.warnings:
        yield from _entry("Warning", warning)
    yield "</dl>"
    yield "</section>"


def _entry(name: str, value: str) -> Iterator[str]:
    yield f"<dt>{name}</dt><dd><bdi>{safe(value)}</bdi></dd>"


def _failures(report: Report) -> Iterator[str]:
    if not report.failures:
        return
    yield '<section aria-labelledby="unread">'
    yield '<h2 id="unread" class="warn">What could not be read</h2>'
    yield "<p>A key in one of these would not have been found.</p>"
    yield '<table><thead><tr><th scope="col">Path</th><th scope="col">Why</th></tr></thead>'
    yield "<tbody>"
    for skip in report.failures:
        where = escape.place(skip.origin.path, skip.origin.container)
        yield f"<tr><td>{_code(where)}</td><td><bdi>{safe(skip.reason)}</bdi></td></tr>"
    yield "</tbody></table>"
    yield "</section>"


def _key(places: Sequence[Finding], name: str) -> Iterator[str]:
    first = places[0]
    fails = any(finding.fails for finding in places)
    yield f'<article aria-labelledby="{name}">'
    style = "bad" if fails else "warn"
    yield f'<h3 id="{name}"><code class="{style}">{safe(first.preview)}</code>'
    yield f"{safe(rules.TITLES[first.rule])}</h3>"
    yield f"<p>{safe(rules.MEANINGS[first.rule])}</p>"
    yield f'<p class="faint">Fingerprint <code>{first.fingerprint}</code></p>'
    lives = list(dict.fromkeys(finding.git for finding in places if finding.git is not None))
    if lives:
        yield '<figure class="scroll" tabindex="0" role="group" aria-label="Timeline">'
        yield from timeline.draw(lives, f"{name}-life")
        more = len(lives) - timeline.LONGEST
        if more > 0:
            yield f"<figcaption>{more:,} more are in the table only.</figcaption>"
        yield "</figure>"
    yield from _places(places)
    yield "</article>"


def _places(places: Sequence[Finding]) -> Iterator[str]:
    yield f"<table><caption>{wording.count(len(places), 'place')}</caption>"
    yield '<thead><tr><th scope="col">Where</th><th scope="col" class="number">Line</th>'
    yield '<th scope="col" class="number">Column</th></tr></thead>'
    yield "<tbody>"
    for finding in places:
        location = finding.location
        where = escape.place(location.path, location.container)
        yield f"<tr><td>{_code(where)}<bdi>{safe(wording.manner(finding))}</bdi>"
        if finding.git is not None:
            yield f'<br><span class="faint"><bdi>{safe(wording.life(finding.git))}</bdi></span>'
        if finding.suppressed is not None:
            yield f'<br><span class="warn"><bdi>{safe(wording.judgement(finding))}</bdi></span>'
        if finding.excerpt is not None and location.place == CONTENT:
            yield _excerpt(finding.excerpt)
        yield f'</td><td class="number">{location.line:,}</td>'
        yield f'<td class="number">{location.column:,}</td></tr>'
    yield "</tbody></table>"


def _excerpt(excerpt: Excerpt) -> str:
    before = safe(excerpt.text[: excerpt.start].replace("\t", "    "))
    key = safe(excerpt.text[excerpt.start : excerpt.end])
    after = safe(excerpt.text[excerpt.end :].replace("\t", "    "))
    return f'<pre tabindex="0" dir="ltr">{before}<mark>{key}</mark>{after}</pre>'


def _steps(report: Report) -> Iterator[str]:
    keys = {finding.fingerprint for finding in report.findings if finding.fails}
    if not keys:
        return
    yield '<section aria-labelledby="steps">'
    yield '<h2 id="steps">What to do now</h2>'
    yield '<ol class="steps">'
    for what, how in advice.steps(len(keys)):
        yield f'<li><label><input type="checkbox"> <span>{safe(what)}</span></label>'
        if how:
            yield "<ul>"
            yield from (f"<li>{_how(step)}</li>" for step in how)
            yield "</ul>"
        yield "</li>"
    yield "</ol>"
    yield f'<p>Help: <a href="mailto:{advice.HELP}">{advice.HELP}</a></p>'
    yield "</section>"


def _how(step: str) -> str:
    if step.startswith("https://"):
        return f'<a href="{safe(step)}" rel="noreferrer">{safe(step)}</a>'
    return f"<code>{safe(step)}</code>"


def _code(text: str) -> str:
    return f"<bdi><code>{safe(text)}</code></bdi>"
