"""What a settled command line does: scan, tell, and give the status."""

import json
from pathlib import Path

import pytest

from hexscan.cli.run import Telling, run
from hexscan.errors import ReportError
from hexscan.finding import Report
from tests.golden.sample import CLEAN, FULL, KEY, finding

LEAK = Report(findings=(finding(),), files=1)


@pytest.mark.parametrize(("report", "status"), [(CLEAN, 0), (LEAK, 1), (FULL, 2)])
def test_the_status_is_the_report_s(
    capsys: pytest.CaptureFixture[str], report: Report, status: int
) -> None:
    assert run(lambda: report) == status
    assert "Found " in capsys.readouterr().out


def test_the_report_goes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "report"
    assert run(lambda: LEAK, Telling(format="json", file=str(file))) == 1
    assert json.loads(file.read_bytes())["findings"][0]["fingerprint"] == KEY.fingerprint
    assert capsys.readouterr() == ("", "")


def test_nothing_is_scanned_for_a_file_that_cannot_be(tmp_path: Path) -> None:
    asked: list[str] = []

    def scan() -> Report:
        asked.append("scan")
        return LEAK

    with pytest.raises(ReportError, match="that is a directory"):
        run(scan, Telling(file=str(tmp_path)))
    assert asked == []


@pytest.mark.parametrize("file", ["-", "/dev/stdout"])
def test_standard_output_can_be_named(capsys: pytest.CaptureFixture[str], file: str) -> None:
    assert run(lambda: LEAK, Telling(file=file, quiet=True)) == 1
    assert capsys.readouterr().out == f"lib/app.ex:3:9: hex-api-key {KEY.preview}\n"


def test_color_is_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    run(lambda: LEAK, Telling(color="always"))
    assert "\x1b[" in capsys.readouterr().out
