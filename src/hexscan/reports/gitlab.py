"""The report for GitLab: a secret detection report after its security report schema.

https://gitlab.com/gitlab-org/security-products/security-report-schemas, version 15.0.7.
"""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

from hexscan import rule as rules
from hexscan.finding import Finding, Report
from hexscan.reports import advice, escape, wording
from hexscan.reports.facts import Facts
from hexscan.reports.markdown import code

SCHEMA = "15.0.7"
_SCHEMA_URL = (
    "https://gitlab.com/gitlab-org/security-products/security-report-schemas/-/raw/"
    f"v{SCHEMA}/dist/secret-detection-report-format.json"
)

# What GitLab's own analyzer writes where there is no commit.
NO_COMMIT = "0000000"

_SEVERITIES = {rules.ERROR: "Critical", rules.NOTE: "Info"}

# The id of a place must be the same in every run; this makes it differ from other tools' ids.
_IDS = uuid.uuid5(uuid.NAMESPACE_URL, "https://github.com/hexscan/hexscan")


def lines(report: Report, facts: Facts) -> Iterator[str]:
    """Yield the report line by line.

    Failures are messages of the scan, one by one, and suppressed findings are counted in one. A
    run that was not complete has the status ``failure``.
    """
    document = {
        "version": SCHEMA,
        "schema": _SCHEMA_URL,
        "scan": _scan(report, facts),
        "vulnerabilities": [_vulnerability(finding, facts) for finding in report.findings],
    }
    for line in json.dumps(document, ensure_ascii=False, indent=1).split("\n"):
        yield escape.json_string(line)


def _scan(report: Report, facts: Facts) -> dict[str, object]:
    tool = {
        "id": "hexscan",
        "name": "hexscan",
        "url": "https://github.com/hexscan/hexscan",
        "version": facts.version,
        "vendor": {"name": "hexscan"},
    }
    return {
        "analyzer": tool,
        "scanner": tool,
        "type": "secret_detection",
        "start_time": _time(facts.started),
        "end_time": _time(facts.started + report.seconds),
        "status": "success" if report.complete else "failure",
        "messages": [{"level": level, "value": text} for level, text in _messages(report)],
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _messages(report: Report) -> Iterator[tuple[str, str]]:
    for skip in report.failures:
        where = escape.place(skip.origin.path, skip.origin.container)
        yield "warn", f"could not read {where}: {escape.message(skip.reason)}"
    for warning in report.warnings:
        yield "warn", escape.message(warning)
    for reason in wording.counted(report.policies):
        yield "info", f"left out: {reason}"
    yield from (("warn", wording.unused(mark)) for mark in report.unused)
    yield "info", wording.outcome(report)


def _vulnerability(finding: Finding, facts: Facts) -> dict[str, object]:
    return {
        "id": str(uuid.uuid5(_IDS, _identity(finding))),
        "name": rules.TITLES[finding.rule],
        "description": _description(finding),
        "severity": _SEVERITIES[finding.severity],
        "solution": "\n".join(_solution()),
        "identifiers": [
            {"type": "hexscan_rule_id", "name": f"hexscan {finding.rule}", "value": finding.rule},
            {
                "type": "cwe",
                "name": "CWE-798",
                "value": "798",
                "url": "https://cwe.mitre.org/data/definitions/798.html",
            },
        ],
        "links": [{"name": "Hex.pm: revoke a key", "url": advice.KEYS_PAGE}],
        "details": {
            "fingerprint": {
                "name": "Fingerprint of the key",
                "type": "text",
                "value": finding.fingerprint,
            }
        },
        "location": _location(finding, facts),
    }


def _identity(finding: Finding) -> str:
    """Return what makes a finding the same one in the next run: its key, rule and place."""
    location = finding.location
    names = (location.path, *location.container)
    way = [name.decode("utf-8", "backslashreplace") for name in names]
    blob = finding.git.object if finding.git is not None else ""
    identity = [finding.fingerprint, finding.rule, location.place, location.offset, blob, *way]
    return json.dumps(identity)


def _description(finding: Finding) -> str:
    # GitLab reads it as Markdown, and names are strangers' words.
    parts = [f"{code(finding.preview)} at {code(wording.where(finding))}{wording.manner(finding)}"]
    if finding.git is not None:
        parts.append(code(wording.life(finding.git)))
    if finding.suppressed is not None:
        parts.append(code(wording.judgement(finding)))
    return f"{rules.MEANINGS[finding.rule]} {'; '.join(parts)}."


def _solution() -> Iterator[str]:
    for number, (what, how) in enumerate(advice.steps(1), start=1):
        yield f"{number}. {what}{f': {how[0]}' if how else '.'}"


def _location(finding: Finding, facts: Facts) -> dict[str, object]:
    commit: dict[str, object] = {"sha": facts.commit or NO_COMMIT}
    if finding.git is not None and finding.git.commit is not None:
        commit = {"sha": finding.git.commit}
        if finding.git.commit_date:
            commit["date"] = finding.git.commit_date
    path = facts.below_root(finding.location.path) or finding.location.path
    # The lines of a file inside of another, or in its name, are none of the file that GitLab shows.
    inside = finding.location.container or finding.location.place != "content"
    line = 1 if inside else finding.location.line
    return {
        "file": path.decode("utf-8", "backslashreplace"),
        "start_line": line,
        "end_line": line,
        "commit": commit,
    }
