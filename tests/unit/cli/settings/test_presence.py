"""Whether there is a setting at all, asked cheaply."""

import os
from pathlib import Path

import pytest

from hexscan.cli.settings import presence


def test_a_directory_without_settings(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n")
    (tmp_path / ".hexscan-baseline.json").touch()
    assert not presence.in_directory(bytes(tmp_path))
    assert presence.baseline_in(bytes(tmp_path))
    assert not presence.in_directory(bytes(tmp_path / "missing"))


@pytest.mark.parametrize(
    ("name", "text"),
    [(".hexscan.toml", ""), ("pyproject.toml", "[tool]\nhexscan.strict=true\n")],
)
def test_a_directory_with_settings(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert presence.in_directory(bytes(tmp_path))


def test_what_cannot_be_read_counts_as_settings(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    assert presence.in_directory(bytes(tmp_path))
    (tmp_path / "pyproject.toml").rmdir()
    (tmp_path / "pyproject.toml").write_bytes(b"#" * (1 << 20) + b"\n[tool.hexscan]")
    assert presence.in_directory(bytes(tmp_path))


def test_a_broken_link_counts_as_settings(tmp_path: Path) -> None:
    (tmp_path / ".hexscan.toml").symlink_to("missing")
    assert presence.in_directory(bytes(tmp_path))


def test_a_fifo_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pyproject.toml")
    assert not presence.in_directory(bytes(tmp_path))


@pytest.mark.parametrize("name", ["HEXSCAN_QUIET", "_HEXSCAN_COMPLETE"])
def test_variables(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert not presence.in_environment()
    monkeypatch.setenv(name, "")
    assert presence.in_environment()
