"""The run: sources against the scanner, and the report that comes of it."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from types import MappingProxyType
from typing import TypeAlias

from hexscan.blob import CONTENT, FAILURE, Blob, Origin, ReadError, Skip
from hexscan.config import Config
from hexscan.finding import Finding, Report
from hexscan.redaction import redact
from hexscan.scanner import Scanner
from hexscan.sources import stdin
from hexscan.sources.listed import Listed
from hexscan.sources.paths import Paths

AnyPath: TypeAlias = str | bytes | os.PathLike[str] | os.PathLike[bytes]

STDIN = b"-"


def scan(paths: Iterable[AnyPath], config: Config | None = None) -> Report:
    """Scan files and directories, and return what was found and how complete the run was.

    The path ``-`` is standard input. Nothing is printed and nothing is written. Trouble with one
    file is a failure in the report; :class:`hexscan.errors.SourceError` is raised where a whole
    source cannot be read.
    """
    settled = config or Config()
    named = [os.fsencode(path) for path in paths]
    files = Paths(
        [path for path in named if path != STDIN], exclude=settled.exclude, ignore=settled.ignore
    )
    run = _Run(settled)
    if STDIN in named:
        run.take([stdin.blob(sys.stdin.buffer)])
    run.take(files.items())
    return run.report(files.warnings)


def scan_listed(paths: Iterable[AnyPath], config: Config | None = None) -> Report:
    """Scan files that a program has listed, as pre-commit does for a commit.

    Unlike :func:`scan`, links are not followed, directories are not entered and ignore files hold
    for every path. Paths are relative to the repository's top directory.
    """
    settled = config or Config()
    named = [os.fsencode(path) for path in paths]
    files = Listed(named, exclude=settled.exclude, ignore=settled.ignore)
    run = _Run(settled)
    run.take(files.items())
    return run.report(files.warnings)


def _failure_order(skip: Skip) -> tuple[bytes, tuple[bytes, ...], str]:
    return skip.origin.path, skip.origin.container, skip.reason


class _Run:
    """What a run has gathered so far."""

    def __init__(self, config: Config) -> None:
        self._scanner = Scanner(
            unprefixed=config.unprefixed, lookalikes=config.lookalikes, decode=config.decode
        )
        self._started = time.perf_counter()
        self._findings: list[Finding] = []
        self._failures: list[Skip] = []
        self._policies: Counter[str] = Counter()
        self._files = 0
        self._bytes = 0

    def take(self, items: Iterable[Blob | Skip]) -> None:
        """Scan what a source yields, and keep what it could not read."""
        scan_blob = self._scanner.scan
        for item in items:
            if isinstance(item, Skip):
                self._skip(item)
                continue
            if item.origin.place == CONTENT:
                self._files += 1
                self._bytes += len(item.head)
                if item.rest is not None:
                    item.rest = self._counted(item.rest)
            try:
                self._findings.extend(scan_blob(item))
            except ReadError as error:
                self._skip(Skip(item.origin, FAILURE, str(error)))

    def _counted(self, chunks: Iterator[memoryview]) -> Iterator[memoryview]:
        for chunk in chunks:
            self._bytes += len(chunk)
            yield chunk

    def _skip(self, skip: Skip) -> None:
        if skip.kind == FAILURE:
            origin = Origin(
                redact(skip.origin.path),
                skip.origin.place,
                tuple(redact(name) for name in skip.origin.container),
            )
            self._failures.append(Skip(origin, FAILURE, redact(skip.reason)))
        else:
            self._policies[skip.reason] += 1

    def report(self, warnings: Sequence[str]) -> Report:
        """Settle what was gathered."""
        return Report(
            findings=tuple(sorted(self._findings, key=lambda finding: finding.sort_key)),
            failures=tuple(sorted(self._failures, key=_failure_order)),
            policies=MappingProxyType(dict(sorted(self._policies.items()))),
            warnings=tuple(redact(warning) for warning in warnings),
            files=self._files,
            bytes=self._bytes,
            seconds=time.perf_counter() - self._started,
        )
