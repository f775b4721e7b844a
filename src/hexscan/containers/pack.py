"""git packs that lie in a tree as files, and those in bundles: every object, by its id.

Deltas are resolved in a second pass, from each base to what is made of it, so that only the
objects between a base and its deltas are in memory. git itself would have to write to do it.
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

from hexscan.blob import Blob, Origin, Skip
from hexscan.containers.delta import DeltaError, apply, result_size
from hexscan.containers.failure import failed
from hexscan.containers.naming import inside
from hexscan.containers.packfile import KINDS, PackError, Packfile, Record
from hexscan.store import Memory, Spool, views

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from hexscan.containers.budget import Budget
    from hexscan.store import Store

_HEADER = 12
_VERSIONS = (2, 3)
# A larger object is not held in memory as a whole, and no delta against it is resolved.
_LARGE = 32 << 20


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether this is a pack's header: magic and version are eight bytes and no text."""
    del whole
    return len(head) >= _HEADER and int.from_bytes(head[4:8], "big") in _VERSIONS


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield all objects; what follows the pack is a piece."""
    if blob.rest is None or blob.store is not None:
        yield from objects(blob.origin, blob.store or Memory(blob.head), budget)
        return
    with closing(Spool(chain([blob.head], blob.rest))) as spool:
        yield from objects(blob.origin, spool, budget)


def objects(
    origin: Origin, store: Store, budget: Budget, algorithm: str = "sha1"
) -> Iterator[Blob | Skip]:
    """Yield the objects of a pack; ``algorithm`` is the hash of its repository."""
    yield from _Pack(origin, store, budget, algorithm).items()


class _Pack:
    """A pack that is being read, and the deltas that wait for their bases."""

    def __init__(self, origin: Origin, store: Store, budget: Budget, algorithm: str) -> None:
        self._origin = origin
        self._store = store
        self._budget = budget
        self._algorithm = algorithm
        self._id_size = hashlib.new(algorithm, usedforsecurity=False).digest_size
        self._pack = Packfile(store, self._id_size)
        self._offsets: dict[bytes, int] = {}
        self._waiting: dict[int | bytes, list[int]] = {}

    def items(self) -> Iterator[Blob | Skip]:
        at, broken = _HEADER, False
        count = int.from_bytes(self._store.read(8, 4), "big")
        try:
            for _ in range(count):
                record = self._pack.record(at)
                if record.base is not None:
                    _, end = self._inflate(record)
                    self._waiting.setdefault(record.base, []).append(at)
                    at = end
                elif record.size > _LARGE:
                    at = yield from self._large(record)
                else:
                    data, at = self._inflate(record)
                    yield self._object(record.kind, data, at=record.offset)
        except PackError as error:
            yield failed(self._origin, str(error))
            end, broken = at, True
        else:
            end = at + self._id_size
        yield from self._resolved()
        yield from self._unresolved()
        if end < self._store.size:
            if not broken:
                yield failed(self._origin, f"git pack that goes on after its end at byte {end}")
            yield from self._piece(end)

    def _piece(self, start: int) -> Iterator[Blob]:
        rest = views(self._store, start, self._store.size)
        head = next(rest, memoryview(b""))
        yield Blob(self._origin, head, rest, base=start)

    def _inflate(self, record: Record) -> tuple[bytes, int]:
        if record.size > _LARGE:
            chunks = self._pack.chunks(record)
            for chunk in chunks.views():
                self._budget.expand(len(chunk))
            return b"", chunks.end
        self._budget.expand(record.size)
        return self._pack.whole(record)

    def _object(self, kind: int, data: bytes, at: int | None) -> Blob:
        """Make the blob of an object; remember the offset of one that is no delta."""
        self._budget.member()
        digest = hashlib.new(self._algorithm, usedforsecurity=False)
        digest.update(KINDS[kind] + b" %d\0" % len(data))
        digest.update(data)
        if at is not None:
            self._offsets[digest.digest()] = at
        return Blob(inside(self._origin, digest.hexdigest().encode()), memoryview(data))

    def _large(self, record: Record) -> Generator[Blob | Skip, None, int]:
        self._budget.member()
        chunks = self._pack.chunks(record)
        origin = inside(self._origin, b"object at byte %d" % record.offset)
        counted = self._counted(chunks.views())
        yield Blob(origin, next(counted), counted)
        return chunks.end

    def _counted(self, chunks: Iterator[bytes]) -> Iterator[memoryview]:
        for chunk in chunks:
            self._budget.expand(len(chunk))
            yield memoryview(chunk)

    def _resolved(self) -> Iterator[Blob | Skip]:
        """Yield what deltas make of the objects in the pack."""
        for key in list(self._waiting):
            offset = self._offsets.get(key) if isinstance(key, bytes) else key
            if offset is None or key not in self._waiting:
                continue
            record = self._pack.record(offset)
            if record.is_delta or record.size > _LARGE:
                continue
            data, _ = self._pack.whole(record)
            ready = [(at, data) for at in self._waiting.pop(key)]
            while ready:
                at, base = ready.pop()
                result = self._made(at, base)
                if result is None:
                    yield failed(self._origin, f"corrupt git pack: a wrong delta at byte {at}")
                    continue
                blob = self._object(record.kind, result, at=None)
                yield blob
                name = bytes.fromhex(blob.origin.container[-1].decode())
                for waiting in (self._waiting.pop(at, []), self._waiting.pop(name, [])):
                    ready += [(child, result) for child in waiting]

    def _made(self, at: int, base: bytes) -> bytes | None:
        """Return what the delta at an offset makes of its base; ``None`` if that fails."""
        try:
            delta, _ = self._pack.whole(self._pack.record(at))
            if result_size(delta) > _LARGE:
                return None
            result = apply(base, delta)
        except (DeltaError, PackError):
            return None
        self._budget.expand(len(result))
        return result

    def _unresolved(self) -> Iterator[Blob | Skip]:
        """Tell of deltas without a base, and yield them as they are: new text stands in them."""
        left = sorted(at for waiting in self._waiting.values() for at in waiting)
        if left:
            yield failed(
                self._origin,
                f"git pack with {len(left)} deltas against objects that are not in it or too large",
            )
        for at in left:
            record = self._pack.record(at)
            if record.size <= _LARGE:
                delta, _ = self._pack.whole(record)
                yield Blob(
                    inside(self._origin, b"delta at byte %d" % at), memoryview(delta), base=0
                )
