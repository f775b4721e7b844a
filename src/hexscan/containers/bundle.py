"""git bundles: lines of references, and behind them a pack. Source: gitformat-bundle(5)."""

from __future__ import annotations

from contextlib import closing
from itertools import chain
from typing import TYPE_CHECKING

from hexscan.blob import Blob, Skip
from hexscan.containers import pack
from hexscan.containers.failure import failed
from hexscan.key import is_hex
from hexscan.store import Memory, Section, Spool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.containers.budget import Budget
    from hexscan.store import Store

_MAGIC = (b"# v2 git bundle\n", b"# v3 git bundle\n")
_PACK = b"PACK\0\0\0"
_SHA256 = b"\n@object-format=sha256\n"
# A repository has many references, but not that many.
_LONGEST_HEADER = 64 << 20


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether this starts with the line of a bundle, and what belongs in one follows."""
    del whole
    line = bytes(head[16:57])
    known = line[:1] in (b"@", b"-", b"\n") or (is_hex(line[:40]) and line[40:] > b"")
    return bytes(head[:16]) in _MAGIC and (known or _PACK in bytes(head))


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield the objects of the pack; the references are a piece."""
    if blob.rest is None or blob.store is not None:
        yield from _read(blob, blob.store or Memory(blob.head), budget)
        return
    with closing(Spool(chain([blob.head], blob.rest))) as spool:
        yield from _read(blob, spool, budget)


def _read(blob: Blob, store: Store, budget: Budget) -> Iterator[Blob | Skip]:
    size = 1 << 16
    while (end := (header := store.read(0, size)).find(b"\n\n")) < 0:
        if len(header) < size or size > _LONGEST_HEADER:
            yield failed(blob.origin, "git bundle without its pack")
            yield Blob(blob.origin, memoryview(header), base=0)
            return
        size *= 2
    start = end + 2
    yield Blob(blob.origin, memoryview(header)[:start], base=0)
    algorithm = "sha256" if _SHA256 in header[:start] else "sha1"
    if not pack.accepts(memoryview(store.read(start, 1 << 16)), whole=False):
        yield failed(blob.origin, "git bundle without its pack")
        yield Blob(blob.origin, memoryview(header)[start:], base=start)
        return
    packed = Section(store, start, store.size - start)
    yield from pack.objects(blob.origin, packed, budget, algorithm)
