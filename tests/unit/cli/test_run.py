"""What a settled command line does: scan, tell, and give the status."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hexscan.cli import output, output_file
from hexscan.cli.run import Telling, run
from hexscan.errors import ReportError
from hexscan.finding import Report, Suppression
from hexscan.reports import uri
from hexscan.reports.registry import FORMATS
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


def test_one_run_writes_several_reports(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = {name: tmp_path / f"r.{name}" for name in FORMATS}
    reports = tuple((name, str(file)) for name, file in files.items())
    assert run(lambda: LEAK, Telling(reports=reports)) == 1
    assert "Found 1 key" in capsys.readouterr().out
    for name, file in files.items():
        assert KEY.preview in file.read_text(encoding="utf-8"), name


def test_a_report_that_fails_keeps_none_of_the_others_back(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    write = output_file.write

    def refuse(lines: Iterator[str], file: str) -> None:
        if file == str(bad):
            raise ReportError(f"cannot write the report to {file}")
        write(lines, file)

    monkeypatch.setattr(output_file, "write", refuse)
    with pytest.raises(ReportError, match="bad"):
        run(lambda: LEAK, Telling(reports=(("json", str(bad)), ("csv", str(good)))))
    assert KEY.preview in good.read_text(encoding="utf-8")
    assert "Found 1 key" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("telling", "why"),
    [
        (Telling(reports=(("json", "r"), ("csv", "./r"))), "two reports cannot both go to ./r"),
        (Telling(file="r", reports=(("csv", "r"),)), "two reports cannot both go to r"),
        (Telling(reports=(("json", "-"),)), "cannot go to standard output"),
        (Telling(reports=(("json", "no/such/r"),)), "its directory does not exist"),
    ],
)
def test_reports_that_cannot_be_are_refused_before_the_scan(
    telling: Telling, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def scan() -> Report:
        raise AssertionError

    with pytest.raises(ReportError, match=re.escape(why)):
        run(scan, telling)
    assert list(tmp_path.iterdir()) == []


def in_actions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    summary = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    return summary


def test_github_actions_gets_annotations_and_a_summary(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = in_actions(monkeypatch, tmp_path)
    summary.write_text("of another step\n", encoding="utf-8")
    assert run(lambda: LEAK) == 1
    assert capsys.readouterr().out.startswith("::error file=lib/app.ex,line=3,")
    told = summary.read_text(encoding="utf-8")
    assert told.startswith("of another step\n## hexscan\n")
    assert told.endswith("\n")


@pytest.mark.parametrize("told", [{"format": "text"}, {"file": "r.txt"}])
def test_a_format_or_a_file_that_is_named_is_obeyed_in_github_actions(
    told: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    summary = in_actions(monkeypatch, tmp_path)
    monkeypatch.chdir(tmp_path)
    run(lambda: LEAK, Telling(**told))  # type: ignore[arg-type]
    written = capsys.readouterr().out
    if "file" in told:
        written += Path(told["file"]).read_text(encoding="utf-8")
    assert "Found 1 key" in written
    assert "::error" not in written
    assert not summary.exists()


def test_a_summary_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "no" / "summary"))
    with pytest.raises(ReportError, match="summary"):
        run(lambda: LEAK, Telling(format="github"))


def test_paths_are_told_from_the_top_of_the_project(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "apps").mkdir()
    monkeypatch.chdir(tmp_path / "apps")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    run(lambda: LEAK, Telling(format="github"))
    assert capsys.readouterr().out.startswith("::error file=apps/lib/app.ex,")


def test_a_removed_directory_is_no_trouble(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert run(lambda: LEAK, Telling(format="sarif")) == 1
    assert json.loads(capsys.readouterr().out)["version"] == "2.1.0"
    monkeypatch.chdir(tmp_path)


def test_places_are_links_on_a_terminal_that_takes_them(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("KITTY_WINDOW_ID", "1")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    run(lambda: LEAK)
    directory = uri.encode(os.fsencode(tmp_path.resolve()))
    link = f"\x1b]8;;file://{directory}/lib/app.ex\x1b\\"
    assert capsys.readouterr().out.startswith(link)
    run(lambda: LEAK, Telling(color="never"))
    assert "\x1b" not in capsys.readouterr().out


def test_suppressed_findings_are_told_where_that_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    judged = Report(suppressed=(finding(suppressed=Suppression("inline", "old")),))
    assert run(lambda: judged, Telling(format="sarif")) == 0
    assert json.loads(capsys.readouterr().out)["runs"][0]["results"] == []
    assert run(lambda: judged, Telling(format="sarif", show_suppressed=True)) == 0
    (result,) = json.loads(capsys.readouterr().out)["runs"][0]["results"]
    assert result["suppressions"][0]["justification"] == "old"
