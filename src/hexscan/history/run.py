"""The run over a repository and its submodules: scan, place, and settle the report."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.config import Config
from hexscan.finding import Finding, Report
from hexscan.history.recall import Recall
from hexscan.progress import Progress
from hexscan.redaction import redact
from hexscan.sources.git import history, survey
from hexscan.sources.git.direction import wrong_way
from hexscan.sources.git.gitdir import as_called
from hexscan.sources.git.history import EVERYTHING, Narrowing
from hexscan.sources.git.missing import follows_all, missing_objects
from hexscan.sources.git.objects import Listing
from hexscan.sources.git.repository import Repository, find, shown
from hexscan.sources.git.submodules import submodules
from hexscan.sources.git.survey import Survey
from hexscan.values import dataclass, replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import IO

    from hexscan.progress import Watcher
    from hexscan.sources.git.packs import Packs

ATTEMPTS = 3
REPACKED = "it was repacked while it was read, again and again: scan it when git has done"


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
                run.scan(module, prefix=as_called(repository, module.git_dir) + b":")
            else:
                run.told.add(Report(failures=(Skip(Origin(module[0]), FAILURE, module[1]),)))
    return replace(run.told.report(), seconds=time.perf_counter() - started)


class _Reports:
    """Reports of parts, put together."""

    def __init__(self) -> None:
        self._reports: list[Report] = []

    @property
    def failed(self) -> bool:
        """Whether anything could not be read."""
        return any(report.failures for report in self._reports)

    def add(self, report: Report) -> None:
        """Keep a report that holds or hinders anything; of others only the counts."""
        if self._reports and not (
            report.findings
            or report.suppressed
            or report.failures
            or report.warnings
            or report.notes
            or report.unused
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


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What came of the scan of a repository, and whether that stayed as it was meanwhile.

    ``is_whole`` is whether every reference was followed, and nothing was missing.
    """

    gathered: _Reports
    recall: Recall
    packs: Packs | None
    is_settled: bool
    is_whole: bool


