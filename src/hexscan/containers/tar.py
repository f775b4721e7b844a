"""tar in all its dialects: v7, POSIX ustar and pax, GNU and its sparse files.

Of a tar every byte is scanned once: what belongs to a member as that member, and the rest as a
piece of the tar. Nothing is skipped for being odd: blocks of zeros do not end the reading, since
archives are appended to one another, and a header that is none is told.
"""

from __future__ import annotations

from operator import eq
from typing import TYPE_CHECKING

from hexscan.blob import NAME, TARGET, Blob, Origin, Skip
from hexscan.containers.failure import failed
from hexscan.containers.naming import inside
from hexscan.containers.sparse import expanded, pax_map, read_map
from hexscan.containers.stream import Stream
from hexscan.containers.tarclean import Chunk
from hexscan.containers.tarheader import BLOCK, Header, pax_records
from hexscan.matcher import sift

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.containers.budget import Budget

_ZEROS = bytes(BLOCK)
# POSIX and GNU, with their versions: eight bytes, of which one may be damaged.
_MAGICS = (b"ustar\x0000", b"ustar  \0")
_ENOUGH = 7

_DATALESS = frozenset(b"23456")
_LINKS = frozenset(b"12")
_HARD_LINK = ord("1")
_LONG_NAME, _LONG_LINK = ord("L"), ord("K")
_EXTENDED = frozenset(b"xX")
_ABOUT_THE_NEXT = frozenset(b"LKxXg")
_GNU_SPARSE = ord("S")

# A name or the records of a header take that much at most; beyond it, they are a member's data.
_LONGEST_RECORDS = 1 << 20


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether the first header has the checksum that it says, or else nearly a tar's magic."""
    del whole
    if Header.parse(bytes(head[:BLOCK])) is not None:
        return True
    return any(sum(map(eq, head[257:265], magic)) >= _ENOUGH for magic in _MAGICS)


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield names, links, contents, and whatever stands between them."""
    return _Tar(blob, budget).items()


class _Tar:
    """A tar that is being read, and what the headers so far say of the next member."""

    def __init__(self, blob: Blob, budget: Budget) -> None:
        self._origin = blob.origin
        self._stream = Stream(blob)
        self._budget = budget
        self._name = b""
        self._link = b""
        self._records: dict[bytes, bytes] = {}
        self._chunk: Chunk | None = None

    def items(self) -> Iterator[Blob | Skip]:
        stream, origin = self._stream, self._origin
        ended = False
        while True:
            self._pass_clean()
            block = stream.take(BLOCK)
            if not block:
                if self._name or self._link or self._records:
                    yield failed(origin, "tar cut short after an extended header")
                return
            if block == _ZEROS:
                ended = True
                continue
            header = Header.parse(block)
            if header is None:
                base = stream.offset - len(block)
                if not ended:
                    what = "cut short in" if len(block) < BLOCK else "damaged at"
                    yield failed(origin, f"tar {what} the header at byte {base}")
                yield Blob(origin, memoryview(block), stream.all(), base=base)
                return
            ended = False
            if sift(block):
                yield from self._looked_at(header, block)
            yield from self._entry(header)

    def _pass_clean(self) -> None:
        """Pass over clean members that are at hand as a whole: all that most of them ever cost."""
        if self._name or self._records:
            return
        view, start = self._stream.window()
        chunk = self._chunk
        if chunk is None or chunk.view is not view:
            self._chunk = chunk = Chunk(view, self._budget)
        self._stream.skip(chunk.end_of_clean(start) - start)

    def _looked_at(self, header: Header, block: bytes) -> Iterator[Blob]:
        """Yield the fields of a header, in one of which there may be a key."""
        origin = inside(self._origin, header.name, NAME)
        yield Blob(origin, memoryview(header.name))
        if header.link:
            yield Blob(inside(self._origin, header.name, TARGET), memoryview(header.link))
        yield Blob(self._origin, memoryview(block), base=self._stream.offset - BLOCK)

    def _entry(self, header: Header) -> Iterator[Blob | Skip]:
        kind = header.kind
        if kind in _ABOUT_THE_NEXT and 0 <= header.size <= _LONGEST_RECORDS:
            yield from self._about_the_next(header)
            return
        records, self._records = self._records, {}
        name = records.get(b"GNU.sparse.name") or records.get(b"path") or self._name or header.name
        link = records.get(b"linkpath") or self._link or header.link
        self._name = self._link = b""
        self._budget.member()
        origin = inside(self._origin, name)
        if link and kind in _LINKS and link != header.link and sift(link):
            yield Blob(
                Origin(origin.path, TARGET, origin.container, origin.git_object), memoryview(link)
            )
        if name != header.name and sift(name):
            yield Blob(
                Origin(origin.path, NAME, origin.container, origin.git_object), memoryview(name)
            )
        size = _size(records.get(b"size"), header.size)
        if size < 0:
            yield failed(origin, "a tar header with an impossible size")
        elif kind not in _DATALESS and size and not self._is_bare_link(kind):
            yield from self._content(header, records, origin, size)

    def _about_the_next(self, header: Header) -> Iterator[Blob | Skip]:
        """Read a header's data that is about the member after it."""
        base = self._stream.offset
        data = self._stream.take(header.size)
        missing = self._stream.skip(-header.size % BLOCK)
        if len(data) < header.size or (missing and missing != -header.size % BLOCK):
            yield failed(self._origin, "tar cut short in an extended header")
        if header.kind == _LONG_NAME:
            self._name = data.rstrip(b"\0")
        elif header.kind == _LONG_LINK:
            self._link = data.rstrip(b"\0")
        elif header.kind in _EXTENDED:
            self._records = pax_records(data)
        if sift(data):
            yield Blob(self._origin, memoryview(data), base=base)

    def _is_bare_link(self, kind: int) -> bool:
        """Tell whether this is a hard link with the size of its target, but without its data.

        pax allows a hard link to carry data; old archives give it a size and no data. What comes
        next decides.
        """
        if kind != _HARD_LINK:
            return False
        ahead = self._stream.peek(BLOCK)
        return not ahead or ahead == _ZEROS or Header.parse(ahead) is not None

    def _content(
        self, header: Header, records: dict[bytes, bytes], origin: Origin, size: int
    ) -> Iterator[Blob | Skip]:
        stream = self._stream
        end = stream.offset + size
        padding = -size % BLOCK
        if header.kind == _GNU_SPARSE:
            chunks, whole = header.chunks, header.whole_size
            if header.is_extended:
                more = read_map(stream)
                chunks = chunks + more[0]
                end += more[1]
            yield from expanded(stream, origin, chunks, whole, self._budget)
        elif (sparse := pax_map(records, stream)) is not None:
            yield from expanded(stream, origin, *sparse, self._budget)
        else:
            yield stream.blob(origin, size)
        left = end - stream.offset
        if left > 0 and stream.skip(left):
            yield failed(origin, "tar cut short in this member")
            return
        fill = stream.take(padding)
        if len(fill) < padding:
            yield failed(origin, "tar cut short after this member")
        if sift(fill):
            yield Blob(self._origin, memoryview(fill), base=stream.offset - len(fill))


def _size(record: bytes | None, otherwise: int) -> int:
    """Return the size that a pax record says, or else that of the header."""
    return int(record) if record is not None and record.isdigit() else otherwise
