"""Compiled Erlang and Elixir modules: the chunks of a ``.beam`` file, each a member by its name.

The table of literals, where a key ends up that was read at compile time, begins with its size when
inflated: a zlib stream up to OTP 27; from OTP 28 on a size of 0 and the table as it is. Chunks of
terms (``Dbgi``, ``Abst``, ``Docs``) are external terms, mostly compressed. Sources:
``lib/compiler/src/beam_asm.erl`` and ``erts/emulator/beam/beam_file.c`` of erlang/otp.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hexscan.blob import Blob, Skip
from hexscan.containers import term
from hexscan.containers.failure import failed
from hexscan.containers.inflate import Deflate, Format, Unpacked, begins
from hexscan.containers.naming import inside
from hexscan.containers.sniff import contains_directory, format_of
from hexscan.containers.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.containers.budget import Budget

_MODULE = b"BEAM"
_HEADER = 12
_LITERALS = b"LitT"
_SIZE = 4
_WITH_HEADER = 15


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether the form is that of a module; ``FOR1`` alone is any IFF file."""
    del whole
    return bytes(head[8:_HEADER]) == _MODULE


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield the chunks, inflated where they are compressed."""
    origin, stream = blob.origin, Stream(blob)
    header = stream.take(_HEADER)
    end = int.from_bytes(header[4:8], "big") + 8
    # Most modules are small and clean: then only a chunk that is encoded is worth a member.
    is_clean = blob.rest is None and not budget.gate.suspects(blob.head)
    has_zip = not is_clean or contains_directory(blob.head)
    while stream.offset < end:
        base = stream.offset
        chunk = stream.take(8)
        size = int.from_bytes(chunk[4:], "big")
        if len(chunk) < 8:  # noqa: PLR2004 - a name and a size
            yield failed(origin, "module cut short")
            break
        if not chunk[:4].isalnum():
            yield failed(origin, f"no chunk of a module where one is due, at byte {base}")
            yield Blob(origin, memoryview(chunk), stream.all(), base=base)
            return
        budget.member()
        inner = inside(origin, chunk[:4])
        stop = stream.offset + size
        view, at = stream.window()
        content = view[at : at + size]
        if not is_clean or chunk[:4] == _LITERALS or format_of(content, whole=has_zip):
            yield from _chunk(stream.blob(inner, size), chunk[:4], budget)
        if stream.skip(stop - stream.offset):
            yield failed(inner, "module cut short in this chunk")
            break
        stream.skip(-size % 4)
    else:
        if stream.peek(4).isalnum():
            yield failed(origin, f"module that goes on after its end at byte {stream.offset}")
    yield from stream.piece(origin)


def _chunk(blob: Blob, name: bytes, budget: Budget) -> Iterator[Blob | Skip]:
    start = 0
    if name == _LITERALS:
        start = _SIZE if any(blob.head[:_SIZE]) else 0
    elif bytes(blob.head[:2]) == term.PREFIX:
        start = term.HEADER
    if start and not begins(Deflate(_WITH_HEADER), blob.head[start:]):
        yield failed(blob.origin, f"corrupt {name.decode('ascii')} chunk that does not inflate")
        start = 0
    if not start:
        yield blob
        return
    stream = Stream(blob)
    stream.take(start)
    unpacked = Unpacked(stream, Format(name.decode("latin-1"), _inflater, (zlib.error,)), budget)
    yield unpacked.blob(blob.origin)
    yield from unpacked.leftovers(blob.origin, blob.origin)


def _inflater() -> Deflate:
    return Deflate(_WITH_HEADER)
