"""The records of a git pack: objects and deltas, one after the other. Source: gitformat-pack(5)."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from hexscan.store import STEP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.store import Store

KINDS = {1: b"commit", 2: b"tree", 3: b"blob", 4: b"tag"}
OFFSET_DELTA, REFERENCE_DELTA = 6, 7

_MORE = 0x80
_LONGEST_HEADER = 64
_INPUT = 1 << 16


class PackError(Exception):
    """A record that is none, or a pack that breaks off; the message says which."""


class Record:
    """The header of an object.

    ``size`` is that of the object, or of the delta; ``data`` is where its compressed bytes start.
    ``base`` is the offset of a delta's base, or its id.
    """

    __slots__ = ("base", "data", "kind", "offset", "size")

    def __init__(self, offset: int, kind: int, size: int) -> None:
        self.offset = offset
        self.kind = kind
        self.size = size
        self.data = 0
        self.base: int | bytes | None = None

    @property
    def is_delta(self) -> bool:
        """Whether it takes another object to make this one."""
        return self.base is not None


class Packfile:
    """A pack that can be read at any place; what was read last is kept for the next record."""

    def __init__(self, store: Store, id_size: int) -> None:
        self._store = store
        self._id_size = id_size
        self._base = 0
        self._data = b""

    def _at(self, offset: int, size: int) -> memoryview:
        """Return up to ``size`` bytes from ``offset``; fewer only at the end."""
        if not self._base <= offset <= offset + size <= self._base + len(self._data):
            self._base, self._data = offset, self._store.read(offset, max(size, STEP))
        start = offset - self._base
        return memoryview(self._data)[start : start + size]

    def record(self, offset: int) -> Record:
        """Read the header at an offset; raises :class:`PackError`."""
        header = bytes(self._at(offset, _LONGEST_HEADER))
        try:
            return _parse(header, offset, self._id_size)
        except IndexError:
            raise PackError(f"git pack cut short at byte {offset}") from None

    def whole(self, record: Record) -> tuple[bytes, int]:
        """Inflate an object, or a delta; return it and where its compressed bytes end."""
        chunks = _Chunks(self, record)
        data = b"".join(chunks.views())
        return data, chunks.end

    def chunks(self, record: Record) -> _Chunks:
        """Inflate an object step by step."""
        return _Chunks(self, record)


class _Chunks:
    """An object that is being inflated; ``end`` is where it ends, once it was."""

    def __init__(self, pack: Packfile, record: Record) -> None:
        self._pack = pack
        self._record = record
        self.end = 0

    def views(self) -> Iterator[bytes]:
        """Yield the object; raises :class:`PackError` where it is corrupt or not of its size."""
        record = self._record
        inflater = zlib.decompressobj()
        left, at = record.size, record.data
        # Little more than is needed is given, for zlib copies what it does not use.
        step = min(_INPUT, record.size + _LONGEST_HEADER)
        try:
            while not inflater.eof:
                data = inflater.unconsumed_tail or self._pack._at(at, step)  # noqa: SLF001 - its own
                if not data:
                    raise PackError(f"git pack cut short at byte {at}")
                if not inflater.unconsumed_tail:
                    at += len(data)
                output = inflater.decompress(data, min(STEP, left + 1))
                left -= len(output)
                if left < 0:
                    raise PackError(f"corrupt git pack: a wrong size at byte {record.offset}")
                if output:
                    yield output
        except zlib.error:
            raise PackError(f"corrupt git pack: no object at byte {record.offset}") from None
        if left:
            raise PackError(f"corrupt git pack: a wrong size at byte {record.offset}")
        self.end = at - len(inflater.unused_data)


def _parse(header: bytes, offset: int, id_size: int) -> Record:
    byte = header[0]
    kind, size, shift, at = byte >> 4 & 7, byte & 15, 4, 1
    while byte & _MORE:
        byte = header[at]
        size |= (byte & 0x7F) << shift
        shift += 7
        at += 1
    record = Record(offset, kind, size)
    if kind == OFFSET_DELTA:
        byte = header[at]
        back = byte & 0x7F
        at += 1
        while byte & _MORE:
            byte = header[at]
            back = (back + 1) << 7 | (byte & 0x7F)
            at += 1
        record.base = offset - back
    elif kind == REFERENCE_DELTA:
        record.base = header[at : at + id_size]
        at += id_size
    elif kind not in KINDS:
        raise PackError(f"corrupt git pack: no object at byte {offset}")
    record.data = offset + at
    return record
