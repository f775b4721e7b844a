"""Standard input as a blob."""

import errno
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO, cast

from hexscan.blob import Blob, Origin, ReadError
from hexscan.sources.files import BUFFER_SIZE, reason

PATH = b"<stdin>"


def blob(stream: BinaryIO | int) -> Blob:
    """Read a stream, or an open file descriptor, as one blob of any length.

    The stream stays open: it is the caller's. A stream that cannot be read gives an empty head
    and a ``rest`` that raises ``ReadError``, so the run knows that it is not complete.
    """
    buffer = memoryview(bytearray(BUFFER_SIZE))
    try:
        read_into = _reading(stream)
        filled = _fill(read_into, buffer)
    except OSError as error:
        return Blob(Origin(PATH), buffer[:0], _broken(reason(error)))
    if filled < BUFFER_SIZE:
        return Blob(Origin(PATH), buffer[:filled])
    return Blob(Origin(PATH), buffer, _rest(read_into, buffer))


def _reading(stream: BinaryIO | int) -> Callable[[memoryview], int | None]:
    if isinstance(stream, int):
        raw = open(stream, "rb", buffering=0, closefd=False)  # noqa: SIM115 - not ours to close
        return raw.readinto
    # typing.BinaryIO does not know readinto, which every binary stream of the library has.
    return cast("Callable[[memoryview], int | None]", stream.readinto)  # type: ignore[attr-defined]


def _fill(read_into: Callable[[memoryview], int | None], buffer: memoryview) -> int:
    """Read until the buffer is full or the stream ends; a pipe gives a little at a time."""
    filled = 0
    while filled < len(buffer):
        count = read_into(buffer[filled:])
        if count is None:  # a pipe that somebody made non-blocking, and that is empty now
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        if not count:
            break
        filled += count
    return filled


def _rest(
    read_into: Callable[[memoryview], int | None], buffer: memoryview
) -> Iterator[memoryview]:
    try:
        while filled := _fill(read_into, buffer):
            yield buffer[:filled]
    except OSError as error:
        raise ReadError(reason(error)) from None


def _broken(why: str) -> Iterator[memoryview]:
    yield from ()
    raise ReadError(why)
