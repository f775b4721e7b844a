"""Whole reports, compared with the files beside this one.

To write them anew after a change that is meant: ``python -m tests.golden.test_reports``.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hexscan.reports import json as json_report
from hexscan.reports import text
from tests.golden.sample import CLEAN, FULL, SECRETS

HERE = Path(__file__).parent

REPORTS: dict[str, Callable[[], Iterator[str]]] = {
    "full.txt": lambda: text.lines(FULL),
    "full-verbose.txt": lambda: text.lines(FULL, verbose=True),
    "full-quiet.txt": lambda: text.lines(FULL, quiet=True),
    "full-color.txt": lambda: text.lines(FULL, color=True),
    "full.json": lambda: json_report.lines(FULL, version="0.1.0"),
    "clean.txt": lambda: text.lines(CLEAN),
    "clean-verbose.txt": lambda: text.lines(CLEAN, verbose=True),
    "clean-quiet.txt": lambda: text.lines(CLEAN, quiet=True),
    "clean.json": lambda: json_report.lines(CLEAN, version="0.1.0"),
}


def render(name: str) -> str:
    return "".join(f"{line}\n" for line in REPORTS[name]())


@pytest.mark.parametrize("name", REPORTS)
def test_report_is_what_the_file_holds(name: str) -> None:
    assert render(name) == (HERE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_holds_a_key(name: str) -> None:
    assert not [secret for secret in SECRETS if secret in render(name).lower()]


@pytest.mark.parametrize("name", REPORTS)
def test_no_line_of_a_report_can_be_forged(name: str) -> None:
    report = render(name)
    if "color" not in name:
        assert report.replace("\n", "").isprintable()
    assert not [line for line in report.splitlines() if line.lstrip().startswith("::")]


@pytest.mark.parametrize("name", [name for name in REPORTS if name.endswith(".json")])
def test_json_has_the_fields_that_are_promised_in_their_order(name: str) -> None:
    report = json.loads(render(name))
    assert list(report) == [
        "schema",
        "tool",
        "complete",
        "findings",
        "skipped",
        "summary",
        "warnings",
    ]
    assert list(report["summary"]) == [
        "files",
        "bytes",
        "findings",
        "suppressed",
        "skipped",
        "policies",
        "seconds",
        "objects",
    ]
    for finding in report["findings"]:
        assert " ".join(finding) == (
            "rule severity path line column offset length preview fingerprint decoding container"
            " git suppressed place"
        )


if __name__ == "__main__":
    for report_name in REPORTS:
        (HERE / report_name).write_text(render(report_name), encoding="utf-8")
