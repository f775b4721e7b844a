"""Whatever a name or a reason is, a report stays what it is."""

from __future__ import annotations

import csv as csv_reader
import io
import json
from types import MappingProxyType
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from hexscan.finding import Finding, Report, Suppression, UnusedMark
from hexscan.reports import github, registry
from tests.golden.sample import FACTS, PUBLISHED, failure, finding
from tests.unit.reports.test_github import commands
from tests.unit.reports.test_html import read as read_html

MARKS = ["::error::", "]]>", "<script>", "=1", "\u202e", "\x1b[2J", "\n", "|", "`", "%", ",", ":"]
TEXTS = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=5)), max_size=5).map("".join)
NAMES = st.one_of(
    st.binary(min_size=1, max_size=20),
    TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass") or b"x"),
)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    def one() -> Finding:
        return finding(
            draw(NAMES),
            container=tuple(draw(st.lists(NAMES, max_size=2))),
            git=draw(st.sampled_from([None, PUBLISHED])),
            suppressed=Suppression("inline", draw(TEXTS)) if draw(st.booleans()) else None,
            before=draw(TEXTS),
        )

    return Report(
        findings=tuple(one() for _ in range(draw(st.integers(0, 3)))),
        failures=tuple(failure(draw(NAMES), draw(TEXTS)) for _ in range(draw(st.integers(0, 2)))),
        policies=MappingProxyType(draw(st.dictionaries(TEXTS, st.integers(1, 9), max_size=2))),
        warnings=tuple(draw(st.lists(TEXTS, max_size=2))),
        unused=tuple(UnusedMark(name, 1) for name in draw(st.lists(NAMES, max_size=1))),
    )


def render(name: registry.Format, report: Report) -> str:
    return "".join(f"{line}\n" for line in registry.lines(name, report, FACTS))


@given(reports())
def test_every_line_can_be_shown(report: Report) -> None:
    for name in registry.FORMATS:
        written = render(name, report)
        assert written.encode("utf-8")
        assert written.replace("\r\n" if name == "csv" else "\n", "").isprintable()


@given(reports())
def test_json_has_as_many_entries_as_there_are(report: Report) -> None:
    (run,) = json.loads(render("sarif", report))["runs"]
    assert len(run["results"]) == len(report.findings)
    told = json.loads(render("gitlab", report))
    assert len(told["vulnerabilities"]) == len(report.findings)
    lines = [json.loads(line) for line in render("jsonl", report).splitlines()]
    assert len(lines) == len(report.findings) + len(report.failures) + len(report.unused) + 1


@given(reports())
def test_xml_has_as_many_cases_as_there_are(report: Report) -> None:
    root = ET.fromstring(render("junit", report).encode())  # noqa: S314 - ours
    cases = root.findall("testsuite/testcase")
    assert len(cases) == len(report.findings) + len(report.failures) + 1


@given(reports())
def test_csv_has_as_many_rows_as_there_are_and_no_formula(report: Report) -> None:
    rows = list(csv_reader.reader(io.StringIO(render("csv", report), newline=""), strict=True))
    expected = len(report.findings) + len(report.failures) + len(report.policies)
    expected += len(report.unused)
    assert len(rows) == expected + 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(tuple("=+-@"))]


@given(reports())
def test_html_has_no_more_tags_than_it_was_given(report: Report) -> None:
    reader = read_html(report)
    keys = {found.fingerprint for found in report.findings}
    assert sum(tag == "article" for tag, _ in reader.tags) == len(keys)
    assert not {"script", "b", "img"} & {tag for tag, _ in reader.tags}


@given(reports())
def test_github_is_told_as_many_commands_as_there_are(report: Report) -> None:
    failing = sum(found.fails for found in report.findings)
    assert len(commands(report)) == failing + len(report.failures)
    rows = [line for line in github.summary(report) if line.startswith("| ")]
    tables = (report.findings, report.failures, report.unused)
    assert len(rows) == sum(map(len, tables)) + sum(map(bool, tables))
