"""zip, and what is one: jar, wheel, apk, ez, docx, nupkg; also behind a prefix (an escript).

All entries are read that the directory at the end names, and then what it does not name: between
the entries there may be others, that were deleted or hidden, and any bytes at all.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

from hexscan.blob import NAME, Blob, Origin, Skip
from hexscan.containers import zipdirectory as records
from hexscan.containers import zstd
from hexscan.containers.failure import failed
from hexscan.containers.inflate import Deflate, Format, Unpacked
from hexscan.containers.naming import inside
from hexscan.containers.stream import Stream
from hexscan.containers.zipdirectory import Directory, Entry, LocalHeader
from hexscan.matcher import sift
from hexscan.store import STEP, Memory, Section, Spool, views

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from hexscan.containers.budget import Budget
    from hexscan.store import Store

_RAW = -15
_LONGEST_HEADER = 30 + 2 * 0xFFFF
# Between two entries stands at most a descriptor, in which no key has room.
_NARROW = 32
_SPANNED = (b"PK00", b"PK\x07\x08")


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether an entry stands at the front, or a true directory at the end."""
    start = bytes(head[:4])
    front = head[4:] if start in _SPANNED else head
    if LocalHeader.parse(bytes(front[:_LONGEST_HEADER]), 0) is not None:
        return True
    return whole and Directory.find(Memory(head)) is not None


def ends_with_directory(store: Store) -> bool:
    """Tell whether an archive stands at the end of some bytes, whatever is before it."""
    return Directory.find(store) is not None


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield names and contents of all entries, and all bytes between them as pieces."""
    if blob.rest is None or blob.store is not None:
        yield from _Zip(blob.origin, blob.store or Memory(blob.head), budget).items()
        return
    with closing(Spool(chain([blob.head], blob.rest))) as spool:
        yield from _Zip(blob.origin, spool, budget).items()


class _Entry(Unpacked):
    """An entry's data, checked against the sum that its header has."""

    crc: int | None = None

    def _chunks(self) -> Iterator[bytes]:
        crc = 0
        for chunk in super()._chunks():
            crc = zlib.crc32(chunk, crc)
            yield chunk
        if self.crc is not None and self.reason is None and crc != self.crc:
            self.reason = "corrupt zip entry (wrong checksum)"


class _Zip:
    """An archive that is being read, and the ranges of it that have been."""

    def __init__(self, origin: Origin, store: Store, budget: Budget) -> None:
        self._origin = origin
        self._store = store
        self._budget = budget
        self._read: list[tuple[int, int]] = []

    def items(self) -> Iterator[Blob | Skip]:
        directory = Directory.find(self._store)
        for entry in directory.entries() if directory else ():
            if entry is None:
                yield failed(self._origin, "zip archive with a damaged directory")
                break
            yield from self._listed(entry)
        yield from self._unlisted()
        if directory is None:
            yield failed(self._origin, "zip archive cut short: its directory is missing")

    def _listed(self, entry: Entry) -> Iterator[Blob | Skip]:
        origin = inside(self._origin, entry.name)
        self._budget.member()
        data = self._store.read(entry.offset, _header_size(self._store, entry.offset))
        header = LocalHeader.parse(data, entry.offset)
        if sift(entry.name):
            yield Blob(
                Origin(origin.path, NAME, origin.container, origin.git_object),
                memoryview(entry.name),
            )
        if header is None:
            yield failed(origin, "zip entry without its header")
            return
        start = entry.offset + header.size
        stop = start + (entry.packed or 0)
        if stop > self._store.size:
            yield failed(origin, "zip entry cut short")
        elif why := _unreadable(entry):
            yield failed(origin, why)
        else:
            self._read.append((entry.offset, stop))
            if sift(data):
                yield Blob(self._origin, memoryview(data), base=entry.offset)
            yield from self._content(entry, origin, start, stop)

    def _content(
        self, entry: Entry, origin: Origin, start: int, stop: int
    ) -> Iterator[Blob | Skip]:
        if entry.method == records.STORED:
            self._budget.expand(stop - start)
            yield _blob(self._store, origin, start, stop)
            return
        unpacked = self._unpacked(entry, origin, start, stop)
        yield unpacked.blob(origin)
        yield from unpacked.leftovers(origin, self._origin)

    def _unpacked(self, entry: Entry, origin: Origin, start: int, stop: int) -> _Entry:
        if entry.method == records.LZMA:
            kind = _lzma(self._store.read(start, 9))
            start += 9
        else:
            kind = _FORMATS[entry.method]()
        packed = Blob(origin, memoryview(b""), views(self._store, start, stop), base=start)
        unpacked = _Entry(Stream(packed), kind, self._budget)
        unpacked.crc = entry.crc
        return unpacked

    def _unlisted(self) -> Iterator[Blob | Skip]:
        """Yield what the directory does not name."""
        self._read.sort()
        at = 0
        for start, stop in [*self._read, (self._store.size, self._store.size)]:
            if start - at >= _NARROW:
                yield from self._gap(at, start)
            at = max(at, stop)

    def _gap(self, start: int, stop: int) -> Iterator[Blob | Skip]:
        """Yield hidden entries and pieces of a range."""
        at = start
        for offset in _signatures(self._store, start, stop):
            if offset < at:
                continue
            data = self._store.read(offset, _header_size(self._store, offset))
            header = LocalHeader.parse(data, offset)
            if header is None or _unreadable(header.entry):
                continue
            end = yield from self._hidden(header, data, stop)
            if end:
                if offset - at >= _NARROW:
                    yield _blob(self._store, self._origin, at, offset, base=at)
                at = end
        if stop - at >= _NARROW:
            yield _blob(self._store, self._origin, at, stop, base=at)

    def _hidden(
        self, header: LocalHeader, data: bytes, stop: int
    ) -> Generator[Blob | Skip, None, int]:
        """Yield an entry that no directory names; return where it ends, or 0 if it is none."""
        entry = header.entry
        origin = inside(self._origin, entry.name)
        start = entry.offset + header.size
        stored = entry.method == records.STORED
        end = stop if entry.packed is None else start + entry.packed
        if end > stop or (stored and entry.packed is None):
            if stored or start >= stop:
                return 0
            end = stop
        self._budget.member()
        if sift(data):
            yield Blob(
                Origin(origin.path, NAME, origin.container, origin.git_object), memoryview(data)
            )
        if stored:
            yield from self._content(entry, origin, start, end)
            return end
        unpacked = self._unpacked(entry, origin, start, end)
        blob = unpacked.blob(origin)
        if not blob.head:
            return 0 if unpacked.reason else unpacked.end
        yield blob
        if unpacked.reason:
            yield failed(origin, unpacked.reason)
        return unpacked.end


