"""What a run gathers, whoever does the work, and the report that it makes of it."""

from __future__ import annotations

import sys
import time
from types import MappingProxyType

from hexscan.finding import Report
from hexscan.progress import Progress
from hexscan.redaction import redact
from hexscan.values import dataclass, field

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from hexscan.blob import Skip
    from hexscan.finding import Finding, UnusedMark
    from hexscan.progress import Watcher

    Listener: TypeAlias = Callable[[Finding], None]

FILES_BETWEEN = 256
BYTES_BETWEEN = 16 << 20
"""How often a watcher is called: often enough for a slow disk, and too seldom to cost time."""


@dataclass(slots=True)
class Outcome:
    """What came of some of the work, in the order in which it was met.

    Findings are judged, and in nothing is there a key any more: it may go from one process to
    another. ``policies`` counts what was left out on purpose, by reason.
    """

    findings: list[Finding] = field(default_factory=list)
    failures: list[Skip] = field(default_factory=list)
    unused: list[UnusedMark] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    policies: dict[str, int] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0

    def keep(self, finding: Finding) -> None:
        """Take a finding."""
        self.findings.append(finding)

    def fail(self, skip: Skip) -> None:
        """Take what could not be read."""
        self.failures.append(skip)

    def leave_out(self, reason: str) -> None:
        """Count something that is left out on purpose."""
        self.policies[reason] = self.policies.get(reason, 0) + 1

    def remark(self, unused: list[UnusedMark], warnings: list[str]) -> None:
        """Take the marks that allow nothing, and what a person should know."""
        self.unused += unused
        self.warnings += warnings

    def count(self, files: int, size: int) -> None:
        """Count files and bytes."""
        self.files += files
        self.bytes += size


class Gathering:
    """All that has come of a run so far; ``watch`` and ``told`` are those of the engine."""

    def __init__(self, watch: Watcher | None = None, told: Listener | None = None) -> None:
        self._started = time.perf_counter()
        self._watch = watch
        self._told = told
        # In the order in which they were met. Paths may be named twice, or one within the other.
        self._findings: dict[Finding, None] = {}
        self._unjudged = 0
        self._failures: list[Skip] = []
        self._unused: set[UnusedMark] = set()
        self._warnings: list[str] = []
        self._policies: dict[str, int] = {}
        self._files = 0
        self._bytes = 0
        # The counts at which the watcher is called next; without one they are never reached.
        self._files_due = FILES_BETWEEN if watch else sys.maxsize
        self._bytes_due = BYTES_BETWEEN if watch else sys.maxsize

    def fail(self, skip: Skip) -> None:
        """Keep what could not be read."""
        self._failures.append(skip)

    def leave_out(self, reason: str) -> None:
        """Count something that is left out on purpose."""
        self._leave_out(reason, 1)

    def count(self, files: int, size: int) -> None:
        """Count files and bytes, and tell the watcher now and then."""
        self._files += files
        self._bytes += size
        if self._files >= self._files_due or self._bytes >= self._bytes_due:
            self._files_due = self._files + FILES_BETWEEN
            self._bytes_due = self._bytes + BYTES_BETWEEN
            if self._watch is not None:
                self._watch(Progress(self._files, None, self._bytes, self._unjudged))

    def keep(self, finding: Finding) -> None:
        """Keep a finding and tell of it, unless it is known."""
        if finding in self._findings:
            return
        self._findings[finding] = None
        self._unjudged += finding.suppressed is None
        if self._told is not None:
            self._told(finding)

    def remark(self, unused: list[UnusedMark], warnings: list[str]) -> None:
        """Keep the marks that allow nothing, and what a person should know."""
        self._unused.update(unused)
        self._warnings += warnings

    def add(self, outcome: Outcome) -> None:
        """Take what came of a part of the run, all but its counts."""
        for finding in outcome.findings:
            self.keep(finding)
        self._failures += outcome.failures
        self.remark(outcome.unused, outcome.warnings)
        for reason, number in outcome.policies.items():
            self._leave_out(reason, number)

    def _leave_out(self, reason: str, number: int) -> None:
        self._policies[reason] = self._policies.get(reason, 0) + number

    def report(self, warnings: Sequence[str], *, strict: bool) -> Report:
        """Settle what was gathered; ``warnings`` come before those of the outcomes."""
        findings = sorted(self._findings, key=lambda finding: finding.sort_key)
        return Report(
            findings=tuple(finding for finding in findings if finding.suppressed is None),
            suppressed=tuple(finding for finding in findings if finding.suppressed is not None),
            unused=tuple(sorted(self._unused)),
            strict=strict,
            failures=tuple(sorted(self._failures, key=_failure_order)),
            policies=MappingProxyType(dict(sorted(self._policies.items()))),
            warnings=tuple(map(redact, (*warnings, *self._warnings))),
            files=self._files,
            bytes=self._bytes,
            seconds=time.perf_counter() - self._started,
        )


class Noting(Gathering):
    """A gathering that says so, by ``met``, whenever something is to be kept, known or not."""

    def __init__(self, met: Callable[[], None]) -> None:
        super().__init__()
        self._met = met

    def keep(self, finding: Finding) -> None:
        """Keep a finding."""
        self._met()
        super().keep(finding)

    def fail(self, skip: Skip) -> None:
        """Keep what could not be read."""
        self._met()
        super().fail(skip)

    def leave_out(self, reason: str) -> None:
        """Count something that is left out on purpose."""
        self._met()
        super().leave_out(reason)


def _failure_order(skip: Skip) -> tuple[bytes, tuple[bytes, ...], str]:
    return skip.origin.path, skip.origin.container, skip.reason
