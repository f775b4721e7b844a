"""GitLab's secret detection report.

What is required stands in GitLab's security report schema 15.0.7,
``dist/secret-detection-report-format.json``.
"""

import json
import re
from typing import Any

from hexscan.finding import Report
from hexscan.reports import gitlab
from hexscan.reports.facts import Facts
from tests.golden.sample import CLEAN, FACTS, FULL, RICH, finding

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\Z")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")


def read(report: Report) -> Any:  # noqa: ANN401 - JSON is
    return json.loads("\n".join(gitlab.lines(report, FACTS)))


def test_the_scan_has_what_the_schema_requires() -> None:
    for report, status in ((CLEAN, "success"), (RICH, "failure")):
        told = read(report)
        assert re.fullmatch(r"15\.\d+\.\d+", told["version"])
        assert told["schema"].startswith("https://")
        scan = told["scan"]
        assert scan["type"] == "secret_detection"
        assert scan["status"] == status
        assert TIME.match(scan["start_time"])
        assert TIME.match(scan["end_time"])
        for tool in (scan["analyzer"], scan["scanner"]):
            assert all((tool["id"], tool["name"], tool["version"], tool["vendor"]["name"]))
        for message in scan["messages"]:
            assert message["level"] in {"info", "warn", "fatal"}
            assert message["value"]


def test_the_scan_took_its_time() -> None:
    scan = read(FULL)["scan"]
    assert (scan["start_time"], scan["end_time"]) == ("2026-02-02T02:40:00", "2026-02-02T02:41:01")


def test_vulnerabilities_have_what_the_schema_requires() -> None:
    told = read(RICH)["vulnerabilities"]
    assert len(told) == len(RICH.findings)
    for vulnerability in told:
        assert UUID.match(vulnerability["id"])
        assert 0 < len(vulnerability["name"]) <= 255
        assert len(vulnerability["description"]) <= 1_048_576
        assert len(vulnerability["solution"]) <= 7000
        assert vulnerability["severity"] in {"Critical", "Info"}
        assert vulnerability["identifiers"][0]["value"].startswith("hex-api-key")
        assert all(i["type"] and i["name"] and i["value"] for i in vulnerability["identifiers"])
        location = vulnerability["location"]
        assert location["commit"]["sha"]
        assert location["file"]
        assert location["start_line"] >= 1
        assert "raw_source_code_extract" not in vulnerability


def test_ids_are_those_of_the_last_run_and_differ() -> None:
    first = [v["id"] for v in read(FULL)["vulnerabilities"]]
    assert first == [v["id"] for v in read(FULL)["vulnerabilities"]]
    assert len(set(first)) == len(first)


def test_the_commit_is_the_one_that_brought_the_key_in() -> None:
    commits = [v["location"]["commit"] for v in read(RICH)["vulnerabilities"]]
    assert commits[0] == {"sha": "c" * 40}
    assert commits[5] == {"sha": "1b" * 20, "date": "2026-01-10T09:00:00+01:00"}


def test_without_a_commit_it_is_the_one_that_gitlab_writes_then() -> None:
    lines = gitlab.lines(Report(findings=(finding(),)), Facts("0.1.0"))
    (vulnerability,) = json.loads("\n".join(lines))["vulnerabilities"]
    assert vulnerability["location"]["commit"]["sha"] == gitlab.NO_COMMIT


def test_names_in_markdown_are_code() -> None:
    report = Report(findings=(finding(b"![x](http://x.example)|<b>"),))
    (vulnerability,) = read(report)["vulnerabilities"]
    assert " at `![x](http://x.example)|<b>:3:9`." in vulnerability["description"]


def test_what_is_not_complete_is_told() -> None:
    messages = read(RICH)["scan"]["messages"]
    assert sum(m["value"].startswith("could not read ") for m in messages) == len(RICH.failures)
    assert messages[-1]["value"].endswith(" Suppressed: 2.")
