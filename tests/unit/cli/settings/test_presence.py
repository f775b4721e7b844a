"""Whether there is a setting at all, asked cheaply."""

import os
from pathlib import Path

import pytest

from hexscan.cli.commands import scan
from hexscan.cli.commands.options import Scanning
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


@pytest.mark.parametrize(
    ("text", "matters"),
    [
        ("", False),
        ('exclude = ["docs/"]\nrequire-reason = true\n', False),
        ('exclude = "docs/"', True),
        ("unprefixed = true", True),
        ("requir-reason = true", True),
        ("verbose = true", True),
        ("broken", True),
        ("\udcff", True),
        ("a = " + "[" * 5000, True),
    ],
)
def test_a_file_that_cannot_matter_to_clean_files(
    tmp_path: Path, text: str, *, matters: bool
) -> None:
    (tmp_path / ".hexscan.toml").write_bytes(os.fsencode(text))
    assert presence.can_matter(bytes(tmp_path)) is matters


def test_no_file_cannot_matter_and_one_that_is_not_read_can(tmp_path: Path) -> None:
    assert not presence.can_matter(bytes(tmp_path))
    (tmp_path / ".hexscan.toml").symlink_to("missing")
    assert presence.can_matter(bytes(tmp_path))
    (tmp_path / ".hexscan.toml").unlink()
    (tmp_path / ".hexscan.toml").mkdir()
    assert presence.can_matter(bytes(tmp_path))
    (tmp_path / ".hexscan.toml").rmdir()
    (tmp_path / "pyproject.toml").write_text("[tool.hexscan]\n")
    assert presence.can_matter(bytes(tmp_path))


def test_harmless_settings_are_settings() -> None:
    command = scan.command
    assert isinstance(command, Scanning)
    assert presence._HARMLESS.keys() <= command.file_settings().keys()  # noqa: SLF001


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


@pytest.mark.parametrize("name", ["HEXSCAN_CACHE_DIR", "HEXSCAN_NO_CACHE"])
def test_where_nothing_is_remembered_it_is_no_matter_where(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    assert not presence.in_environment()
