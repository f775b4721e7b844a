"""The scan of what sources yield: each item is looked into, and what comes of it handed on."""

from __future__ import annotations

from hexscan import skim
from hexscan.blob import CONTENT, FAILURE, POLICY, Origin, ReadError, Skip
from hexscan.containers.budget import Limits
from hexscan.containers.sniff import contains_directory, format_of, may_open
from hexscan.contents import Contents
from hexscan.redaction import redact
from hexscan.scanner import Scanner
from hexscan.sources.entries import Entries
from hexscan.sources.slab import Slab, gathered
from hexscan.suppression.judge import Judge

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hexscan.blob import Blob, Files
    from hexscan.config import Config
    from hexscan.finding import Finding
    from hexscan.gathering import Gathering, Outcome
    from hexscan.lines import Lines
    from hexscan.sources.manifest import Manifest
    from hexscan.window import Window

# glibc gives the top of its heap back to the system and asks for it again, page by page, unless it
# has seen a larger block than that freed; see mallopt(3), M_MMAP_THRESHOLD. The matcher makes a
# block for each buffer that it folds, which on 1.3 GB of sources came to 80,000 page faults in
# place of 3,000.
_FREED = 8 << 20


def _limits(config: Config) -> Limits | None:
    if not config.unpack:
        return None
    return Limits(config.max_expanded, config.max_ratio, config.max_members, config.max_depth)


def scanner_for(config: Config) -> Scanner:
    """Return the scanner that finds what a configuration asks for."""
    if config.decode:
        from hexscan.decoding_scanner import DecodingScanner  # noqa: PLC0415 - wanted on request

        return DecodingScanner(unprefixed=config.unprefixed, lookalikes=config.lookalikes)
    return Scanner(unprefixed=config.unprefixed, lookalikes=config.lookalikes)


class Run:
    """Scans items and hands on what comes of them to ``sink``, which may be changed in between.

    ``entries`` opens files, one at a time, and is free between two calls. ``sets_aside`` is asked
    about a large file before it is scanned: what it takes is not scanned.
    """

    def __init__(
        self,
        config: Config,
        sink: Gathering | Outcome,
        sets_aside: Callable[[Blob], bool] | None = None,
    ) -> None:
        self.scanner = scanner_for(config)
        self.sink = sink
        if not skim.encoded:
            bytes(_FREED)
        self.entries = Entries(self.scanner.suspects)
        self._sets_aside = sets_aside
        self._judge = Judge(config.suppression)
        # What may say of an origin why it is not scanned.
        self._passes_over = self._judge.passes_over if config.suppression.mix_globs else None
        self._config = config
        self._contents = Contents(self._judged, self.scanner, _limits(config), self.keep, self.skip)
        self._passed = 0
        self._slab: Slab | None = None

    def take(
        self,
        items: Iterable[Blob | Skip | Files | Manifest],
        goes_on: Callable[[], bool] | None = None,
    ) -> None:
        """Scan what a source yields, and keep what it could not read.

        ``goes_on`` is that of :func:`hexscan.sources.slab.gathered`.
        """
        if self._slab is None:
            self._slab = Slab(self.entries)
        try:
            for item in gathered(items, self._slab, goes_on):
                if isinstance(item, Slab):
                    self._take_slab(item)
                elif isinstance(item, Skip):
                    self.skip(item)
                else:
                    self._take_blob(item)
        finally:
            self.entries.close()

    def tell(self, blob: Blob, over: Iterable[Window], lines: Lines) -> None:
        """Tell what is found in some windows of a blob; see :meth:`Scanner.scan_section`."""
        for finding in self.scanner.scan_section(blob, over, lines):
            self.keep(self._judge.judged(finding))

    def settle(self) -> None:
        """Hand on what the judge has noted beside findings."""
        judge = self._judge
        self.sink.remark(judge.unused, judge.warnings)
        judge.unused, judge.warnings = [], []

    def _take_slab(self, slab: Slab) -> None:
        if self._passes_over or self._config.suppression.unused_marks:
            for blob in slab.blobs():
                self._take_blob(blob)
            return
        data, unpack = slab.data, self._config.unpack
        # One question about all of the files, and a short look at each: that is what a clean one
        # costs.
        doubtful = set(slab.doubtful(self.scanner.doubts(data)))
        if unpack:
            has_zip = contains_directory(data)
            may_be_packed = range(len(slab.ends)) if has_zip else may_open(data, slab.ends)
            doubtful.update(
                number
                for number in may_be_packed
                if format_of(slab.blob(number).head, whole=has_zip) is not None
            )
        for blob in map(slab.blob, sorted(doubtful)):
            self._look_into(blob)
        self.sink.count(len(slab.ends), len(data) - len(slab.ends))

    def _take_blob(self, blob: Blob) -> None:
        if self._passes_over and (why := self._passes_over(blob.origin)):
            self.skip(Skip(blob.origin, POLICY, why))
            return
        if blob.store is not None and self._sets_aside and self._sets_aside(blob):
            return
        is_file = blob.origin.place == CONTENT
        if blob.rest is not None:
            # Counted at once, so that the file in progress is among those that a watcher sees.
            self.sink.count(is_file, len(blob.head) if is_file else 0)
            self._look_into(blob)
            return
        if not self._is_plainly_clean(blob.head):
            self._look_into(blob)
        if is_file:
            self.sink.count(1, len(blob.head))

    def _is_plainly_clean(self, whole: memoryview) -> bool:
        config = self._config
        return not (
            self.scanner.suspects(whole)
            or config.suppression.unused_marks
            or (config.unpack and format_of(whole, whole=True) is not None)
        )

    def _look_into(self, blob: Blob) -> None:
        self._passed = len(blob.head)
        counts = blob.rest is not None and blob.origin.place == CONTENT
        if blob.rest is not None and counts:
            blob.rest = self._counted(blob.rest)
        try:
            self._contents.scan(blob)
        except ReadError as error:
            self.skip(Skip(blob.origin, FAILURE, str(error)))
        if counts and blob.store is not None and blob.store.size > self._passed:
            # What is packed in it was read here and there, so its views count too little.
            self.sink.count(0, blob.store.size - self._passed)

    def _judged(self, blob: Blob) -> Iterable[Finding]:
        if self._config.suppression.unused_marks:
            return self._judge.watched(blob, self.scanner.scan(blob))
        return map(self._judge.judged, self.scanner.scan(blob))

    def _counted(self, chunks: Iterator[memoryview]) -> Iterator[memoryview]:
        for chunk in chunks:
            self._passed += len(chunk)
            self.sink.count(0, len(chunk))
            yield chunk

    def keep(self, finding: Finding) -> None:
        """Hand on a finding."""
        self.sink.keep(finding)

    def skip(self, skip: Skip) -> None:
        """Hand on what was not read; no key in its name goes further."""
        if skip.kind != FAILURE:
            self.sink.leave_out(skip.reason)
            return
        masked = self.scanner.masked
        origin = Origin(
            masked(skip.origin.path), skip.origin.place, tuple(map(masked, skip.origin.container))
        )
        self.sink.fail(Skip(origin, FAILURE, redact(skip.reason)))
