"""gzip: RFC 1952, any number of streams one after the other."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hexscan.containers.inflate import Deflate, Format, begins, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.blob import Blob, Skip
    from hexscan.containers.budget import Budget

_MAGIC = b"\x1f\x8b\x08"
_WITH_HEADER = 31
_EXTRA, _NAME = 4, 8
_RESERVED = 0xE0
# What the two bytes after the time may say: RFC 1952, 2.3.1.
_EFFORTS = frozenset((0, 2, 4))
_SYSTEMS = frozenset((*range(14), 255))


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether a gzip header is followed by something that inflates, or is plainly one.

    The header of a stream that is damaged from its start on still says that there was one.
    """
    del whole
    if len(head) < 18 or head[3] & _RESERVED:  # noqa: PLR2004 - header and trailer
        return False
    is_plain = head[8] in _EFFORTS and head[9] in _SYSTEMS
    return is_plain or begins(Deflate(_WITH_HEADER), head)


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield what was compressed; what follows the last stream is a piece."""
    kind = Format(
        "gzip",
        lambda: Deflate(_WITH_HEADER),
        (zlib.error,),
        follows=lambda ahead: ahead.startswith(_MAGIC),
        padding=b"\0",
    )
    yield from unpack(blob, kind, budget, _name(bytes(blob.head[:1024])))


def _name(header: bytes) -> bytes:
    """Return the last part of the name in a header."""
    start = 10
    if header[3] & _EXTRA:
        start += 2 + int.from_bytes(header[10:12], "little")
    end = header.find(b"\0", start)
    if not header[3] & _NAME or end < 0:
        return b""
    return header[start:end].rpartition(b"/")[2]
