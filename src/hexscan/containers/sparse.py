"""Sparse files in tar: their holes are filled, so that places in them are those of the file.

A hole costs nothing in the archive and may claim any size, so its bytes count as unpacked ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hexscan.blob import Blob, Origin, Skip
from hexscan.containers.failure import failed
from hexscan.containers.tarheader import BLOCK, sparse_pairs
from hexscan.store import STEP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.containers.budget import Budget
    from hexscan.containers.stream import Stream

    Chunks = list[tuple[int, int]]

_ZEROS = memoryview(bytes(STEP))
_EXTENDED_PAIRS = 21
_IS_EXTENDED = 504
# More pieces than this has no file of which a person knows.
_MOST_CHUNKS = 1 << 20


def read_map(stream: Stream) -> tuple[Chunks, int]:
    """Read the blocks that go on with the map of a GNU header; return it and their size."""
    chunks: Chunks = []
    size = 0
    while len(chunks) < _MOST_CHUNKS:
        block = stream.take(BLOCK)
        size += len(block)
        if len(block) < BLOCK:
            break
        chunks += sparse_pairs(block, _EXTENDED_PAIRS)
        if not block[_IS_EXTENDED]:
            break
    return chunks, size


def pax_map(records: dict[bytes, bytes], stream: Stream) -> tuple[Chunks, int] | None:
    """Return the map and the whole size of a sparse file in pax; ``None`` if it is not sparse.

    Formats 0.0 and 0.1 have it in the records, 1.0 at the beginning of the data.
    """
    if records.get(b"GNU.sparse.major") == b"1":
        return _numbers_ahead(stream), _whole(records, b"GNU.sparse.realsize")
    if b"GNU.sparse.map" in records:
        numbers = records[b"GNU.sparse.map"].split(b",")
        return _pairs(numbers[::2], numbers[1::2]), _whole(records, b"GNU.sparse.size")
    if b"GNU.sparse.offset" in records:
        offsets = records[b"GNU.sparse.offset"].split(b",")
        sizes = records.get(b"GNU.sparse.numbytes", b"").split(b",")
        return _pairs(offsets, sizes), _whole(records, b"GNU.sparse.size")
    return None


def expanded(
    stream: Stream, origin: Origin, chunks: Chunks, whole: int, budget: Budget
) -> Iterator[Blob | Skip]:
    """Yield a sparse file, of which the data comes next in the stream, with its holes."""
    position = 0
    for offset, size in chunks:
        if offset < position or size < 0:
            yield failed(origin, "a sparse file with an impossible map")
            return
        position = offset + size
    pieces = _filled(stream, chunks, max(whole, position), budget)
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= STEP:
            yield Blob(origin, memoryview(head), pieces)
            return
    yield Blob(origin, memoryview(head))


def _filled(stream: Stream, chunks: Chunks, whole: int, budget: Budget) -> Iterator[memoryview]:
    position = 0
    for offset, size in [*chunks, (whole, 0)]:
        while position < offset:
            step = min(STEP, offset - position)
            budget.expand(step)
            yield _ZEROS[:step]
            position += step
        yield from stream.views(size)
        position += size


def _numbers_ahead(stream: Stream) -> Chunks:
    """Read the map of format 1.0: decimal numbers in lines, first of all how many pairs."""
    text = b""
    wanted = 1
    while text.count(b"\n") < wanted and len(text) < 32 * _MOST_CHUNKS:
        block = stream.take(BLOCK)
        text += block
        if not block:
            break
        first = text.partition(b"\n")[0]
        if first.isdigit() and b"\n" in text:
            wanted = 1 + 2 * min(int(first), _MOST_CHUNKS)
    numbers = text.split(b"\n")[1:wanted]
    return _pairs(numbers[::2], numbers[1::2])


def _pairs(offsets: list[bytes], sizes: list[bytes]) -> Chunks:
    return [
        (_decimal(offset), _decimal(size)) for offset, size in zip(offsets, sizes, strict=False)
    ]


def _whole(records: dict[bytes, bytes], key: bytes) -> int:
    return max(0, _decimal(records.get(key, b"0")))


def _decimal(digits: bytes) -> int:
    return int(digits) if digits.isdigit() and len(digits) <= 20 else -1  # noqa: PLR2004 - 64 bits
