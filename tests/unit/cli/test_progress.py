import io
import sys

import pytest

from hexscan.cli import progress
from hexscan.progress import Progress


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("hexscan.cli.progress.time.monotonic", lambda: self.now)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, stream = Clock(monkeypatch), io.StringIO()
    line = progress.Line(stream)
    clock.now += 0.9
    line(Progress(1, 2, 3, 0))
    line.clear()
    assert stream.getvalue() == ""


def test_a_long_run_shows_one_line_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, stream = Clock(monkeypatch), io.StringIO()
    line = progress.Line(stream)
    clock.now += 2
    line(Progress(1000, 4000, 500_000_000, 3))
    line(Progress(1001, 4000, 500_000_000, 3))
    line.clear()
    erase = "\r\x1b[K"
    assert stream.getvalue() == f"{erase}1,000 of 4,000 objects, 500.0 MB, 250 MB/s, 3 found{erase}"


def test_how_many_files_there_are_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, stream = Clock(monkeypatch), io.StringIO()
    line = progress.Line(stream)
    clock.now += 2
    line(Progress(1280, None, 6_500_000_000, 0))
    assert stream.getvalue() == "\r\x1b[K1,280 files, 6.5 GB, 3,250 MB/s, 0 found"


def test_a_line_that_was_taken_away_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, stream = Clock(monkeypatch), io.StringIO()
    line = progress.Line(stream)
    for _ in range(2):
        clock.now += 2
        line(Progress(1, None, 0, 0))
        line.clear()
        line.clear()
    assert stream.getvalue().count("1 files") == 2
    assert stream.getvalue().count("\r\x1b[K") == 4


def test_a_stream_that_was_closed_ends_no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(io.StringIO):
        def write(self, _text: str) -> int:
            raise BrokenPipeError

    clock = Clock(monkeypatch)
    line = progress.Line(Broken())
    clock.now += 2
    line(Progress(1, 2, 3, 0))
    line.clear()
    assert clock.now == 102


@pytest.mark.parametrize(("asked", "shown"), [(None, True), (True, True), (False, False)])
def test_a_terminal_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, *, asked: bool | None, shown: bool
) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert progress.wanted(asked) == shown
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert not progress.wanted(asked)
