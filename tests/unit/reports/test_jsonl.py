"""The report for programs that read line by line."""

import json

from hexscan.reports import json as json_report
from hexscan.reports import jsonl
from tests.golden.sample import FACTS, SHOWN


def test_a_line_each_and_the_summary_last() -> None:
    told = [json.loads(line) for line in jsonl.lines(SHOWN, FACTS)]
    assert [entry["kind"] for entry in told] == (
        ["finding"] * len(SHOWN.findings)
        + ["skipped"] * len(SHOWN.failures)
        + ["unused_mark", "summary"]
    )
    assert told[-1]["complete"] is False
    assert told[-1]["suppressed"] == 2
    assert told[-1]["warnings"] == list(SHOWN.warnings)


def test_a_finding_has_the_fields_that_it_has_in_json() -> None:
    whole = json.loads("\n".join(json_report.lines(SHOWN, FACTS)))
    lines = [json.loads(line) for line in jsonl.lines(SHOWN, FACTS)]
    findings = [line for line in lines if line.pop("kind") == "finding"]
    assert findings == whole["findings"]


def test_git_and_suppression_are_told() -> None:
    told = [json.loads(line) for line in jsonl.lines(SHOWN, FACTS)]
    (published,) = [entry["git"] for entry in told if entry.get("path") == "config/prod.exs"]
    assert published == {
        "object": "0a" * 20,
        "type": "blob",
        "commit": "1b" * 20,
        "commit_date": "2026-01-10T09:00:00+01:00",
        "removed_in": "2c" * 20,
        "in_head": False,
        "refs": [
            "refs/remotes/origin/main",
            "refs/heads/<b>::error::",
            "refs/tags/v1",
            "refs/tags/v2",
        ],
        "reach": "published",
        "in_index": None,
        "in_worktree": None,
        "bare": False,
    }
    (judged,) = [entry["suppressed"] for entry in told if entry.get("path") == "test/b.exs"]
    assert judged == {"kind": "baseline", "reason": "", "who": "A. Reviewer", "when": "2026-05-20"}
