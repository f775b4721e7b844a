# The module under test is read through both of its system calls, which are its own affair.
# ruff: noqa: SLF001

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hexscan.sources import files
from hexscan.sources.files import Reader, reason

Read = Callable[[int, tuple[memoryview]], int]


@pytest.fixture(params=["readv", "read"], autouse=True)
def system_call(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in both ways: the one of most platforms, and the one for those without readv."""
    if request.param == "read":
        monkeypatch.setattr(files, "_read_into", files._read_and_copy)
    elif not hasattr(os, "readv"):
        pytest.skip("no readv here")


@pytest.fixture
def dribbling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give three bytes at most per read, as /proc and FUSE may."""
    read_into: Read = files._read_into
    monkeypatch.setattr(files, "_read_into", lambda file, views: read_into(file, (views[0][:3],)))


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def write(path: Path, data: bytes) -> bytes:
    path.write_bytes(data)
    return os.fsencode(path)


def fail_after(reads: int) -> Read:
    """Read well a few times, then break off."""
    read_into: Read = files._read_into
    left = reads

    def read(descriptor: int, views: tuple[memoryview]) -> int:
        nonlocal left
        if not left:
            raise OSError(errno.EIO, "Input/output error")
        left -= 1
        return read_into(descriptor, views)

    return read


@pytest.mark.parametrize("size", [0, 1, 7])
def test_a_file_smaller_than_the_buffer_is_all_head(tmp_path: Path, size: int) -> None:
    path = write(tmp_path / "f", b"a" * size)
    head, rest = Reader(8).read(path)
    assert bytes(head) == b"a" * size
    assert rest is None


@pytest.mark.parametrize("size", [8, 9, 15, 16, 17, 100])
def test_a_file_that_fills_the_buffer_goes_on_in_rest(tmp_path: Path, size: int) -> None:
    data = bytes(range(size))
    head, rest = Reader(8).read(write(tmp_path / "f", data))
    assert bytes(head) == data[:8]
    assert rest is not None
    views = [bytes(view) for view in rest]
    assert b"".join(views) == data[8:]
    assert all(len(view) == 8 for view in views[:-1])


@pytest.mark.usefixtures("dribbling")
@pytest.mark.parametrize("size", [2, 3, 4, 8, 20])
def test_short_reads_are_no_end(tmp_path: Path, size: int) -> None:
    data = bytes(range(size))
    head, rest = Reader(8).read(write(tmp_path / "f", data))
    assert bytes(head) + b"".join(map(bytes, rest or ())) == data


def test_the_buffer_is_used_again(tmp_path: Path) -> None:
    reader = Reader(8)
    first, _ = reader.read(write(tmp_path / "a", b"aaaa"))
    second, _ = reader.read(write(tmp_path / "b", b"bbb"))
    assert bytes(second) == b"bbb"
    assert bytes(first) == b"bbba"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
class TestNothingStaysOpen:
    def test_after_a_small_file(self, tmp_path: Path) -> None:
        path = write(tmp_path / "f", b"a")
        before = open_files()
        Reader(8).read(path)
        assert open_files() == before

    def test_at_the_end_of_a_large_one(self, tmp_path: Path) -> None:
        path = write(tmp_path / "f", b"a" * 20)
        before = open_files()
        _, rest = Reader(8).read(path)
        assert rest is not None
        assert open_files() == before + 1
        assert len(list(rest)) == 2
        assert open_files() == before
        assert list(rest) == []

    def test_when_the_rest_is_closed_unread(self, tmp_path: Path) -> None:
        path = write(tmp_path / "f", b"a" * 20)
        before = open_files()
        _, rest = Reader(8).read(path)
        assert rest is not None
        rest.close()
        rest.close()
        assert open_files() == before
        assert list(rest) == []

    def test_when_the_next_file_is_read(self, tmp_path: Path) -> None:
        large = write(tmp_path / "large", b"a" * 20)
        small = write(tmp_path / "small", b"a")
        before = open_files()
        reader = Reader(8)
        reader.read(large)
        reader.read(small)
        assert open_files() == before

    def test_when_the_head_breaks_off(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write(tmp_path / "f", b"a" * 5)
        before = open_files()
        monkeypatch.setattr(files, "_read_into", fail_after(0))
        with pytest.raises(OSError, match="Input/output error"):
            Reader(8).read(path)
        assert open_files() == before

    def test_when_the_rest_breaks_off(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write(tmp_path / "f", b"a" * 20)
        before = open_files()
        monkeypatch.setattr(files, "_read_into", fail_after(2))
        _, rest = Reader(8).read(path)
        assert rest is not None
        assert len(next(rest)) == 8
        with pytest.raises(OSError, match="Input/output error"):
            next(rest)
        assert open_files() == before
        assert list(rest) == []


def test_a_file_that_shrinks_or_grows_does_no_harm(tmp_path: Path) -> None:
    path = write(tmp_path / "f", b"a" * 20)
    _, rest = Reader(8).read(path)
    os.truncate(path, 10)
    assert rest is not None
    assert bytes(next(rest)) == b"aa"
    with (tmp_path / "f").open("ab") as file:
        file.write(b"bcd")
    assert [bytes(view) for view in rest] == [b"bcd"]


def test_a_symbolic_link_is_refused_unless_it_is_to_be_followed(tmp_path: Path) -> None:
    write(tmp_path / "f", b"content")
    (tmp_path / "link").symlink_to("f")
    link = os.fsencode(tmp_path / "link")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        Reader().read(link)
    head, _ = Reader().read(link, follow=True)
    assert bytes(head) == b"content"


def test_a_fifo_that_slipped_through_does_not_hang_and_is_no_clean_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(OSError, match="not a regular file"):
        Reader().read(os.fsencode(tmp_path / "fifo"))


def test_a_directory_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        Reader().read(os.fsencode(tmp_path))


def test_a_virtual_file_without_a_size_is_read() -> None:
    path = Path("/proc/self/status")
    if not path.exists():
        pytest.skip("no /proc here")
    assert path.stat().st_size == 0
    head, _ = Reader().read(os.fsencode(path))
    assert b"Name:" in bytes(head)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied", "secret name"), "permission denied"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "no such file or directory"),
        (OSError(errno.EIO, None), "input/output error"),
        (OSError("odd"), "oserror"),
    ],
)
def test_reason_is_short_and_quotes_no_path(error: OSError, words: str) -> None:
    assert reason(error) == words


def test_the_module_imports_nothing_slow() -> None:
    slow = ("typing", "dataclasses", "re", "pathlib", "contextlib", "enum", "subprocess")
    script = (
        "import sys; before = set(sys.modules); import hexscan.sources.files;"
        f"print(sorted((set(sys.modules) - before) & {set(slow)!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", script],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.stdout == "[]\n"


def test_what_was_read_before_an_error_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "f", b"a" * 5)
    monkeypatch.setattr(files, "_read_into", fail_after(1))
    head, rest = Reader(8).read(path)
    assert 0 < len(head) <= 5
    assert rest is not None
    with pytest.raises(OSError, match="Input/output error"):
        next(rest)
