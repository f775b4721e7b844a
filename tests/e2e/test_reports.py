"""Reports as users get them: from the command and the hook, in files and on standard output."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hexscan.reports.registry import FORMATS
from tests.support.keys import random_key

KEY = random_key(12)
NAMES = ("::error::x\n.ex", "=cmd().ex", "]]><script>.ex", "\x1b[2J\u202e.ex", f"{KEY.reveal()}.ex")


@pytest.fixture
def leaks(tmp_path: Path) -> Path:
    """Return a directory of files with hostile names, each with a key in it."""
    directory = tmp_path / "leaks"
    directory.mkdir()
    for name in NAMES:
        (directory / name).write_text(f"@key {KEY.reveal()}\n", encoding="ascii")
    return directory


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "hexscan", *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )
    assert KEY.reveal()[4:].encode() not in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr
    return done


def test_every_format_in_one_run(leaks: Path, tmp_path: Path) -> None:
    options = [f"--report={name}={tmp_path / name}" for name in FORMATS]
    done = run(*options, cwd=leaks)
    assert done.returncode == 1
    assert b"Found 6 places, 1 key in 5 files" in done.stdout
    for name in FORMATS:
        written = (tmp_path / name).read_bytes()
        assert KEY.reveal()[4:].encode() not in written
        assert KEY.preview.encode() in written
        assert b"\x1b" not in written
    assert len(json.loads((tmp_path / "sarif").read_bytes())["runs"][0]["results"]) == 6


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_on_standard_output(leaks: Path, name: str) -> None:
    done = run("--format", name, cwd=leaks)
    assert done.returncode == 1
    assert KEY.preview.encode() in done.stdout
    assert done.stderr == b""


def test_actions_get_annotations_from_the_plain_call_too(leaks: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    done = run(cwd=leaks, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert done.returncode == 1
    commands = [line for line in done.stdout.splitlines() if line.startswith(b"::")]
    assert len(commands) == 6
    assert all(line.startswith(b"::error file=") for line in commands)
    assert KEY.preview in summary.read_text(encoding="utf-8")
    assert KEY.reveal() not in summary.read_text(encoding="utf-8")


def test_a_report_that_cannot_be_written_is_2_and_one_line(leaks: Path) -> None:
    done = run("--report", "json=no/such/r", cwd=leaks)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"hexscan: cannot write the report to no/such/r: ")
    assert done.stderr.count(b"\n") == 1


def test_reports_of_a_run_that_was_not_complete_say_so(leaks: Path, tmp_path: Path) -> None:
    sarif = tmp_path / "r.sarif"
    done = run("no-such-file", f"--report=sarif={sarif}", cwd=leaks)
    assert done.returncode == 2
    (invocation,) = json.loads(sarif.read_bytes())["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 2