class _Run:
    """What has been gathered of one repository after the other."""

    def __init__(
        self, config: Config, narrowing: Narrowing, *, allow_partial: bool, watch: Watcher | None
    ) -> None:
        self.told = _Reports()
        self._config = config
        self._narrowing = narrowing
        self._allow_partial = allow_partial
        self._watch = watch

    def scan(self, repository: Repository, prefix: bytes = b"") -> None:
        """Scan one repository; ``prefix`` comes before the paths of what its objects hold.

        One that is repacked meanwhile is scanned again, for git may have listed an object neither
        where it was nor where it is now.
        """
        self._say_what_is_missing(repository)
        for number in range(1, ATTEMPTS + 1):
            with ExitStack() as running:
                attempt = self._attempt(repository, running)
                if attempt.is_settled or number == ATTEMPTS:
                    self._settle(repository, attempt, prefix)
                    break

    def _attempt(self, repository: Repository, running: ExitStack) -> _Attempt:
        """Scan a repository as it is, and tell whether it has been the same all the time.

        Without a failure it does not matter what happens after all objects have been listed.
        """
        gathered = _Reports()
        failures: list[Skip] = []
        # Asked side by side: each of these takes git some milliseconds.
        recall = Recall(repository, self._config, running, narrowed=bool(self._narrowing))
        surveying = running.enter_context(survey.ask(repository))
        refs = None if self._narrowing else running.enter_context(history.ask_refs(repository))
        store = survey.told(repository, surveying)
        files = store.pack_files()
        names = self._names(repository, failures, running)
        packs = None if names else _packs(repository, store, running)
        recall.begin(packs)
        listing = None if recall.knows_any else recall.listing(names, failures)
        # While git lists names.
        from hexscan.engine import scan_items  # noqa: PLC0415 - so is it loaded
        from hexscan.run import scanner_for  # noqa: PLC0415 - the same

        if refs is not None:
            suspects = scanner_for(self._config).suspects
            beside = history.beside_objects(repository, refs, suspects)
            gathered.add(scan_items(beside, self._config))
        listing = listing or recall.listing(names, failures)
        for report in self._objects(repository, store, recall, listing):
            gathered.add(report)
        is_same = names is not None or store.pack_files() == files
        if names is None and repository.missing() is None:
            failures += missing_objects(repository, store, recall.whole())
        gathered.add(scan_items(_once(failures), self._config))
        is_settled = is_same and not (gathered.failed and store.pack_files() != files)
        is_followed = repository.missing() is None and follows_all(store)
        return _Attempt(gathered, recall, packs, is_settled, is_followed and not failures)

    def _settle(self, repository: Repository, attempt: _Attempt, prefix: bytes) -> None:
        """Tell what came of an attempt, with its places, and keep what is to be known again."""
        if not attempt.is_settled:
            repacked = Skip(Origin(repository.path), FAILURE, REPACKED)
            attempt.gathered.add(Report(failures=(repacked,)))
        report, recall = attempt.gathered.report(), attempt.recall
        traces = None
        if report.findings or report.suppressed:
            from hexscan.history import placing  # noqa: PLC0415 - not for who has nothing to place

            report, traces = placing.placed(repository, report, recall, attempt.packs, self._config)
        if attempt.is_settled:
            recall.keep(is_whole=attempt.is_whole, traces=traces)
        self.told.add(replace(_prefixed(report, prefix), notes=recall.notes))

    def _names(
        self, repository: Repository, failures: list[Skip], running: ExitStack
    ) -> IO[bytes] | None:
        """Return a file with the names of the objects in scope; ``None`` if all of them are."""
        if not self._narrowing:
            return None
        names = history.narrowed(repository, self._narrowing, failures, running)
        if not os.fstat(names.fileno()).st_size:
            self._say_if_wrong_way(repository)
        return names

    def _objects(
        self, repository: Repository, store: Survey, recall: Recall, listing: Listing
    ) -> Iterator[Report]:
        """Yield the reports of the objects that are listed, and of those that are known."""
        from hexscan.history import workers  # noqa: PLC0415 - while git lists names

        total = store.loose + store.packed
        done, size, found = recall.known, 0, 0
        yield Report(objects=done, known=done)
        for report in workers.reports(repository, self._config, recall.noted(listing.batches())):
            recall.saw(report)
            done += report.objects
            size += report.bytes
            found += len(report.findings)
            if self._watch:
                self._watch(Progress(done, max(total, done), size, found))
            yield report

    def _say_if_wrong_way(self, repository: Repository) -> None:
        why = wrong_way(os.fsencode(self._narrowing.range or ""), repository.git_dir)
        if why is not None:
            self.told.add(Report(warnings=(why,)))

    def _say_what_is_missing(self, repository: Repository) -> None:
        missing = repository.missing()
        if missing is None:
            return
        what, how = missing
        if self._allow_partial:
            self.told.add(Report(warnings=(f"{shown(repository.path)} is {what}",)))
        else:
            self.told.add(
                Report(failures=(Skip(Origin(repository.path), FAILURE, f"{what}; {how}"),))
            )


def _packs(repository: Repository, store: Survey, running: ExitStack) -> Packs | None:
    """Return the packs of a repository; ``None`` where they are left to git."""
    try:
        from hexscan.sources.git.packs import opened  # noqa: PLC0415 - it takes the compiled part
    except ImportError:
        return None
    return opened(repository, store, running)


def _once(failures: list[Skip]) -> Iterator[Skip]:
    """Yield each failure once: a missing object is met on several ways."""
    told = set()
    for skip in failures:
        if (skip.origin.path, skip.reason) not in told:
            told.add((skip.origin.path, skip.reason))
            yield skip


def _prefixed(report: Report, prefix: bytes) -> Report:
    """Return the report with a prefix before the paths of what is in objects."""
    if not prefix:
        return report
    findings, suppressed = (
        tuple(_below(finding, prefix) for finding in some)
        for some in (report.findings, report.suppressed)
    )
    return replace(report, findings=findings, suppressed=suppressed)


def _below(finding: Finding, prefix: bytes) -> Finding:
    if finding.git is None:
        return finding
    location = replace(finding.location, path=prefix + finding.location.path)
    return replace(finding, location=location)
