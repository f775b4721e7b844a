"""The report for people."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from hexscan import rule as rules
from hexscan.finding import Finding, Report, Suppression, UnusedMark
from hexscan.reports import text, wording
from tests.golden.sample import CLEAN, FULL, KEY, LOOKALIKE, OLD_KEY, PUBLISHED, failure, finding


def summary(report: Report) -> str:
    return next(line for line in text.lines(report) if line.startswith("Found "))


def test_a_clean_run_is_one_line() -> None:
    report = Report(files=1, bytes=1)
    assert list(text.lines(report)) == ["Found no key in 1 file (1 byte, 0.00 s). Complete."]


def test_quiet_says_nothing_about_a_clean_run() -> None:
    assert list(text.lines(CLEAN, quiet=True)) == []


def test_quiet_tells_findings_and_failures_in_a_line_each() -> None:
    told = list(text.lines(FULL, quiet=True))
    assert len(told) == len(FULL.findings) + len(FULL.failures) + len(FULL.warnings)
    assert told[1] == f"lib/app.ex:3:9: hex-api-key {KEY.preview}"


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ((), "Found no key in "),
        ((finding(),), "Found 1 key in "),
        ((finding(), finding(b"b")), "Found 2 places, 1 key in "),
        ((finding(), finding(key=OLD_KEY, rule=rules.LEGACY)), "Found 2 keys in "),
        ((finding(key=LOOKALIKE, rule=rules.LOOKALIKE),), "Found no key, 1 lookalike in "),
    ],
)
def test_summary_counts_places_and_keys(findings: tuple[Finding, ...], told: str) -> None:
    assert summary(Report(findings=findings)).startswith(told)


def test_summary_says_what_was_left_out_the_most_frequent_first() -> None:
    report = Report(policies=MappingProxyType({"a": 1, "b": 1000, "c\n": 1}))
    assert r"Left out: b (1,000), a (1), c\n (1). " in summary(report)


@pytest.mark.parametrize(
    ("number", "told"),
    [(1, "NOT COMPLETE: 1 path could"), (2, "NOT COMPLETE: 2 paths could")],
)
def test_summary_says_that_a_run_is_not_complete(number: int, told: str) -> None:
    report = Report(failures=(failure(b"x"),) * number)
    assert told in summary(report)
    assert "Complete." not in summary(report)


def test_advice_is_given_once_and_only_for_keys() -> None:
    told = "\n".join(text.lines(FULL))
    assert told.count("What to do now:") == 1
    assert told.endswith("Help: security@hex.pm")
    lookalike = Report(findings=(finding(key=LOOKALIKE, rule=rules.LOOKALIKE),))
    assert "What to do" not in "\n".join(text.lines(lookalike))
    assert "What to do" not in "\n".join(text.lines(Report(failures=(failure(b"x"),))))


@pytest.mark.parametrize(
    ("reports_keys", "told"),
    [
        (1, "Revoke the key, or confirm that it is"),
        (2, "Revoke the keys, or confirm that they are"),
    ],
)
def test_advice_speaks_of_as_many_keys_as_there_are(reports_keys: int, told: str) -> None:
    found = (finding(), finding(key=OLD_KEY, rule=rules.LEGACY))[:reports_keys]
    assert told in "\n".join(text.lines(Report(findings=found)))


def test_verbose_tells_the_fingerprint() -> None:
    report = Report(findings=(finding(),))
    assert f"  fingerprint {KEY.fingerprint}" in list(text.lines(report, verbose=True))
    assert KEY.fingerprint not in "\n".join(text.lines(report))


def test_color_is_there_only_when_asked_for() -> None:
    assert "\x1b" not in "\n".join(text.lines(FULL))
    colored = "\n".join(text.lines(FULL, color=True))
    assert colored.count("\x1b[0m") * 2 == colored.count("\x1b")


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (4 * 10**9, "4.0 GB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_human_bytes(size: int, told: str) -> None:
    assert wording.human_bytes(size) == told


@pytest.mark.parametrize(
    ("seconds", "told"), [(0, "0.00 s"), (59.94, "59.9 s"), (60, "1 min 0 s"), (3725, "62 min 5 s")]
)
def test_human_seconds(seconds: float, told: str) -> None:
    assert wording.human_seconds(seconds) == told


def test_places_of_one_key_stand_together() -> None:
    other = finding(b"b", key=OLD_KEY, rule=rules.LEGACY)
    told = list(text.lines(Report(findings=(finding(b"a"), other, finding(b"c", before=None)))))
    heads = [line for line in told if not line.startswith(" ")]
    assert heads[:4] == [
        f"a:3:9: hex-api-key: Hex.pm API key: {KEY.preview}",
        "c:3:1: hex-api-key: the same key",
        "",
        f"b:3:9: hex-api-key-legacy: legacy Hex.pm API key: {OLD_KEY.preview}",
    ]


def test_suppressed_findings_are_told_only_if_asked_for() -> None:
    report = Report(suppressed=(finding(suppressed=Suppression("inline", "old")),))
    assert list(text.lines(report)) == [
        "Found no key in 0 files (0 bytes, 0.00 s). Suppressed: 1. Complete."
    ]
    assert list(text.lines(report, quiet=True)) == []
    shown = report.showing_suppressed()
    head = f"lib/app.ex:3:9: hex-api-key: Hex.pm API key: {KEY.preview}, suppressed (inline: old)"
    assert next(text.lines(shown)) == head
    assert list(text.lines(shown, quiet=True)) == [
        f"lib/app.ex:3:9: hex-api-key {KEY.preview}, suppressed (inline: old)"
    ]


def test_marks_without_use_are_told_and_in_a_strict_run_also_quietly() -> None:
    report = Report(unused=(UnusedMark(b"a\n", 7),), strict=True)
    mark = "a\\n:7: this hexscan:allow allows nothing"
    assert next(text.lines(report)) == mark
    assert list(text.lines(report, quiet=True)) == [mark]
    assert list(text.lines(replace(report, strict=False), quiet=True)) == []


def test_links_lead_to_files_that_can_be_there() -> None:
    findings = (
        finding(b"a b\xff"),
        finding(b"<stdin>"),
        finding("x-hex_0123…6628".encode()),
        finding(b"c", git=PUBLISHED),
    )
    told = list(text.lines(Report(findings=findings), links_from=b"/srv/app", quiet=True))
    assert told[0].startswith("\x1b]8;;file:///srv/app/a%20b%FF\x1b\\a b\\xff:3:9\x1b]8;;\x1b\\: ")
    assert "\x1b" not in "".join(told[1:])
