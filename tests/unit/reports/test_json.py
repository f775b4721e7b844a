"""The report for programs."""

import json
from typing import Any

from hexscan.finding import Report
from hexscan.reports import json as json_report
from tests.golden.sample import FACTS, FULL, finding


def read(report: Report) -> Any:  # noqa: ANN401 - JSON is
    written = "\n".join(json_report.lines(report, FACTS))
    assert written.encode("utf-8")
    return json.loads(written)


def test_an_empty_run() -> None:
    assert read(Report()) == {
        "schema": 1,
        "tool": {"name": "hexscan", "version": "0.1.0"},
        "complete": True,
        "findings": [],
        "skipped": [],
        "summary": {
            "files": 0,
            "bytes": 0,
            "findings": 0,
            "suppressed": 0,
            "skipped": {"failure": 0, "policy": 0},
            "policies": {},
            "seconds": 0.0,
            "objects": 0,
            "known": 0,
        },
        "warnings": [],
    }


def test_names_keep_their_value_and_stray_bytes_show_as_escapes() -> None:
    names = (b"a\n\x1b::\xe2\x80\xae", b"\xff", b"##[error]x")
    report = read(Report(findings=tuple(map(finding, names))))
    assert [found["path"] for found in report["findings"]] == [
        "a\n\x1b::\u202e",
        "\\xff",
        "##[error]x",
    ]


def test_every_finding_and_failure_has_a_line() -> None:
    told = list(json_report.lines(FULL, FACTS))
    assert len([line for line in told if '"preview"' in line]) == len(FULL.findings)
    assert len([line for line in told if '"kind"' in line]) == len(FULL.failures)


def test_failures_and_counts() -> None:
    report = read(FULL)
    assert report["complete"] is False
    assert report["skipped"][1] == {
        "path": "gone\n",
        "kind": "failure",
        "reason": "input/output error",
        "container": [],
    }
    assert report["summary"]["skipped"] == {"failure": 2, "policy": 13}
    assert report["summary"]["findings"] == 7
