"""CSV, as RFC 4180 has it, and without formulas."""

import csv
import io

import pytest

from hexscan.finding import Report
from hexscan.reports import csv as csv_report
from tests.golden.sample import CLEAN, FACTS, KEY, SHOWN, finding


def read(report: Report) -> list[dict[str, str]]:
    written = "".join(f"{line}\n" for line in csv_report.lines(report, FACTS))
    assert written.count("\r\n") == written.count("\n") == written.count("\r")
    return list(csv.DictReader(io.StringIO(written, newline=""), strict=True))


def test_a_row_each() -> None:
    rows = read(SHOWN)
    assert [row["record"] for row in rows] == (
        ["finding"] * 11 + ["failure"] * 5 + ["unused mark", "suppressed"] + ["policy"] * 2
    )
    assert rows[17]["count"] == "2"
    assert list(rows[0]) == list(csv_report.COLUMNS)
    assert all(None not in row.values() for row in rows)


def test_a_finding_s_cells() -> None:
    (row,) = read(Report(findings=(finding(b'a,"b".ex', decoding=("utf-16", "base64")),)))
    assert row["path"] == 'a,"b".ex'
    assert (row["line"], row["column"], row["offset"], row["length"]) == ("3", "9", "57", "44")
    assert row["decoding"] == "utf-16 base64"
    assert row["fingerprint"] == KEY.fingerprint


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", " ="]
)
def test_no_cell_is_a_formula(start: str) -> None:
    (row,) = read(Report(findings=(finding(f"{start}cmd()".encode()),)))
    assert row["path"] == f"'{start}cmd()"


def test_reasons_and_counts_of_what_was_left_out() -> None:
    told = [(row["reason"], row["count"]) for row in read(CLEAN)]
    assert told == [("a FIFO", "1"), ("ignored by git", "1204")]
