"""What a settled command line does: scan, tell, and give the status."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from hexscan.cli import scan
from hexscan.cli.scan import Telling, run
from hexscan.config import Config
from hexscan.errors import ReportError
from hexscan.finding import Report
from tests.golden.sample import CLEAN, FULL, KEY, finding

LEAK = Report(findings=(finding(),), files=1)


def reporting(monkeypatch: pytest.MonkeyPatch, report: Report) -> list[Sequence[str]]:
    """Let every scan give ``report``, and return the list of the paths that were asked for."""
    asked: list[Sequence[str]] = []

    def scan_nothing(paths: Sequence[str], _config: Config) -> Report:
        asked.append(paths)
        return report

    monkeypatch.setattr(scan, "scan", scan_nothing)
    return asked


@pytest.mark.parametrize(("report", "status"), [(CLEAN, 0), (LEAK, 1), (FULL, 2)])
def test_the_status_is_the_report_s(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    report: Report,
    status: int,
) -> None:
    asked = reporting(monkeypatch, report)
    assert run(["a", "b"]) == status
    assert asked == [["a", "b"]]
    assert "Found " in capsys.readouterr().out


def test_the_report_goes_to_a_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    reporting(monkeypatch, LEAK)
    file = tmp_path / "report"
    assert run(["a"], telling=Telling(format="json", file=str(file))) == 1
    assert json.loads(file.read_bytes())["findings"][0]["fingerprint"] == KEY.fingerprint
    assert capsys.readouterr() == ("", "")


def test_nothing_is_scanned_for_a_file_that_cannot_be(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = reporting(monkeypatch, LEAK)
    with pytest.raises(ReportError, match="that is a directory"):
        run(["a"], telling=Telling(file=str(tmp_path)))
    assert asked == []


@pytest.mark.parametrize("file", ["-", "/dev/stdout"])
def test_standard_output_can_be_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], file: str
) -> None:
    reporting(monkeypatch, LEAK)
    assert run(["a"], telling=Telling(file=file, quiet=True)) == 1
    assert capsys.readouterr().out == f"lib/app.ex:3:9: hex-api-key {KEY.preview}\n"


def test_color_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reporting(monkeypatch, LEAK)
    run(["a"], telling=Telling(color="always"))
    assert "\x1b[" in capsys.readouterr().out
