"""The entry: which path a call takes, and how errors end it."""

import gc
import os
import sys

import pytest

from hexscan.cli import main as entry
from hexscan.cli import paths
from hexscan.cli.main import main
from hexscan.errors import ConfigError, HexscanError
from hexscan.finding import Report
from tests.support.keys import random_key


def raising(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def scan(*_settled: object, **_heard: object) -> Report:
        raise error

    monkeypatch.setattr(paths, "scan", scan)


def test_an_error_is_one_line_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, HexscanError("no\nway \x1b", hint="try\u202e harder"))
    assert main(["lib"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "hexscan: no\\nway \\x1b (try\\u202e harder)\n"


def test_an_error_names_the_place_of_a_setting(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, ConfigError("no such option", path="hexscan.toml", line=3))
    assert main([]) == 2
    assert capsys.readouterr().err == "hexscan: hexscan.toml:3: no such option\n"


def test_an_error_shows_no_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = random_key(3)
    raising(monkeypatch, HexscanError(f"cannot read {key.reveal()}"))
    assert main(["lib"]) == 2
    assert capsys.readouterr().err == f"hexscan: cannot read {key.preview}\n"


def test_an_error_without_standard_error_still_gives_its_status(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, HexscanError("no"))
    monkeypatch.setattr(sys, "stderr", None)
    assert main([]) == 2
    assert capsys.readouterr().out == ""


def test_an_interrupt_is_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, KeyboardInterrupt())
    assert main([]) == entry.INTERRUPTED == 130
    assert main(["-q", "lib"]) == 130
    assert capsys.readouterr() == ("", "")


def test_a_bug_is_told_and_does_not_look_like_a_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    raising(monkeypatch, ZeroDivisionError("a bug"))
    assert main(["lib"]) == 2
    assert "ZeroDivisionError: a bug" in capsys.readouterr().err


def test_arguments_are_the_process_s_own_by_default(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    left: list[int] = []
    monkeypatch.setattr(os, "_exit", left.append)
    monkeypatch.setattr(gc, "disable", lambda: None)
    monkeypatch.setattr(sys, "argv", ["hexscan", "--version"])
    assert main() == 0
    assert left == [0]
    assert capsys.readouterr().out.startswith("hexscan ")
