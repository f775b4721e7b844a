"""The records of a zip archive: its directory and the headers of its entries.

Source: PKWARE's APPNOTE.TXT 6.3.10; the sections are named below.
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from hexscan.containers.sniff import END_OF_DIRECTORY, END_REACH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.store import Store

LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_LOCATOR_64 = b"PK\x06\x07"
_END_64 = b"PK\x06\x06"

# 4.3.7, 4.3.12, 4.3.16, 4.3.14, without what is of no use here.
_LOCAL_HEADER = Struct("<4sHHH4xLLLHH")
_CENTRAL_HEADER = Struct("<4s4xHH4xLLLHHH8xL")
_END = Struct("<4s4xHHLLH")
_END_64_RECORD = Struct("<4s8x4x8xQQQQ")

_UNKNOWN = 0xFFFFFFFF
_ZIP64_EXTRA = 1
_NEWEST = 63
ENCRYPTED, _HAS_DESCRIPTOR = 1, 8

STORED, DEFLATE, DEFLATE64, BZIP2, LZMA = 0, 8, 9, 12, 14
ZSTD_OLD, ZSTD, XZ = 20, 93, 95
METHODS = {
    STORED: "stored",
    1: "shrink",
    2: "reduce",
    3: "reduce",
    4: "reduce",
    5: "reduce",
    6: "implode",
    DEFLATE: "deflate",
    DEFLATE64: "deflate64",
    10: "DCL implode",
    BZIP2: "bzip2",
    LZMA: "lzma",
    16: "CMPSC",
    18: "TERSE",
    19: "LZ77",
    ZSTD_OLD: "zstd",
    ZSTD: "zstd",
    94: "mp3",
    XZ: "xz",
    96: "jpeg",
    97: "wavpack",
    98: "PPMd",
    99: "AES",
}  # fmt: skip - 4.4.5, a table


class Entry:
    """What a header says of an entry.

    ``offset`` is where its local header starts, and ``packed`` its compressed size; ``None`` is
    a size that only a descriptor after the data tells.
    """

    __slots__ = ("crc", "flags", "method", "name", "offset", "packed")

    def __init__(  # noqa: PLR0913 - the fields of a record
        self, name: bytes, *, flags: int, method: int, crc: int | None, packed: int | None,
        offset: int,
    ) -> None:  # fmt: skip
        self.name = name
        self.flags = flags
        self.method = method
        self.crc = crc
        self.packed = packed
        self.offset = offset


class LocalHeader:
    """The header before an entry's data: the entry, and how long the header is."""

    __slots__ = ("entry", "size")

    def __init__(self, entry: Entry, size: int) -> None:
        self.entry = entry
        self.size = size

    @classmethod
    def parse(cls, data: bytes, offset: int) -> LocalHeader | None:
        """Read a header that starts at ``offset`` of the archive; ``None`` if it is none."""
        if len(data) < _LOCAL_HEADER.size:
            return None
        fields = _LOCAL_HEADER.unpack_from(data)
        magic, version, flags, method, crc, packed, whole, name_size, extra_size = fields
        if magic != LOCAL or version & 0xFF > _NEWEST or method not in METHODS or not name_size:
            return None
        start = _LOCAL_HEADER.size
        name = data[start : start + name_size]
        has_descriptor = bool(flags & _HAS_DESCRIPTOR)
        if packed == _UNKNOWN:
            extra = data[start + name_size : start + name_size + extra_size]
            packed = _zip64(extra, [whole, packed])[1]
        size: int | None = None if has_descriptor and not packed else packed
        entry = Entry(
            name, flags=flags, method=method, crc=None if has_descriptor else crc, packed=size,
            offset=offset,
        )  # fmt: skip
        return cls(entry, start + name_size + extra_size)


