"""The run: sources against the scanner, and the report that comes of it."""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import TypeAlias

from hexscan.blob import CONTENT, FAILURE, POLICY, Blob, Files, Origin, ReadError, Skip
from hexscan.config import Config
from hexscan.containers.budget import Limits
from hexscan.containers.sniff import contains_directory, format_of, may_open
from hexscan.contents import Contents
from hexscan.finding import Finding, Report
from hexscan.progress import Progress, Watcher
from hexscan.redaction import redact
from hexscan.scanner import Scanner
from hexscan.sources import stdin
from hexscan.sources.entries import Entries
from hexscan.sources.listed import Listed
from hexscan.sources.paths import Paths
from hexscan.sources.slab import Slab, gathered
from hexscan.suppression.judge import Judge

AnyPath: TypeAlias = str | bytes | os.PathLike[str] | os.PathLike[bytes]
Listener: TypeAlias = Callable[[Finding], None]

FILES_BETWEEN = 256
BYTES_BETWEEN = 16 << 20
"""How often a watcher is called: often enough for a slow disk, and too seldom to cost time."""

# What is open already, and is read and not opened: "-" and the names that a shell gives it.
_OPEN = re.compile(rb"-|/dev/stdin|/dev/fd/([0-9]{1,9})")


def scan(
    paths: AnyPath | Iterable[AnyPath],
    config: Config | None = None,
    *,
    watch: Watcher | None = None,
    told: Listener | None = None,
) -> Report:
    """Scan files and directories, and return what was found and how complete the run was.

    The path ``-`` is standard input. Nothing is printed and nothing is written. Trouble with one
    file is a failure in the report; :class:`hexscan.errors.SourceError` is raised where a whole
    source cannot be read.

    ``watch`` is called with the progress after every 256 files, and in a file that is larger than
    the buffer after 16 MiB. ``told`` is called with each finding as soon as there is one, judged
    ones too: in the order of the scan, which is not that of the report, and once for a place that
    is met twice. What either raises ends the scan.
    """
    settled = config or Config()
    streams, named = _parted(paths)
    run = _Run(settled, watch, told)
    files = Paths(
        named, exclude=settled.exclude, ignore=settled.ignore, suspects=run.scanner.suspects
    )
    run.take(map(_stream, streams))
    run.take(files.items())
    return run.report(files.warnings)


def scan_listed(paths: Iterable[AnyPath], config: Config | None = None) -> Report:
    """Scan files that a program has listed, as pre-commit does for a commit.

    Unlike :func:`scan`, links are not followed, directories are not entered and ignore files hold
    for every path. Paths are relative to the repository's top directory.
    """
    settled = config or Config()
    named = [os.fsencode(path) for path in paths]
    run = _Run(settled)
    files = Listed(
        named, exclude=settled.exclude, ignore=settled.ignore, suspects=run.scanner.suspects
    )
    run.take(files.items())
    return run.report(files.warnings)


def _parted(paths: AnyPath | Iterable[AnyPath]) -> tuple[list[bytes], list[bytes]]:
    """Return the paths that name an open stream, and the others; a single path is one."""
    if isinstance(paths, str | bytes | os.PathLike):
        paths = [paths]
    named = [os.fsencode(path) for path in paths]
    streams = [path for path in named if _OPEN.fullmatch(path)]
    return streams, [path for path in named if not _OPEN.fullmatch(path)]


def _stream(path: bytes) -> Blob | Skip:
    number = path.rpartition(b"/")[2]
    if number.isdigit():
        return stdin.blob(int(number), path)
    # Not the descriptor 0: whoever has put a stream in its place wants that one read.
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        return Skip(Origin(stdin.PATH), FAILURE, "standard input is closed")
    return stdin.blob(stream)


def scan_items(
    items: Iterable[Blob | Skip | Files],
    config: Config,
    *,
    warnings: Sequence[str] = (),
    met: Callable[[], None] | None = None,
) -> Report:
    """Scan what any source yields. ``warnings`` may still grow while it does.

    ``met`` is called with whatever is to be told, judged or told before: what was not clean.
    """
    run = _Run(config, met=met)
    run.take(items)
    return run.report(warnings)


def _limits(config: Config) -> Limits | None:
    if not config.unpack:
        return None
    return Limits(config.max_expanded, config.max_ratio, config.max_members, config.max_depth)


def _failure_order(skip: Skip) -> tuple[bytes, tuple[bytes, ...], str]:
    return skip.origin.path, skip.origin.container, skip.reason


def scanner_for(config: Config) -> Scanner:
    """Return the scanner that finds what a configuration asks for."""
    if config.decode:
        from hexscan.decoding_scanner import DecodingScanner  # noqa: PLC0415 - wanted on request

        return DecodingScanner(unprefixed=config.unprefixed, lookalikes=config.lookalikes)
    return Scanner(unprefixed=config.unprefixed, lookalikes=config.lookalikes)


