"""bzip2, any number of streams one after the other."""

from __future__ import annotations

import bz2
from typing import TYPE_CHECKING

from hexscan.containers.inflate import Format, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.blob import Blob, Skip
    from hexscan.containers.budget import Budget

# The digits of pi stand before each block, those of its square root at the end of the stream.
_BLOCK = b"\x31\x41\x59\x26\x53\x59"
_END = b"\x17\x72\x45\x38\x50\x90"


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether the head is that of a stream and of its first block."""
    del whole
    return _is_start(bytes(head[:10]))


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield what was compressed; what follows the last stream is a piece."""
    kind = Format("bzip2", bz2.BZ2Decompressor, (OSError,), follows=_is_start)
    yield from unpack(blob, kind, budget)


def _is_start(ahead: bytes) -> bool:
    return ahead[:3] == b"BZh" and b"1" <= ahead[3:4] <= b"9" and ahead[4:10] in (_BLOCK, _END)