class Directory:
    """The directory at the end of an archive.

    ``shift`` is how many bytes stand before the archive: its own offsets do not count them.
    """

    def __init__(self, store: Store, start: int, size: int, shift: int) -> None:
        self._store = store
        self._start = start
        self._size = size
        self.shift = shift

    @classmethod
    def find(cls, store: Store) -> Directory | None:
        """Find the directory by the record of its end; ``None`` if there is none that is true."""
        tail_start = max(0, store.size - END_REACH)
        tail = store.read(tail_start, store.size - tail_start)
        at = tail.rfind(END_OF_DIRECTORY)
        while at >= 0:
            if found := cls._from_end(store, tail[at : at + _END.size], tail_start + at):
                return found
            at = tail.rfind(END_OF_DIRECTORY, 0, at)
        return None

    @classmethod
    def _from_end(cls, store: Store, record: bytes, at: int) -> Directory | None:
        if len(record) < _END.size:
            return None
        _, _, count, size, offset, _ = _END.unpack(record)
        end = at
        # The larger record may be there without need, and then it counts as well: 4.4.1.4.
        locator = store.read(at - 20, 20) if at >= 20 else b""  # noqa: PLR2004 - its size
        if locator[:4] == _LOCATOR_64:
            found = cls._end_64(store, int.from_bytes(locator[8:16], "little"), at - 20)
            if found is None:
                return None
            count, size, offset, end = found
        start = end - size
        shift = start - offset
        if start < 0 or shift < 0:
            return None
        if count and store.read(start, 4) != _CENTRAL:
            return None
        return cls(store, start, size, shift) if count or not size else None

    @staticmethod
    def _end_64(store: Store, claimed: int, locator: int) -> tuple[int, int, int, int] | None:
        # Behind a prefix the record is not where the locator says, but right before it.
        for at in (claimed, locator - _END_64_RECORD.size):
            record = store.read(at, _END_64_RECORD.size) if at >= 0 else b""
            if record[:4] == _END_64 and len(record) == _END_64_RECORD.size:
                _, _, count, size, offset = _END_64_RECORD.unpack(record)
                return count, size, offset, at
        return None

    def entries(self) -> Iterator[Entry | None]:
        """Yield the entries; a ``None`` at the end says that the directory is damaged."""
        at, stop = self._start, self._start + self._size
        data, base = b"", at
        while at < stop:
            if at - base + 3 * 0xFFFF + _CENTRAL_HEADER.size > len(data):
                data, base = self._store.read(at, min(1 << 19, stop - at)), at
            here = data[at - base : at - base + _CENTRAL_HEADER.size]
            if len(here) < _CENTRAL_HEADER.size or here[:4] != _CENTRAL:
                yield None
                return
            fields = _CENTRAL_HEADER.unpack(here)
            _, flags, method, crc, packed, whole, name_size, extra_size, note_size, offset = fields
            start = at - base + _CENTRAL_HEADER.size
            name = data[start : start + name_size]
            if _UNKNOWN in (packed, whole, offset):
                extra = data[start + name_size : start + name_size + extra_size]
                _, packed, offset = _zip64(extra, [whole, packed, offset])
            yield Entry(
                name, flags=flags, method=method, crc=crc, packed=packed,
                offset=offset + self.shift,
            )  # fmt: skip
            at += _CENTRAL_HEADER.size + name_size + extra_size + note_size


def _zip64(extra: bytes, values: list[int]) -> list[int]:
    """Replace the values that did not fit, in their order, by those of the extra field: 4.5.3."""
    at = 0
    while at + 4 <= len(extra):
        tag = int.from_bytes(extra[at : at + 2], "little")
        size = int.from_bytes(extra[at + 2 : at + 4], "little")
        if tag == _ZIP64_EXTRA:
            field = extra[at + 4 : at + 4 + size]
            for index, value in enumerate(values):
                if value == _UNKNOWN and len(field) >= 8:  # noqa: PLR2004 - 64 bits
                    values[index] = int.from_bytes(field[:8], "little")
                    field = field[8:]
        at += 4 + size
    return values
