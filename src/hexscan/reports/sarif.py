"""The report as SARIF 2.1.0, in the form that GitHub's code scanning takes.

A result is told apart from others by the key's fingerprint and not by its line, so that an alert
stays the same one when code moves. There are no snippets of source in it.
https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from hexscan import rule as rules
from hexscan.blob import CONTENT, Skip
from hexscan.finding import Finding, Location, Report
from hexscan.reports import advice, escape, uri, wording
from hexscan.reports.facts import Facts
from hexscan.reports.json import finding_object

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://github.com/hexscan/hexscan"
ROOT = "%SRCROOT%"

_UNREAD = "could-not-read"
_WARNING = "worth-knowing"

# GitHub's scale is CVSS's: above 9.0 is critical. A key lets its holder publish packages.
_SECURITY_SEVERITIES = {rules.ERROR: "9.8", rules.NOTE: "0.1"}
_PASCAL_NAMES = {
    rules.API_KEY: "HexApiKey",
    rules.UNPREFIXED: "HexApiKeyUnprefixed",
    rules.LEGACY: "HexApiKeyLegacy",
    rules.LOOKALIKE: "HexApiKeyLookalike",
}


def lines(report: Report, facts: Facts) -> Iterator[str]:
    """Yield the log line by line."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, facts)]}
    for line in json.dumps(log, ensure_ascii=False, indent=1).split("\n"):
        yield escape.json_string(line)


def _run(report: Report, facts: Facts) -> dict[str, object]:
    return {
        "tool": {"driver": _driver(facts)},
        "automationDetails": {"id": "hexscan/"},
        "originalUriBaseIds": {
            ROOT: {
                "uri": uri.file(facts.root).rstrip("/") + "/",
                "description": {"text": "The top of the project, where relative paths start."},
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, facts)],
        "results": list(_results(report.findings, facts)),
        "properties": {"summary": wording.outcome(report)},
    }


def _driver(facts: Facts) -> dict[str, object]:
    return {
        "name": "hexscan",
        "version": facts.version,
        "semanticVersion": facts.version,
        "informationUri": HOME,
        "rules": [_rule(rule) for rule in rules.ALL],
        "notifications": [
            _notification_kind(_UNREAD, "CouldNotRead", "Something in scope was not read."),
            _notification_kind(_WARNING, "WorthKnowing", "Something to know about the run."),
        ],
    }


def _rule(rule: str) -> dict[str, object]:
    severity = rules.NOTE if rule == rules.LOOKALIKE else rules.ERROR
    steps = [
        f"{number}. {what}{f': {how[0]}' if how else '.'}"
        for number, (what, how) in enumerate(advice.steps(1), start=1)
    ]
    meaning = rules.MEANINGS[rule]
    title = rules.TITLES[rule]
    return {
        "id": rule,
        "name": _PASCAL_NAMES[rule],
        "shortDescription": {"text": f"{title[0].upper()}{title[1:]}."},
        "fullDescription": {"text": meaning},
        "help": {
            "text": " ".join([meaning, "What to do:", *steps]),
            "markdown": "\n".join([meaning, "", *steps]),
        },
        "helpUri": f"{HOME}#rules",
        "messageStrings": {"default": {"text": "'{0}': {1}."}},
        "defaultConfiguration": {"level": severity},
        "properties": {
            "tags": ["security", "external/cwe/cwe-798"],
            "precision": "medium" if rule == rules.LOOKALIKE else "very-high",
            "problem.severity": "recommendation" if rule == rules.LOOKALIKE else "error",
            "security-severity": _SECURITY_SEVERITIES[severity],
        },
    }


def _notification_kind(name: str, pascal_name: str, told: str) -> dict[str, object]:
    return {
        "id": name,
        "name": pascal_name,
        "shortDescription": {"text": told},
        "fullDescription": {"text": told},
        "help": {"text": f"{told} The message says what and why."},
    }


