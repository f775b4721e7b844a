"""A blob, and everything that is packed in it: what the engine scans for each file."""

from __future__ import annotations

from itertools import chain

from stringzilla import find as _search

from hexscan.blob import CONTENT, FAILURE, Blob, Origin, ReadError, Skip
from hexscan.containers.budget import Budget, LimitError, Limits
from hexscan.containers.failure import failed
from hexscan.containers.recognition import ends_like_zip, recognise, zip_at_end
from hexscan.containers.sniff import END_REACH, format_of
from hexscan.rule import API_KEY
from hexscan.store import STEP, Spool, views
from hexscan.values import replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hexscan.containers.budget import Gate
    from hexscan.containers.recognition import Format
    from hexscan.finding import Finding
    from hexscan.store import Store

    Search = Callable[[Blob], Iterable[Finding]]

_PROGRAMS = (b"MZ", b"#!")
_ENTRY = b"PK\x03\x04"
_WAY_OUT = "unpack it and scan what is in it"


class Contents:
    """Scans blobs with all that is in them, and tells findings and skips as they come.

    ``search`` finds and judges what is in one blob; ``gate`` is the scanner
    that does, and tells where it need not. ``limits`` is what may be unpacked from one outermost
    blob; with ``None`` bytes are scanned as they stand. ``keep`` is called with findings, and
    ``skipped`` with skips.
    """

    def __init__(
        self,
        search: Search,
        gate: Gate,
        limits: Limits | None,
        keep: Callable[[Finding], None],
        skipped: Callable[[Skip], None],
    ) -> None:
        self._search = search
        self._gate = gate
        self._limits = limits
        self._keep = keep
        self._skipped = skipped

    def scan(self, blob: Blob) -> None:
        """Scan a source's blob; raises :class:`ReadError` where reading it breaks off."""
        limits = self._limits
        if limits is not None and blob.origin.place == CONTENT and _calls_for_a_look(blob):
            args = (self._search, self._gate, limits, self._keep, self._skipped)
            _Outermost(*args).scan(blob)
        else:
            for finding in self._search(blob):
                self._keep(finding)


def _calls_for_a_look(blob: Blob) -> bool:
    return blob.rest is not None or format_of(blob.head, whole=True) is not None


def is_packed(blob: Blob, store: Store) -> bool:
    """Tell whether there is anything to unpack in a large blob, whose bytes ``store`` reads.

    So it is taken to be where it cannot be read: who scans it will tell why.
    """
    try:
        return recognise(blob) is not None or zip_at_end(store) is not None
    except OSError:
        return True


