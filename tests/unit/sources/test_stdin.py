import io
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hexscan.blob import CONTENT, Blob, ReadError
from hexscan.sources import stdin


@pytest.fixture(autouse=True)
def small_buffer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdin, "BUFFER_SIZE", 8)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Make a pipe; its writing end is the test's to close."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def views(blob: Blob) -> list[bytes]:
    return [bytes(blob.head), *filter(None, map(bytes, blob.rest or ()))]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", [b""]),
        (b"1234567", [b"1234567"]),
        (b"12345678", [b"12345678"]),
        (b"123456789", [b"12345678", b"9"]),
        (b"0123456789abcdef", [b"01234567", b"89abcdef"]),
    ],
)
def test_a_pipe_is_read_to_its_end(
    pipe: tuple[int, int], data: bytes, expected: list[bytes]
) -> None:
    reading, writing = pipe
    os.write(writing, data)
    os.close(writing)
    blob = stdin.blob(reading)
    assert blob.origin.path == b"<stdin>"
    assert blob.origin.place == CONTENT
    assert views(blob) == expected


def test_short_reads_are_gathered(pipe: tuple[int, int]) -> None:
    reading, writing = pipe

    def dribble() -> None:
        for byte in b"0123456789":
            os.write(writing, bytes([byte]))
        os.close(writing)

    writer = threading.Thread(target=dribble)
    writer.start()
    assert views(stdin.blob(reading)) == [b"01234567", b"89"]
    writer.join()


def test_a_stream_works_as_a_descriptor_does() -> None:
    assert views(stdin.blob(io.BytesIO(b"0123456789"))) == [b"01234567", b"89"]


def test_what_a_stream_has_buffered_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"0123456789")
    with (tmp_path / "f").open("rb") as file:
        assert file.peek(1)
        assert b"".join(views(stdin.blob(file))) == b"0123456789"


def test_the_descriptor_stays_open(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.close(writing)
    stdin.blob(reading)
    assert os.read(reading, 1) == b""


def test_a_directory_as_standard_input_fails(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    blob = stdin.blob(descriptor)
    os.close(descriptor)
    assert bytes(blob.head) == b""
    assert blob.rest is not None
    with pytest.raises(ReadError, match="is a directory"):
        next(blob.rest)


def test_a_closed_descriptor_fails() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    blob = stdin.blob(reading)
    assert blob.rest is not None
    with pytest.raises(ReadError, match="bad file descriptor"):
        next(blob.rest)


def test_an_empty_pipe_that_does_not_block_fails(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.set_blocking(reading, False)
    os.write(writing, b"0123456789")
    blob = stdin.blob(reading)
    assert bytes(blob.head) == b"01234567"
    assert blob.rest is not None
    assert bytes(next(blob.rest)) == b"89"
    with pytest.raises(ReadError, match="temporarily unavailable"):
        next(blob.rest)
    os.close(writing)