def _invocation(report: Report, facts: Facts) -> dict[str, object]:
    notifications = [_unread(skip, facts) for skip in report.failures]
    notifications += [_told(_WARNING, "warning", escape.message(w)) for w in report.warnings]
    notifications += [_told(_WARNING, "warning", wording.unused(mark)) for mark in report.unused]
    notifications += [
        _told(_WARNING, "note", f"Left out: {why}.") for why in wording.counted(report.policies)
    ]
    return {
        "executionSuccessful": report.complete,
        "exitCode": report.exit_status,
        "startTimeUtc": _time(facts.started),
        "endTimeUtc": _time(facts.started + report.seconds),
        "toolExecutionNotifications": notifications,
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _told(kind: str, level: str, message: str) -> dict[str, object]:
    return {"descriptor": {"id": kind}, "level": level, "message": {"text": message}}


def _unread(skip: Skip, facts: Facts) -> dict[str, object]:
    where = escape.place(skip.origin.path, skip.origin.container)
    told = _told(_UNREAD, "error", f"Could not read '{where}': {escape.message(skip.reason)}.")
    told["locations"] = [{"physicalLocation": {"artifactLocation": _file(skip.origin.path, facts)}}]
    return told


def _results(findings: Iterable[Finding], facts: Facts) -> Iterator[dict[str, object]]:
    seen: Counter[tuple[object, ...]] = Counter()
    for finding in findings:
        same = (finding.rule, finding.location.path, finding.fingerprint)
        seen[same] += 1
        yield _result(finding, seen[same], facts)


def _result(finding: Finding, ordinal: int, facts: Facts) -> dict[str, object]:
    """Return the result of a finding, the ``ordinal``-th of its key and rule in its file."""
    told = finding_object(finding)
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.ALL.index(finding.rule),
        "level": finding.severity,
        "message": {
            "id": "default",
            "text": f"'{finding.preview}': {_meaning(finding)}.",
            "arguments": [finding.preview, _meaning(finding)],
        },
        "locations": [_location(finding, facts)],
        "partialFingerprints": {
            # The name that GitHub goes by, and its form: a hash, and which of several it is.
            "primaryLocationLineHash": f"{finding.fingerprint}:{ordinal}",
            "hexKeyFingerprint/v1": finding.fingerprint,
        },
        "properties": {
            name: told[name]
            for name in ("preview", "fingerprint", "decoding", "container", "place", "git")
        },
    }
    if finding.suppressed is not None:
        inside = finding.suppressed.kind == "inline"
        result["suppressions"] = [
            {
                "kind": "inSource" if inside else "external",
                "status": "accepted",
                "justification": escape.message(finding.suppressed.reason),
            }
        ]
    return result


def _meaning(finding: Finding) -> str:
    told = f"{rules.TITLES[finding.rule]}{wording.manner(finding)}"
    if finding.location.container:
        told += f", at {wording.where(finding)}"
    if finding.git is not None:
        told += f", {wording.life(finding.git)}"
    return f"{told}. {rules.MEANINGS[finding.rule].removesuffix('.')}"


def _location(finding: Finding, facts: Facts) -> dict[str, object]:
    location = finding.location
    told: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": _file(location.path, facts),
            "region": _region(finding),
        }
    }
    if location.container:
        told["logicalLocations"] = [_member(location)]
    return told


def _file(path: bytes, facts: Facts) -> dict[str, object]:
    below = facts.below_root(path)
    if below is None:
        return {"uri": uri.file(facts.absolute(path))}
    return {"uri": uri.encode(below), "uriBaseId": ROOT}


def _region(finding: Finding) -> dict[str, int]:
    """Return the place in the file, in characters; its beginning for a key that is inside of it.

    A key that had to be decoded is not as long there as the text it was read from may be, so its
    region says where it begins and no more than one character of it.
    """
    location = finding.location
    if location.container or location.place != CONTENT:
        return {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
    length = 1 if finding.decoding else location.length
    return {
        "startLine": location.line,
        "startColumn": location.column,
        "endLine": location.line,
        "endColumn": location.column + length,
    }


def _member(location: Location) -> dict[str, object]:
    return {
        "name": escape.name(location.container[-1]),
        "fullyQualifiedName": escape.place(location.path, location.container),
        "kind": "member",
    }