class _Run:
    """What a run has gathered so far."""

    def __init__(
        self,
        config: Config,
        watch: Watcher | None = None,
        told: Listener | None = None,
        met: Callable[[], None] | None = None,
    ) -> None:
        self.scanner = scanner_for(config)
        self._judge = Judge(config.suppression)
        # What may say of an origin why it is not scanned.
        self._passes_over = self._judge.passes_over if config.suppression.mix_globs else None
        self._config = config
        self._started = time.perf_counter()
        self._watch = watch
        self._told = told
        self._met = met
        # In the order in which they were met. Paths may be named twice, or one within the other.
        self._findings: dict[Finding, None] = {}
        self._unjudged = 0
        self._failures: list[Skip] = []
        self._policies: Counter[str] = Counter()
        self._contents = Contents(
            self._judged, self.scanner.suspects, _limits(config), self._keep, self._skip
        )
        self._files = 0
        self._bytes = 0
        # The counts at which the watcher is called next; without one they are never reached.
        self._files_due = FILES_BETWEEN if watch else sys.maxsize
        self._bytes_due = BYTES_BETWEEN if watch else sys.maxsize

    def take(self, items: Iterable[Blob | Skip | Files]) -> None:
        """Scan what a source yields, and keep what it could not read."""
        entries = Entries(self.scanner.suspects)
        try:
            for item in gathered(items, entries):
                if isinstance(item, Slab):
                    self._take_slab(item)
                elif isinstance(item, Skip):
                    self._skip(item)
                else:
                    self._take_blob(item)
                if self._files >= self._files_due:
                    self._tell_progress()
        finally:
            entries.close()

    def _take_slab(self, slab: Slab) -> None:
        if self._passes_over or self._config.suppression.unused_marks:
            for blob in slab.blobs():
                self._take_blob(blob)
            return
        self._files += len(slab.paths)
        self._bytes += len(slab.data)
        data, unpack = slab.data, self._config.unpack
        # One question about all of the files, and a short look at each: that is what a clean one
        # costs.
        if self.scanner.may_find(data) or (unpack and contains_directory(data)):
            for blob in slab.blobs():
                if not self._is_plainly_clean(blob.head):
                    self._look_into(blob)
        elif unpack:
            for blob in map(slab.blob, may_open(data, slab.ends)):
                if format_of(blob.head, whole=False) is not None:
                    self._look_into(blob)

    def _take_blob(self, blob: Blob) -> None:
        if self._passes_over and (why := self._passes_over(blob.origin)):
            self._skip(Skip(blob.origin, POLICY, why))
            return
        if blob.origin.place == CONTENT:
            self._files += 1
            self._bytes += len(blob.head)
        if blob.rest is not None or not self._is_plainly_clean(blob.head):
            self._look_into(blob)

    def _is_plainly_clean(self, whole: memoryview) -> bool:
        config = self._config
        return not (
            self.scanner.suspects(whole)
            or config.suppression.unused_marks
            or (config.unpack and format_of(whole, whole=True) is not None)
        )

    def _look_into(self, blob: Blob) -> None:
        read = self._bytes
        if blob.rest is not None and blob.origin.place == CONTENT:
            blob.rest = self._counted(blob.rest)
            if blob.store is not None:
                # What is packed in it is read here and there, so its views count too little.
                read += blob.store.size - len(blob.head)
        try:
            self._contents.scan(blob)
        except ReadError as error:
            self._skip(Skip(blob.origin, FAILURE, str(error)))
        self._bytes = max(self._bytes, read)

    def _judged(self, blob: Blob) -> Iterable[Finding]:
        if self._config.suppression.unused_marks:
            return self._judge.watched(blob, self.scanner.scan(blob))
        return map(self._judge.judged, self.scanner.scan(blob))

    def _counted(self, chunks: Iterator[memoryview]) -> Iterator[memoryview]:
        for chunk in chunks:
            self._bytes += len(chunk)
            if self._bytes >= self._bytes_due:
                self._tell_progress()
            yield chunk

    def _tell_progress(self) -> None:
        self._files_due = self._files + FILES_BETWEEN
        self._bytes_due = self._bytes + BYTES_BETWEEN
        if self._watch is not None:
            self._watch(Progress(self._files, None, self._bytes, self._unjudged))

    def _keep(self, finding: Finding) -> None:
        if self._met is not None:
            self._met()
        if finding in self._findings:
            return
        self._findings[finding] = None
        self._unjudged += finding.suppressed is None
        if self._told is not None:
            self._told(finding)

    def _skip(self, skip: Skip) -> None:
        if self._met is not None:
            self._met()
        if skip.kind == FAILURE:
            masked = self.scanner.masked
            origin = Origin(
                masked(skip.origin.path),
                skip.origin.place,
                tuple(map(masked, skip.origin.container)),
            )
            self._failures.append(Skip(origin, FAILURE, redact(skip.reason)))
        else:
            self._policies[skip.reason] += 1

    def report(self, warnings: Sequence[str]) -> Report:
        """Settle what was gathered."""
        findings = sorted(self._findings, key=lambda finding: finding.sort_key)
        return Report(
            findings=tuple(finding for finding in findings if finding.suppressed is None),
            suppressed=tuple(finding for finding in findings if finding.suppressed is not None),
            unused=tuple(sorted(set(self._judge.unused))),
            strict=self._config.strict,
            failures=tuple(sorted(self._failures, key=_failure_order)),
            policies=MappingProxyType(dict(sorted(self._policies.items()))),
            warnings=tuple(map(redact, (*warnings, *self._judge.warnings))),
            files=self._files,
            bytes=self._bytes,
            seconds=time.perf_counter() - self._started,
        )