def _blob(store: Store, origin: Origin, start: int, stop: int, base: int | None = None) -> Blob:
    """Make a blob of a part of the archive, as it stands there."""
    head = memoryview(store.read(start, min(STEP, stop - start)))
    if stop - start <= STEP:
        return Blob(origin, head, base=base)
    rest = views(store, start + STEP, stop)
    return Blob(origin, head, rest, Section(store, start, stop - start), base)


def _header_size(store: Store, offset: int) -> int:
    """Return how long the local header at an offset is, with name and extra field."""
    fixed = store.read(offset, 30)
    return 30 + int.from_bytes(fixed[26:28], "little") + int.from_bytes(fixed[28:30], "little")


def _signatures(store: Store, start: int, stop: int) -> Iterator[int]:
    """Yield where in a range local headers seem to start."""
    overlap = len(records.LOCAL) - 1
    for at in range(start, stop, STEP - overlap):
        data = store.read(at, min(STEP, stop - at))
        found = data.find(records.LOCAL)
        while found >= 0:
            yield at + found
            found = data.find(records.LOCAL, found + 1)


def _unreadable(entry: Entry) -> str | None:
    """Say why an entry cannot be unpacked, if so."""
    if entry.flags & records.ENCRYPTED:
        return "encrypted zip entry"
    if entry.method in (records.ZSTD, records.ZSTD_OLD) and zstd.decoder() is None:
        return f"zip entry in zstd: {zstd.MISSING}"
    if entry.method in (records.STORED, records.LZMA) or entry.method in _FORMATS:
        return None
    method = records.METHODS.get(entry.method, str(entry.method))
    return f"zip entry in a method that hexscan cannot unpack ({method})"


def _zstd() -> Format:
    kind = zstd.decoder()
    assert kind is not None  # noqa: S101 - _unreadable has asked
    return kind


def _lzma(header: bytes) -> Format:
    """Return the format of an LZMA entry, which has its properties in front: APPNOTE 5.8.8."""
    properties = header[4] if len(header) > 4 else 0  # noqa: PLR2004 - its place
    rest, lc = divmod(properties, 9)
    pb, lp = divmod(rest, 5)
    dictionary = max(4096, min(int.from_bytes(header[5:9], "little"), 100 << 20))
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary, "lc": lc, "lp": lp, "pb": pb}]
    return Format(
        "lzma",
        lambda: lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters),
        (lzma.LZMAError, MemoryError, ValueError),
    )


_FORMATS: dict[int, Callable[[], Format]] = {
    records.DEFLATE: lambda: Format("deflate", lambda: Deflate(_RAW), (zlib.error,)),
    records.BZIP2: lambda: Format("bzip2", bz2.BZ2Decompressor, (OSError,)),
    records.XZ: lambda: Format("xz", lzma.LZMADecompressor, (lzma.LZMAError,)),
    records.ZSTD: _zstd,
    records.ZSTD_OLD: _zstd,
}
