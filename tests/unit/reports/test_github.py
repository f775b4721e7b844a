"""GitHub Actions: workflow commands and the job summary."""

import re
from dataclasses import replace

import pytest

from hexscan import rule as rules
from hexscan.blob import NAME
from hexscan.finding import Finding, Report, Suppression, UnusedMark
from hexscan.reports import github
from tests.golden.sample import CLEAN, FACTS, KEY, LOOKALIKE, RICH, failure, finding

COMMAND = re.compile(r"::(\w+) ((?:\w+=[^,:]*)(?:,\w+=[^,:]*)*)::(.*)\Z")


def unescape(value: str) -> str:
    for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        value = value.replace(code, char)
    return value


def commands(report: Report) -> list[tuple[str, dict[str, str], str]]:
    """Read the workflow commands as GitHub's runner does."""
    found = []
    for line in github.lines(report, FACTS):
        if line.lstrip().startswith("::"):
            match = COMMAND.match(line)
            assert match, line
            pairs = (pair.split("=", 1) for pair in match[2].split(","))
            found.append((match[1], {k: unescape(v) for k, v in pairs}, unescape(match[3])))
    return found


def test_a_finding_is_an_error_at_its_place() -> None:
    ((kind, properties, message),) = commands(Report(findings=(finding(b"a,b:c%.ex"),)))
    assert kind == "error"
    assert properties == {
        "file": "a,b:c%.ex",
        "line": "3",
        "col": "9",
        "title": "Hex.pm API key",
    }
    assert message.startswith(f"{KEY.preview}: The checksum is right")


def test_at_most_ten_and_all_in_the_text() -> None:
    report = Report(findings=tuple(finding(b"%d.ex" % n) for n in range(12)))
    told = list(github.lines(report, FACTS))
    assert [line.startswith("::") for line in told[:11]] == [True] * 10 + [False]
    assert told[10] == "2 more than GitHub shows as annotations; all are told here:"
    assert "11.ex:3:9: hex-api-key: the same key" in told


def test_what_fails_the_run_comes_first() -> None:
    lookalike = finding(b"a", key=LOOKALIKE, rule=rules.LOOKALIKE)
    judged = finding(b"b", suppressed=Suppression("inline", "old"))
    report = Report(findings=(lookalike, judged, finding(b"c")), failures=(failure(b"d"),))
    assert [(kind, p.get("file")) for kind, p, _ in commands(report)] == [
        ("error", "c"),
        ("error", None),
        ("notice", "a"),
    ]


@pytest.mark.parametrize(
    "found", [finding(b"a.tgz", container=(b"x",)), finding(b"a.tgz", place=NAME)]
)
def test_what_is_inside_of_a_file_has_no_line(found: Finding) -> None:
    ((_, properties, _),) = commands(Report(findings=(found,)))
    assert properties == {"file": "a.tgz", "title": "Hex.pm API key"}


def test_hostile_names_stay_in_their_command() -> None:
    assert len(commands(RICH)) == github.ANNOTATIONS


def test_a_clean_run_has_no_annotation() -> None:
    assert commands(CLEAN) == []


def test_the_summary_tells_keys_failures_and_steps() -> None:
    told = "\n".join(github.summary(RICH))
    assert "1 lookalike in 1,234 files (5.7 MB, 1 min 2 s). Suppressed: 2." in told
    assert "**NOT COMPLETE**" in told
    assert "| `refs/tags/v0:3:1; in tag 3d3d3d3d3d3d` |" in told
    assert "6. Prevent the next leak" in told
    assert "test/a.exs" not in told


def test_marks_without_use_fail_a_strict_run() -> None:
    report = Report(unused=(UnusedMark(b"a.ex", 7),), strict=True)
    ((kind, _, message),) = commands(report)
    assert (kind, message) == ("error", "a.ex:7: this hexscan:allow allows nothing")
    assert commands(replace(report, strict=False)) == []
    assert "this hexscan:allow allows nothing" in "\n".join(github.summary(report))


def test_the_summary_stays_below_github_s_limit() -> None:
    findings = tuple(finding(b"%d/" % n + "日".encode() * 1300) for n in range(2000))
    told = "\n".join(github.summary(Report(findings=findings)))
    assert re.search(r"^1,\d\d\d more are told in the log\.$", told, re.MULTILINE)
    assert len(told.encode()) < 2**20


def test_the_summary_of_a_clean_run_is_short() -> None:
    assert list(github.summary(CLEAN)) == [
        "## hexscan",
        "",
        "Found no key in 10 files (12.3 kB, 0.02 s).",
        "Complete.",
        "",
        "Left out: `ignored by git (1,204)`, `a FIFO (1)`.",
    ]
