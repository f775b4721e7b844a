"""ar: Debian packages and static libraries, with the long names of GNU and of BSD."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hexscan.blob import NAME, Blob, Origin, Skip
from hexscan.containers.failure import failed
from hexscan.containers.naming import inside
from hexscan.containers.stream import Stream
from hexscan.matcher import sift

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.containers.budget import Budget

_MAGIC = b"!<arch>\n"
_HEADER = 60
_END = b"`\n"
_BSD_NAME = b"#1/"
_LONGEST_NAMES = 1 << 24


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether the magic is followed by nothing, or by a header, half of it if damaged."""
    first = bytes(head[len(_MAGIC) : len(_MAGIC) + _HEADER])
    return first[58:] == _END or first[48:58].strip().isdigit() or (whole and not first)


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield names and contents; headers are pieces."""
    origin, stream = blob.origin, Stream(blob)
    stream.take(len(_MAGIC))
    long_names = b""
    while header := stream.take(_HEADER):
        base = stream.offset - len(header)
        size = _size(header)
        if sift(header) or size < 0:
            yield Blob(origin, memoryview(header), base=base)
        if size < 0:
            if header.strip(b"\n\0"):
                yield failed(origin, f"no ar header where one is due, at byte {base}")
            break
        name = header[:16].rstrip()
        if name == b"//" and size <= _LONGEST_NAMES:
            base = stream.offset
            long_names = stream.take(size)
            if sift(long_names):
                yield Blob(origin, memoryview(long_names), base=base)
            size -= len(long_names)
        else:
            if name.startswith(_BSD_NAME):
                length = min(size, int(name[3:]) if name[3:].isdigit() else 0, _LONGEST_NAMES)
                name = stream.take(length).rstrip(b"\0")
                size -= length
            else:
                name = _name(name, long_names)
            budget.member()
            yield from _member(stream, inside(origin, name), size)
            size = 0
        if stream.skip(size):
            yield failed(origin, "ar archive cut short")
        if stream.offset % 2:
            stream.skip(1)
    yield from stream.piece(origin)


def _member(stream: Stream, origin: Origin, size: int) -> Iterator[Blob | Skip]:
    name = origin.container[-1]
    if sift(name):
        yield Blob(Origin(origin.path, NAME, origin.container, origin.git_object), memoryview(name))
    end = stream.offset + size
    yield stream.blob(origin, size)
    if stream.skip(end - stream.offset):
        yield failed(origin, "ar archive cut short in this member")


def _size(header: bytes) -> int:
    """Return the size that a header says; -1 if it is none."""
    digits = header[48:58].strip()
    return int(digits) if header[58:] == _END and digits.isdigit() else -1


def _name(field: bytes, long_names: bytes) -> bytes:
    if field.startswith(b"/") and field[1:].isdigit():
        start = int(field[1:])
        end = long_names.find(b"\n", start)
        return long_names[start : end if end >= 0 else None].rstrip(b"/")
    return field.rstrip(b"/") or field
