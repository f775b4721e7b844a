"""xz, any number of streams one after the other, and its forerunner lzma."""

from __future__ import annotations

import lzma
from typing import TYPE_CHECKING

from hexscan.containers.inflate import Format, begins, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.blob import Blob, Skip
    from hexscan.containers.budget import Budget

_MAGIC = b"\xfd7zXZ\0"
_HEADER = 12
_CHECKS = frozenset((0, 1, 4, 10))

# xz -9 needs 65 MiB to decompress; a header may ask for gigabytes.
_MEMORY = 100 << 20

_ERRORS = (lzma.LZMAError, MemoryError)


def _decompressor() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(memlimit=_MEMORY)


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether the head is that of a stream."""
    del whole
    start = bytes(head[:16])
    return _is_start(start) or (not start.startswith(_MAGIC) and _is_lzma(head))


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield what was compressed; what follows the last stream is a piece."""
    name = "xz" if bytes(blob.head[:6]) == _MAGIC else "lzma"
    kind = Format(name, _decompressor, _ERRORS, follows=_is_start, padding=b"\0")
    yield from unpack(blob, kind, budget)


def _is_start(ahead: bytes) -> bool:
    """Tell whether a header's two flags make sense, or else one of them: it may be damaged."""
    if len(ahead) < _HEADER or not ahead.startswith(_MAGIC):
        return False
    return not ahead[6] or ahead[7] in _CHECKS


def _is_lzma(head: memoryview) -> bool:
    """Tell whether this is an old stream, of which the header has no checksum.

    It is not enough that something comes out, for nearly any bytes decode to something. As in
    file(1) and xz itself, the dictionary is a power of two, and the size unknown or no absurd one.
    """
    if len(head) < 18:  # noqa: PLR2004 - header and the first bytes
        return False
    dictionary = int.from_bytes(head[1:5], "little")
    size = int.from_bytes(head[5:13], "little")
    if dictionary.bit_count() != 1 or dictionary > _MEMORY or head[13]:
        return False
    if size != (1 << 64) - 1 and not 0 < size < 1 << 38:
        return False
    return begins(_decompressor(), head, _ERRORS)
