"""Whole reports, compared with the files beside this one.

To write them anew after a change that is meant: ``python -m tests.golden.test_reports``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from hexscan.reports import github, registry, text
from tests.golden.sample import CLEAN, FACTS, FULL, SECRETS, SHOWN

HERE = Path(__file__).parent

REPORTS: dict[str, Callable[[], Iterator[str]]] = {
    "full.txt": lambda: text.lines(FULL),
    "full-verbose.txt": lambda: text.lines(FULL, verbose=True),
    "full-quiet.txt": lambda: text.lines(FULL, quiet=True),
    "full-color.txt": lambda: text.lines(FULL, color=True),
    "full.json": lambda: registry.lines("json", FULL, FACTS),
    "clean.txt": lambda: text.lines(CLEAN),
    "clean-verbose.txt": lambda: text.lines(CLEAN, verbose=True),
    "clean-quiet.txt": lambda: text.lines(CLEAN, quiet=True),
    "clean.json": lambda: registry.lines("json", CLEAN, FACTS),
}
# The endings under which the formats are known to those who read them.
ENDINGS: dict[registry.Format, str] = {
    "text": "txt",
    "json": "json",
    "jsonl": "jsonl",
    "sarif": "sarif",
    "github": "github.txt",
    "gitlab": "gitlab.json",
    "junit": "xml",
    "csv": "csv",
    "html": "html",
}
REPORTS |= {
    f"rich.{ending}": partial(registry.lines, name, SHOWN, FACTS)
    for name, ending in ENDINGS.items()
}
REPORTS |= {
    f"clean.{ending}": partial(registry.lines, name, CLEAN, FACTS)
    for name, ending in ENDINGS.items()
}
REPORTS["rich.github.md"] = partial(github.summary, SHOWN)


def render(name: str) -> str:
    return "".join(f"{line}\n" for line in REPORTS[name]())


@pytest.mark.parametrize("name", REPORTS)
def test_report_is_what_the_file_holds(name: str) -> None:
    assert render(name).encode() == (HERE / name).read_bytes()


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_holds_a_key(name: str) -> None:
    assert not [secret for secret in SECRETS if secret in render(name).lower()]


@pytest.mark.parametrize("name", REPORTS)
def test_no_line_of_a_report_can_be_forged(name: str) -> None:
    report = render(name)
    if "color" not in name:
        assert report.replace("\r\n" if name.endswith(".csv") else "\n", "").isprintable()
    made = ("::error ", "::notice ") if name.endswith("github.txt") else ()
    lines = [line.strip() for line in report.splitlines()]
    assert not [line for line in lines if line.startswith("::") and not line.startswith(made)]
    assert not [line for line in lines if "##[" in line or "##vso[" in line]


@pytest.mark.parametrize("path", ["full.json", "rich.json", "clean.json"])
def test_json_has_the_fields_that_are_promised_in_their_order(path: str) -> None:
    report = json.loads(render(path))
    members = [
        "schema",
        "tool",
        "complete",
        "findings",
        "skipped",
        "unused_marks",
        "summary",
        "warnings",
    ]
    assert list(report) == [name for name in members if name != "unused_marks" or "rich" in path]
    assert list(report["summary"]) == [
        "files",
        "bytes",
        "findings",
        "suppressed",
        "skipped",
        "policies",
        "seconds",
        "objects",
        "known",
    ]
    for finding in report["findings"]:
        assert " ".join(finding) == (
            "rule severity path line column offset length preview fingerprint decoding container"
            " git suppressed place"
        )


if __name__ == "__main__":
    for report_name in REPORTS:
        (HERE / report_name).write_bytes(render(report_name).encode())
