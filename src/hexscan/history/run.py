"""The run over a repository and its submodules: scan, place, and settle the report."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.config import Config
from hexscan.engine import scan_items
from hexscan.finding import Finding, Report
from hexscan.history import workers
from hexscan.history.recall import Recall
from hexscan.progress import Progress, Watcher
from hexscan.redaction import redact
from hexscan.sources.git import history
from hexscan.sources.git.history import EVERYTHING, Narrowing
from hexscan.sources.git.place import place
from hexscan.sources.git.repository import Repository, find, shown, submodules


def scan_history(
    path: bytes,
    config: Config,
    *,
    narrowing: Narrowing = EVERYTHING,
    allow_partial: bool = False,
    watch: Watcher | None = None,
) -> Report:
    """Scan everything that the repository at a path holds, and place what is found.

    With a narrowing only the objects that its commits reach. A clone that does not hold its whole
    history is a failure unless ``allow_partial``, and then a warning. ``watch`` is told after
    every batch. Raises ``SourceError`` where there is no repository that can be read.
    """
    started = time.perf_counter()
    settled = config.for_objects()
    run = _Run(settled, narrowing, allow_partial=allow_partial, watch=watch)
    repository = find(path)
    run.scan(repository)
    if not narrowing:
        for module in submodules(repository):
            if isinstance(module, Repository):
                run.scan(module, prefix=history.as_called(repository, module.git_dir) + b":")
            else:
                run.add(Report(failures=(Skip(Origin(module[0]), FAILURE, module[1]),)))
    return replace(run.report(), seconds=time.perf_counter() - started)


class _Run:
    """What has been gathered of one repository after the other."""

    def __init__(
        self, config: Config, narrowing: Narrowing, *, allow_partial: bool, watch: Watcher | None
    ) -> None:
        self._config = config
        self._narrowing = narrowing
        self._allow_partial = allow_partial
        self._watch = watch
        self._reports: list[Report] = []

    def add(self, report: Report) -> None:
        """Keep a report that holds or hinders anything; of others only the counts."""
        if self._reports and not (
            *report.findings,
            *report.suppressed,
            *report.failures,
            *report.warnings,
            *report.notes,
        ):
            last = self._reports[-1]
            report = replace(
                last,
                policies=Counter(last.policies) + Counter(report.policies),
                files=last.files + report.files,
                bytes=last.bytes + report.bytes,
                objects=last.objects + report.objects,
                known=last.known + report.known,
            )
            self._reports[-1] = report
        else:
            self._reports.append(report)

    def scan(self, repository: Repository, prefix: bytes = b"") -> None:
        """Scan one repository; ``prefix`` comes before the paths of what its objects hold."""
        self._say_what_is_missing(repository)
        findings: list[Finding] = []
        for report in self._parts(repository):
            findings += (*report.findings, *report.suppressed)
            self.add(replace(report, findings=(), suppressed=()))
        placed, hindrances = place(repository, findings)
        if prefix:
            placed = [_prefixed(finding, prefix) for finding in placed]
        self.add(
            Report(
                findings=tuple(finding for finding in placed if not finding.suppressed),
                suppressed=tuple(finding for finding in placed if finding.suppressed),
                warnings=tuple(hindrances),
            )
        )

    def _parts(self, repository: Repository) -> Iterator[Report]:
        """Yield the reports of all objects in scope, and of what there is beside them."""
        failures: list[Skip] = []
        with ExitStack() as running:
            names = None
            if self._narrowing:
                names = history.narrowed(repository, self._narrowing, failures, running)
            recall = Recall(repository, self._config, running, narrowed=bool(self._narrowing))
            if not self._narrowing:
                # While git lists the names that are compared with those in memory.
                yield scan_items(history.beside_objects(repository), self._config)
            batches = recall.noted(recall.listing(names, failures).batches())
            total = history.count(repository) if self._watch else 0
            done, size, found = recall.known, 0, 0
            yield Report(objects=done, known=done)
            for report in workers.reports(repository, self._config, batches):
                recall.saw(report)
                done += report.objects
                size += report.bytes
                found += len(report.findings)
                if self._watch:
                    self._watch(Progress(done, max(total, done), size, found))
                yield report
            if not self._narrowing and repository.missing() is None:
                failures += history.missing_objects(repository, recall.whole())
            recall.keep(is_whole=not failures and repository.missing() is None)
        yield scan_items(_once(failures), self._config)
        yield Report(notes=recall.notes)

    def _say_what_is_missing(self, repository: Repository) -> None:
        missing = repository.missing()
        if missing is None:
            return
        what, how = missing
        if self._allow_partial:
            self.add(Report(warnings=(f"{shown(repository.path)} is {what}",)))
        else:
            self.add(Report(failures=(Skip(Origin(repository.path), FAILURE, f"{what}; {how}"),)))

    def report(self) -> Report:
        """Return one report of all."""
        policies: Counter[str] = Counter()
        for report in self._reports:
            policies.update(report.policies)
        findings = (finding for report in self._reports for finding in report.findings)
        judged = (finding for report in self._reports for finding in report.suppressed)
        failures = (skip for report in self._reports for skip in report.failures)
        return Report(
            suppressed=tuple(sorted(judged, key=lambda finding: finding.sort_key)),
            findings=tuple(sorted(findings, key=lambda finding: finding.sort_key)),
            failures=tuple(sorted(failures, key=lambda skip: (skip.origin.path, skip.reason))),
            policies=dict(sorted(policies.items())),
            warnings=tuple(redact(text) for report in self._reports for text in report.warnings),
            notes=tuple(redact(text) for report in self._reports for text in report.notes),
            files=sum(report.files for report in self._reports),
            bytes=sum(report.bytes for report in self._reports),
            objects=sum(report.objects for report in self._reports),
            known=sum(report.known for report in self._reports),
        )


def _once(failures: list[Skip]) -> Iterator[Skip]:
    """Yield each failure once: a missing object is met on several ways."""
    told = set()
    for skip in failures:
        if (skip.origin.path, skip.reason) not in told:
            told.add((skip.origin.path, skip.reason))
            yield skip


def _prefixed(finding: Finding, prefix: bytes) -> Finding:
    if finding.git is None:
        return finding
    location = replace(finding.location, path=prefix + finding.location.path)
    return replace(finding, location=location)
