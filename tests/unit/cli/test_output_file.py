"""Files that are written whole or not at all."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from hexscan.cli import output_file
from hexscan.errors import ReportError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    file = tmp_path / "report"
    output_file.write(iter(["é", "b"]), str(file))
    assert file.read_bytes() == "é\nb\n".encode()
    assert mode(file) == 0o640
    assert [entry.name for entry in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("bits", [0o600, 0o664])
def test_an_existing_file_keeps_its_mode(tmp_path: Path, bits: int) -> None:
    file = tmp_path / "report"
    file.write_text("old")
    file.chmod(bits)
    output_file.write(iter(["new"]), str(file))
    assert file.read_text() == "new\n"
    assert mode(file) == bits


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("report")
    output_file.check(str(tmp_path / "link"))
    output_file.write(iter(["a"]), str(tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "report").read_text() == "a\n"


def broken(error: BaseException) -> Iterator[str]:
    yield "new"
    raise error


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
def test_nothing_changes_if_the_writing_breaks_off(tmp_path: Path, error: BaseException) -> None:
    file = tmp_path / "report"
    file.write_text("old")
    with pytest.raises((ReportError, KeyboardInterrupt)):
        output_file.write(broken(error), str(file))
    assert file.read_text() == "old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["report"]


def test_nothing_changes_if_the_disk_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    file = tmp_path / "report"
    with pytest.raises(ReportError, match="report: no space left on device"):
        output_file.write(iter(["new"]), str(file))
    assert not list(tmp_path.iterdir())


def test_a_name_of_full_length_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / ("r" * 255)
    output_file.write(iter(["a"]), str(file))
    assert file.read_text() == "a\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "that is a directory"),
        ("missing/report", "its directory does not exist"),
        ("plain/report", "its directory does not exist"),
    ],
)
def test_check_refuses_what_cannot_be_written(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "plain").touch()
    with pytest.raises(ReportError, match=why):
        output_file.check(str(tmp_path / name))


def test_check_refuses_an_empty_name() -> None:
    with pytest.raises(ReportError, match="the name is empty"):
        output_file.check("")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_device_is_an_error() -> None:
    output_file.check("/dev/full")
    with pytest.raises(ReportError, match="/dev/full: no space left on device"):
        output_file.write(iter(["a"]), "/dev/full")


def test_a_fifo_is_written_to_and_stays(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    output_file.write(iter(["a"]), str(fifo))
    assert os.read(reader, 10) == b"a\n"
    os.close(reader)
    assert stat.S_ISFIFO(fifo.stat().st_mode)
