import errno
import os
import socket
import stat
from pathlib import Path

import pytest

from hexscan.blob import CONTENT, TARGET, Blob, Origin, ReadError, Skip
from hexscan.sources import files
from hexscan.sources.entries import VANISHED, Entries


def blob(item: Blob | Skip) -> Blob:
    assert isinstance(item, Blob)
    return item


def test_a_file_is_its_content(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path / "f")
    (tmp_path / "f").write_bytes(b"content")
    item = blob(Entries().file(path))
    assert item.origin == Origin(path, CONTENT)
    assert bytes(item.head) == b"content"
    assert item.rest is None


def test_a_large_file_goes_on(tmp_path: Path) -> None:
    data = os.urandom(files.BUFFER_SIZE + 5)
    (tmp_path / "f").write_bytes(data)
    item = blob(Entries().file(os.fsencode(tmp_path / "f")))
    assert item.rest is not None
    assert bytes(item.head) + b"".join(map(bytes, item.rest)) == data


def test_an_error_half_way_is_a_read_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "f").write_bytes(bytes(files.BUFFER_SIZE + 5))
    item = blob(Entries().file(os.fsencode(tmp_path / "f")))

    def broken(_descriptor: int, _views: tuple[memoryview]) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(files, "_read_into", broken)
    assert item.rest is not None
    with pytest.raises(ReadError, match=r"\Ainput/output error\Z"):
        next(item.rest)


def test_a_link_is_its_target_text(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("no/such\nplace")
    item = blob(Entries().link(os.fsencode(link)))
    assert item.origin == Origin(os.fsencode(link), TARGET)
    assert bytes(item.head) == b"no/such\nplace"


def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"content")
    (tmp_path / "link").symlink_to("f")
    item = blob(Entries().file(os.fsencode(tmp_path / "link")))
    assert item.origin.place == TARGET
    assert bytes(item.head) == b"f"


def test_following_a_loop_of_links_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    path = os.fsencode(tmp_path / "loop")
    assert Entries().file(path, follow=True) == Skip(
        Origin(path), "failure", os.strerror(errno.ELOOP).lower()
    )


@pytest.mark.parametrize("name", ["gone", "file/below"])
def test_what_vanished_is_left_out(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    path = os.fsencode(tmp_path / name)
    assert Entries().file(path) == Skip(Origin(path), "policy", VANISHED)
    assert Entries().link(path) == Skip(Origin(path), "policy", VANISHED)


def test_what_may_not_be_read_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: bytes, _flags: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(os, "open", refuse)
    path = os.fsencode(tmp_path / "f")
    assert Entries().file(path) == Skip(Origin(path), "failure", "permission denied")


def test_special_files_are_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "fifo")
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    listening = socket.socket(socket.AF_UNIX)
    listening.bind("socket")
    listening.close()
    monkeypatch.setattr(os, "open", None)
    reasons = {
        path: Entries().of_mode(path, os.lstat(path).st_mode)
        for path in (b"fifo", b"socket", b"/dev/null")
    }
    assert reasons == {
        b"fifo": Skip(Origin(b"fifo"), "policy", "a FIFO, never opened"),
        b"socket": Skip(Origin(b"socket"), "policy", "a socket, never opened"),
        b"/dev/null": Skip(Origin(b"/dev/null"), "policy", "a device, never opened"),
    }


def test_a_block_device_and_an_unknown_type_are_never_opened() -> None:
    assert Entries().of_mode(b"x", stat.S_IFBLK) == Skip(
        Origin(b"x"), "policy", "a device, never opened"
    )
    assert Entries().of_mode(b"x", 0) == Skip(
        Origin(b"x"), "policy", "of an unknown type, never opened"
    )


def test_closing_lets_go_of_a_half_read_file(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(bytes(files.BUFFER_SIZE + 5))
    entries = Entries()
    item = blob(entries.file(os.fsencode(tmp_path / "f")))
    entries.close()
    entries.close()
    assert item.rest is not None
    assert list(item.rest) == []