class _Outermost:
    """One outermost blob that is being unpacked."""

    def __init__(
        self,
        search: Search,
        gate: Gate,
        limits: Limits,
        keep: Callable[[Finding], None],
        skipped: Callable[[Skip], None],
    ) -> None:
        self._search = search
        self._budget = Budget(limits, 0, gate)
        self._keep = keep
        self._skipped = skipped
        # Of keys: in members, and in members and pieces.
        self._fingerprints: set[str] = set()
        self._told: set[str] = set()

    def scan(self, blob: Blob) -> None:
        """Scan the blob with all that is in it, or what remains of it when a limit strikes."""
        budget = self._budget
        if blob.store is not None:
            budget.size = blob.store.size
        else:
            budget.size = len(blob.head)
            blob.rest = self._counted(blob.rest) if blob.rest is not None else None
        store = blob.store
        try:
            self._visit(blob)
        except LimitError as error:
            self._skipped(Skip(Origin(blob.origin.path), FAILURE, str(error)))
            rest = blob.rest if store is None else views(store, len(blob.head), store.size)
            head = blob.head if store is None else memoryview(store.read(0, len(blob.head)))
            self._piece(Blob(blob.origin, head, rest, base=0))
        except OSError as error:
            # Only spooled bytes are written, and only a store reads: a full or broken disk.
            raise ReadError((error.strerror or str(error)).lower()) from None

    def _counted(self, rest: Iterator[memoryview]) -> Iterator[memoryview]:
        for view in rest:
            self._budget.size += len(view)
            yield view

    def _visit(self, blob: Blob) -> None:
        kind = recognise(blob)
        if kind is None and blob.rest is not None:
            self._large(blob)
            return
        if kind is not None:
            why = self._budget.too_deep(len(blob.origin.container))
            if why is None:
                self._members(kind, blob)
                return
            self._skipped(Skip(blob.origin, FAILURE, why))
        self._bytes(blob)

    def _members(self, kind: Format, blob: Blob) -> None:
        whole = blob.rest is None
        damaged = False
        for item in kind.members(blob, self._budget):
            if isinstance(item, Skip):
                damaged = True
                self._skipped(item)
            elif item.base is not None:
                self._piece(item)
            elif item.origin.place != CONTENT:
                self._bytes(item)
            else:
                self._visit(item)
        if whole or damaged:
            self._across(blob, whole=whole)

    def _across(self, blob: Blob, *, whole: bool) -> None:
        """Look once more at a container's own bytes, for a key that lies across two of its parts.

        A small one costs a needle search; a large one is looked at if it is damaged, which shifts
        bytes from one part to the next. A stream that has passed cannot be read again. Labels do
        not speak across parts, so only keys with a prefix count.
        """
        origin, base, store = blob.origin, blob.base or 0, blob.store
        if whole:
            again = Blob(origin, blob.head, base=base)
        elif store is not None:
            head = memoryview(store.read(0, STEP))
            again = Blob(origin, head, views(store, len(head), store.size), base=base)
        else:
            return
        for finding in self._moved(again):
            if finding.rule == API_KEY and finding.fingerprint not in self._told:
                self._keep(finding)

    def _bytes(self, blob: Blob) -> None:
        for finding in self._search(blob):
            self._fingerprints.add(finding.fingerprint)
            self._told.add(finding.fingerprint)
            self._keep(finding)

    def _piece(self, blob: Blob) -> None:
        """Scan bytes of a container itself; what was found in its members is not told again."""
        for finding in self._moved(blob):
            if finding.fingerprint not in self._fingerprints:
                self._told.add(finding.fingerprint)
                self._keep(finding)

    def _moved(self, blob: Blob) -> Iterator[Finding]:
        """Yield what is in a piece, by offsets in what it is a piece of."""
        for finding in self._search(blob):
            offset = finding.location.offset + (blob.base or 0)
            yield replace(finding, location=replace(finding.location, offset=offset))

    def _large(self, blob: Blob) -> None:
        """Scan a large blob that is no container by its head, but may have an archive at its end.

        To look there takes a way to read it twice. A stream is kept for that only if it looks
        like one of the programs that carry archives; of another its end is watched.
        """
        if blob.store is not None:
            self._with_store(blob, blob.store)
        elif _may_carry_an_archive(blob.head):
            from contextlib import closing  # noqa: PLC0415 - for few streams

            with closing(Spool(chain([blob.head], blob.rest or ()))) as spool:
                head = memoryview(spool.read(0, len(blob.head)))
                rest = views(spool, len(head), spool.size)
                self._with_store(Blob(blob.origin, head, rest), spool)
        else:
            tail = _Tail(blob)
            self._bytes(Blob(blob.origin, blob.head, tail.rest()))
            if tail.holds_directory():
                self._skipped(failed(blob.origin, f"a zip archive at its end; {_WAY_OUT}"))

    def _with_store(self, blob: Blob, store: Store) -> None:
        kind = zip_at_end(store)
        if kind is None:
            self._bytes(blob)
        elif why := self._budget.too_deep(len(blob.origin.container)):
            self._skipped(Skip(blob.origin, FAILURE, why))
            self._bytes(blob)
        else:
            self._members(kind, replace(blob, store=store))


def _may_carry_an_archive(head: memoryview) -> bool:
    return bytes(head[:2]) in _PROGRAMS or _search(head, _ENTRY) >= 0


class _Tail:
    """The last bytes of a blob that is scanned as it passes."""

    def __init__(self, blob: Blob) -> None:
        self._kept = bytes(blob.head[-END_REACH:])
        self._size = len(blob.head)
        self._rest = blob.rest or iter(())

    def rest(self) -> Iterator[memoryview]:
        """Yield the views of the blob's rest."""
        for view in self._rest:
            if len(view) >= END_REACH:
                self._kept = bytes(view[-END_REACH:])
            else:
                self._kept = (self._kept + view)[-END_REACH:]
            self._size += len(view)
            yield view

    def holds_directory(self) -> bool:
        """Tell whether the end has the record that ends a zip archive, and it is true."""
        return ends_like_zip(self._kept, self._size)
