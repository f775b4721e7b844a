"""Standard input as a blob."""

import errno
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from hexscan.blob import Blob, Origin, ReadError
from hexscan.sources.files import BUFFER_SIZE, reason

PATH = b"<stdin>"


def blob(stream: BinaryIO | int, path: bytes = PATH) -> Blob:
    """Read a stream, or an open file descriptor, as one blob of any length.

    The stream stays open: it is the caller's. ``rest`` raises ``ReadError`` where reading breaks
    off, after what was read until then.
    """
    chunks = _chunks(stream)
    head = next(chunks)  # there always is one, if only an empty one
    return Blob(Origin(path), head, chunks)


def _chunks(stream: BinaryIO | int) -> Iterator[memoryview]:
    """Yield views of a buffer that is full but for the last; a pipe gives a little at a time."""
    buffer = memoryview(bytearray(BUFFER_SIZE))
    filled = 0
    try:
        read_into = _reading(stream)
        while count := _some(read_into(buffer[filled:])):
            filled += count
            if filled == BUFFER_SIZE:
                filled = 0
                yield buffer
    except OSError as error:
        yield buffer[:filled]
        raise ReadError(reason(error)) from None
    yield buffer[:filled]


def _reading(stream: BinaryIO | int) -> Callable[[memoryview], int | None]:
    if isinstance(stream, int):
        raw = open(stream, "rb", buffering=0, closefd=False)  # noqa: SIM115 - not ours to close
        return raw.readinto
    # typing.BinaryIO does not know readinto, which every binary stream of the library has.
    return cast("Callable[[memoryview], int | None]", stream.readinto)  # type: ignore[attr-defined]


def _some(count: int | None) -> int:
    if count is None:  # a pipe that somebody made non-blocking, and that is empty now
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    return count
