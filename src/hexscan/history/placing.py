"""The findings of one repository, with their places: in its history, and in the work tree."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from hexscan.config import Config
from hexscan.errors import SourceError
from hexscan.finding import Report
from hexscan.history import worktree
from hexscan.history.recall import Recall
from hexscan.sources.git.place import Hints, Placed, place
from hexscan.sources.git.repository import Repository
from hexscan.sources.git.traces import Traces
from hexscan.values import replace
from hexscan.workers.processors import available

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.sources.git.commits import Commits
    from hexscan.sources.git.packs import Packs


def placed(
    repository: Repository,
    report: Report,
    recall: Recall,
    packs: Packs | None,
    config: Config,
) -> tuple[Report, Traces | None]:
    """Return a report whose findings have their places, and what is to be known the next time.

    ``recall`` is asked only if nothing has failed: what git has not listed, for whatever reason, it
    is better asked for once more. ``packs`` are those that it has listed.
    """
    found = [*report.findings, *report.suppressed]
    is_sound = not report.failures
    traces = recall.traces() if is_sound else None
    blobs = {one.git.object for one in found if one.git and one.git.type == "blob"}
    hints = Hints(
        recall.commits() if is_sound else None,
        traces.reached if traces else None,
        _narrowing(repository, packs, blobs, config) if is_sound and packs else None,
        config.jobs or available(),
    )
    try:
        here = place(repository, found, hints)
    except SourceError as error:
        # What was found is told, wherever it is.
        here = Placed(found, [f"places of keys are not known: {error}"])
    findings = here.findings
    if repository.work_tree is not None:
        findings = worktree.placed(repository.work_tree, findings, config)
    told = replace(
        report,
        findings=tuple(finding for finding in findings if not finding.suppressed),
        suppressed=tuple(finding for finding in findings if finding.suppressed),
        warnings=(*report.warnings, *here.hindrances),
    )
    return told, here.traces if is_sound else None


def _narrowing(
    repository: Repository, packs: Packs, blobs: Collection[str], config: Config
) -> Callable[[Commits], Commits]:
    from hexscan.history.touching import touching  # noqa: PLC0415 - it takes the compiled part

    return partial(touching, repository, packs, blobs, config)
