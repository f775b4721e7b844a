"""Erlang's external terms, compressed: ``term_to_binary(Term, [compressed])``.

The tag 80 after the version 131, the size of the term in four bytes, and a zlib stream, says the
chapter "External Term Format" of the manual of ERTS.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hexscan.blob import Blob
from hexscan.containers.inflate import Deflate, Format, begins, unpack
from hexscan.containers.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.blob import Skip
    from hexscan.containers.budget import Budget

PREFIX = b"\x83\x50"
HEADER = 6
_WITH_HEADER = 15


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether the header is followed by something that inflates."""
    del whole
    return begins(Deflate(_WITH_HEADER), head[HEADER:])


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield the term without its header; what follows it is a piece."""
    stream = Stream(blob)
    stream.take(HEADER)
    kind = Format("external term", lambda: Deflate(_WITH_HEADER), (zlib.error,))
    rest = Blob(blob.origin, stream.next(), stream.all(), base=HEADER)
    yield from unpack(rest, kind, budget, b"term")
