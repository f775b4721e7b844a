"""Which format a blob is a container of."""

from __future__ import annotations

from hexscan.containers.sniff import END_OF_DIRECTORY, END_REACH, format_of

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    from hexscan.blob import Blob, Skip
    from hexscan.containers.budget import Budget
    from hexscan.store import Store

    class Format(Protocol):
        """What every format's module offers."""

        def accepts(self, head: memoryview, *, whole: bool) -> bool:
            """Tell whether this is a container; ``whole`` if the head is all there is."""

        def members(self, blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
            """Yield what is in a container that :meth:`accepts` has taken."""


def load(name: str) -> Format:
    """Return the module of a format; most runs need none."""
    from importlib import import_module  # noqa: PLC0415 - see above

    kind: Format = import_module(f"hexscan.containers.{name}")
    return kind


def recognise(blob: Blob) -> Format | None:
    """Return the format of which the blob is a container, by its head alone."""
    whole = blob.rest is None
    name = format_of(blob.head, whole=whole)
    if name is None:
        return None
    kind = load(name)
    return kind if kind.accepts(blob.head, whole=whole) else None


def zip_at_end(store: Store) -> Format | None:
    """Return the format of zip if an archive stands at the end, whatever is before it."""
    start = max(0, store.size - END_REACH)
    if END_OF_DIRECTORY not in store.read(start, store.size - start):
        return None
    from hexscan.containers import zip as zip_format  # noqa: PLC0415 - for few files only

    return zip_format if zip_format.ends_with_directory(store) else None


def ends_like_zip(tail: bytes, size: int) -> bool:
    """Tell the same from the last bytes alone of something of ``size`` bytes.

    What cannot be looked up is whether a directory stands where the record says.
    """
    at = tail.rfind(END_OF_DIRECTORY)
    record = tail[at : at + 22]
    if at < 0 or len(record) < 22:  # noqa: PLR2004 - the size of the record
        return False
    directory = int.from_bytes(record[12:16], "little")
    offset = int.from_bytes(record[16:20], "little")
    comment = int.from_bytes(record[20:22], "little")
    before = size - len(tail) + at
    return directory > 0 and directory + offset <= before and at + 22 + comment == len(tail)
