"""Standard output: colour, encoding, and readers who leave."""

from __future__ import annotations

import contextlib
import errno
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hexscan.cli import output
from hexscan.errors import ReportError


@pytest.mark.parametrize(
    ("color", "terminal", "environment", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {}, False),
    ],
)
def test_wants_color(
    monkeypatch: pytest.MonkeyPatch,
    *,
    color: output.Color,
    terminal: bool,
    environment: dict[str, str],
    wanted: bool,
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.wants_color(color, terminal=terminal) is wanted


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, False),
        ({"KITTY_WINDOW_ID": "1"}, True),
        ({"TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM_PROGRAM": "Apple_Terminal"}, False),
        ({"VTE_VERSION": "7003"}, True),
        ({"VTE_VERSION": "4900"}, False),
        ({"VTE_VERSION": "x"}, False),
        ({"KITTY_WINDOW_ID": "1", "TMUX": "/tmp/tmux,1,0"}, False),  # noqa: S108 - never opened
        ({"KITTY_WINDOW_ID": "1", "NO_COLOR": "1"}, False),
        ({"KITTY_WINDOW_ID": "1", "TERM": "dumb"}, False),
    ],
)
def test_wants_links(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], *, wanted: bool
) -> None:
    known = ("DOMTERM", "GHOSTTY_RESOURCES_DIR", "KONSOLE_VERSION", "WT_SESSION", "TERM_PROGRAM")
    for name in (*known, "KITTY_WINDOW_ID", "VTE_VERSION", "TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert output.wants_links("auto") is wanted
    assert not output.wants_links("never")


def test_write_gives_utf_8_whatever_the_stream_encodes(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    output.write(iter(["hex_89ab…c4d2", "\udcff"]))
    assert capsysbinary.readouterr().out == "hex_89ab…c4d2\n\\udcff\n".encode()


def test_write_takes_a_stream_of_text_for_standard_output() -> None:
    with contextlib.redirect_stdout(io.StringIO()) as stream:
        output.write(iter(["a", "b"]))
    assert stream.getvalue() == "a\nb\n"


def test_write_without_standard_output_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert not output.is_terminal()
    with pytest.raises(ReportError, match="standard output is closed"):
        output.write(iter([]))


def failing(error: OSError) -> Iterator[str]:
    yield "a"
    raise error


def test_a_full_disk_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "stdout"
    full = OSError(errno.ENOSPC, "No space left on device")
    with (
        path.open("w") as stream,
        contextlib.redirect_stdout(stream),
        pytest.raises(ReportError, match="no space left on device"),
    ):
        output.write(failing(full))


def test_a_reader_who_leaves_is_none(tmp_path: Path) -> None:
    path = tmp_path / "stdout"
    with path.open("w") as stream, contextlib.redirect_stdout(stream):
        output.write(failing(BrokenPipeError()))
        # Nothing is left in the buffer for Python to stumble over at its exit.
        stream.flush()
    assert path.read_bytes() == b""
