"""SARIF: what GitHub's code scanning needs, and what SARIF promises."""

import json
import re
from typing import Any

from hexscan import rule as rules
from hexscan.blob import NAME
from hexscan.finding import Report
from hexscan.reports import sarif
from tests.golden.sample import CLEAN, FACTS, KEY, RICH, SHOWN, finding

# RFC 3986: what may stand in a URI without being encoded, and encoded bytes.
PATH = re.compile(r"(?:file://)?(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*\Z")


def run(report: Report) -> Any:  # noqa: ANN401 - JSON is
    log = json.loads("\n".join(sarif.lines(report, FACTS)))
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    return only


def test_every_rule_is_explained() -> None:
    driver = run(CLEAN)["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == list(rules.ALL)
    for rule in driver["rules"]:
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert rule["name"].isalpha()


def test_results_point_to_their_rule() -> None:
    told = run(RICH)
    assert len(told["results"]) == len(RICH.findings)
    for result, found in zip(told["results"], RICH.findings, strict=True):
        assert result["ruleId"] == found.rule
        assert told["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == found.rule
        assert result["level"] == found.severity


def test_fingerprints_do_not_depend_on_lines() -> None:
    before, after = (
        run(Report(findings=(finding(line=3), finding(line=9), finding(b"other", line=1)))),
        run(Report(findings=(finding(line=30), finding(line=90), finding(b"other", line=10)))),
    )
    prints = [result["partialFingerprints"] for result in before["results"]]
    assert prints == [result["partialFingerprints"] for result in after["results"]]
    # The same key twice in a file is two alerts, in two files one each.
    assert [p["primaryLocationLineHash"] for p in prints] == [
        f"{KEY.fingerprint}:1",
        f"{KEY.fingerprint}:2",
        f"{KEY.fingerprint}:1",
    ]


def test_paths_are_relative_to_the_root_and_percent_encoded() -> None:
    told = run(RICH)
    assert told["originalUriBaseIds"]["%SRCROOT%"]["uri"] == "file:///srv/app/"
    for result in told["results"]:
        (location,) = result["locations"]
        assert PATH.match(location["physicalLocation"]["artifactLocation"]["uri"])
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"] for result in told["results"]
    ]
    assert uris[0] == {"uri": "%3Dcmd%28%29%7C%27%20/C%20calc%27%21A0", "uriBaseId": "%SRCROOT%"}
    assert uris[3] == {"uri": "file:///abs/%E2%80%AEa%1B%5D0%3Bt%07%FF.ex"}


def test_a_path_below_the_root_is_relative_however_it_was_written() -> None:
    paths = (b"./lib/../a.ex", b"/srv/app/a.ex", b"a.ex")
    told = run(Report(findings=tuple(map(finding, paths))))
    for result in told["results"]:
        location = result["locations"][0]["physicalLocation"]
        assert location["artifactLocation"] == {"uri": "a.ex", "uriBaseId": "%SRCROOT%"}


def test_the_region_is_in_characters() -> None:
    told = run(Report(findings=(finding(before="  日本 "),)))
    assert told["columnKind"] == "unicodeCodePoints"
    (result,) = told["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 3,
        "startColumn": 6,
        "endLine": 3,
        "endColumn": 50,
    }


def test_what_is_inside_of_a_file_is_a_logical_location() -> None:
    inside, named = run(
        Report(findings=(finding(b"a.tgz", container=(b"b.zip", b"c\n")), finding(place=NAME)))
    )["results"]
    (location,) = inside["locations"]
    assert location["logicalLocations"] == [
        {"name": "c\\n", "fullyQualifiedName": "a.tgz!b.zip!c\\n", "kind": "member"}
    ]
    for result in (inside, named):
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    assert "logicalLocations" not in named["locations"][0]


def test_failures_are_notifications() -> None:
    (invocation,) = run(RICH)["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 2
    unread = [n for n in invocation["toolExecutionNotifications"] if n["level"] == "error"]
    assert len(unread) == len(RICH.failures)
    assert all(n["locations"] for n in unread)
    (clean,) = run(CLEAN)["invocations"]
    assert clean["executionSuccessful"] is True
    assert [n["level"] for n in clean["toolExecutionNotifications"]] == ["note", "note"]


def test_suppressions_keep_their_kind_and_reason() -> None:
    told = [result["suppressions"] for result in run(SHOWN)["results"] if "suppressions" in result]
    assert told == [
        [
            {
                "kind": "inSource",
                "status": "accepted",
                "justification": "=revoked\\n<b> 2026-05-20 ]]>",
            }
        ],
        [{"kind": "external", "status": "accepted", "justification": ""}],
    ]


def test_a_mark_without_use_is_a_notification() -> None:
    (invocation,) = run(RICH)["invocations"]
    told = [n["message"]["text"] for n in invocation["toolExecutionNotifications"]]
    assert "lib/<b>\\n::error::.ex:7: this hexscan:allow allows nothing" in told


def test_no_source_is_in_it() -> None:
    written = "\n".join(sarif.lines(RICH, FACTS))
    assert "snippet" not in written
    assert '@key "' not in json.loads(json.dumps(written))
