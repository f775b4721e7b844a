"""A scan of paths: what standard output and a terminal get while it goes on."""

import io
import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from hexscan import gathering, sharing
from hexscan.cli import output, progress
from hexscan.cli import paths as cli_paths
from hexscan.cli.run import Telling, is_live
from hexscan.config import Config
from hexscan.errors import ReportError
from hexscan.progress import Progress
from hexscan.sources import slab
from tests.support.keys import random_key

PLAIN = Telling()
LIVE = Telling(format="jsonl")
KEYS = [random_key(seed) for seed in range(4)]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current directory, with two files of two keys each, one of them judged."""
    for name, (one, other) in {"a": KEYS[:2], "b": KEYS[2:]}.items():
        mark = "# hexscan:allow old" if name == "b" else ""
        (tmp_path / name).write_text(f"{one.reveal()} {mark}\n\n{other.reveal()}\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_paths(paths: list[str], telling: Telling = PLAIN, *, progress: bool | None = None) -> int:
    config = Config(jobs=0, forks=True)
    return cli_paths.run_paths(paths, config, telling, progress=progress)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def watched(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal on which each file of a scan shows its progress.

    No fixture: pytest puts its own standard error in place when a test begins.
    """
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    monkeypatch.setattr(gathering, "FILES_BETWEEN", 1)
    # Each file by itself, and in this process.
    monkeypatch.setattr(slab, "MOST_FILES", 1)
    monkeypatch.setattr(sharing, "FILES", 1)
    monkeypatch.setattr(sharing, "PATIENCE", {True: 60, False: 60})
    monkeypatch.setattr(progress, "_PATIENCE", 0)
    monkeypatch.setattr(progress, "_EVERY", 0)
    return made


def objects(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def previews(text: str) -> list[str]:
    return [entry["preview"] for entry in objects(text) if entry["kind"] == "finding"]


@pytest.mark.parametrize(
    ("telling", "live"),
    [
        (LIVE, True),
        (Telling(format="jsonl", file="-"), True),
        (Telling(format="jsonl", file="/dev/stdout"), True),
        (Telling(format="jsonl", file="r"), False),
        (Telling(reports=(("jsonl", "r"),)), False),
        (Telling(format="json"), False),
    ],
)
def test_jsonl_on_standard_output_alone_is_live(telling: Telling, *, live: bool) -> None:
    assert is_live(telling) is live


@pytest.mark.usefixtures("tree")
def test_findings_come_in_the_order_of_the_scan_and_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_paths(["b", "a", "."], telling=LIVE) == 1
    told = capsys.readouterr().out
    assert previews(told) == [KEYS[3].preview, KEYS[0].preview, KEYS[1].preview]
    summary = objects(told)[-1]
    assert summary["kind"] == "summary"
    assert (summary["findings"], summary["suppressed"]) == (3, 1)


@pytest.mark.usefixtures("tree")
def test_judged_findings_come_where_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    run_paths(["b"], telling=Telling(format="jsonl", show_suppressed=True))
    told = capsys.readouterr().out
    assert previews(told) == [KEYS[2].preview, KEYS[3].preview]
    assert objects(told)[0]["suppressed"]["reason"] == "old"


def test_a_file_gets_them_in_order(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run_paths(["b", "a"], telling=Telling(format="jsonl", reports=(("jsonl", "more"),)))
    run_paths(["b", "a"], telling=Telling(format="jsonl", file="main"))
    in_order = [KEYS[0].preview, KEYS[1].preview, KEYS[3].preview]
    assert previews((tree / "more").read_text()) == in_order
    assert previews((tree / "main").read_text()) == in_order
    assert previews(capsys.readouterr().out) != in_order


def test_trouble_with_standard_output_keeps_no_other_report_back(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[object] = []

    def refuse(lines: object) -> None:
        calls.append(lines)
        raise ReportError("cannot write the report: no space left on device")

    monkeypatch.setattr(output, "write", refuse)
    with pytest.raises(ReportError, match="no space left"):
        run_paths(["a", "b"], telling=Telling(format="jsonl", reports=(("jsonl", "r"),)))
    assert len(previews((tree / "r").read_text())) == 3
    assert len(calls) == 1


@pytest.mark.usefixtures("tree")
def test_a_terminal_sees_the_progress_until_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal = watched(monkeypatch)
    assert run_paths(["a", "b"]) == 1
    shown = terminal.getvalue()
    assert "\r\x1b[K1 files, 92 bytes, " in shown
    assert re.search(r"2 files, 203 bytes, \d+ MB/s, 3 found\r\x1b\[K$", shown)
    assert "files, " not in capsys.readouterr().out


@pytest.mark.usefixtures("tree")
def test_the_progress_makes_room_for_findings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = watched(monkeypatch)
    # One terminal for both.
    monkeypatch.setattr(sys, "stdout", terminal)
    run_paths(["a", "b"], telling=LIVE)
    lines = terminal.getvalue().split("\n")
    assert [objects(line.rpartition("\x1b[K")[2])[0]["kind"] for line in lines if line] == [
        "finding",
        "finding",
        "finding",
        "summary",
    ]
    assert all(line.count("\x1b[K") in (0, 2) for line in lines)
    assert "\x1b[K1 files, " in terminal.getvalue()


@pytest.mark.usefixtures("tree")
def test_no_progress_where_none_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = watched(monkeypatch)
    run_paths(["a", "b"], progress=False)
    assert terminal.getvalue() == ""


@pytest.mark.usefixtures("tree")
def test_the_progress_goes_away_when_the_scan_is_interrupted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = watched(monkeypatch)
    shown = progress.Line.__call__

    def interrupted(line: progress.Line, told: Progress) -> None:
        shown(line, told)
        raise KeyboardInterrupt

    monkeypatch.setattr(progress.Line, "__call__", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_paths(["a", "b"])
    assert "1 files, " in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
