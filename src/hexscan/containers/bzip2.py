"""bzip2, any number of streams one after the other."""

from __future__ import annotations

import bz2
from operator import eq
from typing import TYPE_CHECKING

from hexscan.containers.inflate import Format, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.blob import Blob, Skip
    from hexscan.containers.budget import Budget

# The digits of pi stand before each block, those of its square root at the end of the stream.
_BLOCK = b"\x31\x41\x59\x26\x53\x59"
_END = b"\x17\x72\x45\x38\x50\x90"
_START = 10
# As many of these six bytes are proof enough: the others may be damaged.
_ENOUGH = 4


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether the head is that of a stream and of its first block."""
    del whole
    return _is_start(bytes(head[:10]))


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield what was compressed; what follows the last stream is a piece."""
    kind = Format("bzip2", bz2.BZ2Decompressor, (OSError,), follows=_is_start)
    yield from unpack(blob, kind, budget)


def _is_start(ahead: bytes) -> bool:
    if len(ahead) < _START or ahead[:3] != b"BZh" or not b"1" <= ahead[3:4] <= b"9":
        return False
    return any(sum(map(eq, ahead[4:], mark)) >= _ENOUGH for mark in (_BLOCK, _END))
