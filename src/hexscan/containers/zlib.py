"""zlib streams that are a whole file, such as git's loose objects: RFC 1950."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hexscan.containers.inflate import Deflate, Format, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.blob import Blob, Skip
    from hexscan.containers.budget import Budget

_WITH_HEADER = 15
_STEP = 1 << 16
_ENOUGH = 1 << 16


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether this inflates to its end, or goes well for 64 KiB of output.

    The header is two bytes with which a text may start (``x^``), so nothing less is proof. A
    stream cut short before that is bytes like any other.
    """
    inflater = Deflate(_WITH_HEADER)
    size = start = 0
    try:
        while size < _ENOUGH:
            data = head[start : start + _STEP] if inflater.needs_input else b""
            if inflater.needs_input and not data:
                return False
            start += len(data)
            size += len(inflater.decompress(data, _STEP))
            if inflater.eof:
                return not whole or start - len(inflater.unused_data) == len(head)
    except zlib.error:
        return False
    return True


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield what was compressed; what follows it is a piece."""
    kind = Format("zlib", lambda: Deflate(_WITH_HEADER), (zlib.error,))
    yield from unpack(blob, kind, budget)
