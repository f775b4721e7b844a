"""Batches of objects, scanned side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.batches import BatchScanner
from hexscan.sources.git import families
from hexscan.sources.git.families import Batch
from hexscan.sources.git.repository import Repository
from hexscan.workers.processors import available

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from hexscan.workers.pool import Lost


def reports(repository: Repository, config: Config, batches: Iterable[Batch]) -> Iterator[Report]:
    """Yield what each batch holds, in no particular order.

    What makes no more than a single large batch is scanned in this process. A worker that dies
    leaves the objects of its batch unread, which is a failure.
    """
    queue = iter(batches)
    first = _first(queue)
    if not first:
        return
    make = partial(BatchScanner, repository, config)
    number = config.jobs or available()
    if number == 1 or not _is_much(first):
        with make() as scan:
            yield from map(scan, chain(first, queue))
        return
    from hexscan.workers.pool import Lost, Pool  # noqa: PLC0415 - not for what is new in a second run

    units = ((None, batch) for batch in chain(first, queue))
    pool: Pool[None, Batch] = Pool(make, number, fork=config.forks)
    with pool:
        for _, batch, answer in pool.run(units):
            yield _lost(repository, batch, answer) if isinstance(answer, Lost) else answer


def _first(queue: Iterator[Batch]) -> list[Batch]:
    """Take batches until they are worth processes of their own, or there is none left."""
    taken: list[Batch] = []
    for batch in queue:
        taken.append(batch)
        if _is_much(taken):
            break
    return taken


def _is_much(batches: list[Batch]) -> bool:
    """Tell whether batches are more than one could be."""
    size = sum(batch.size for batch in batches)
    objects = sum(batch.count for batch in batches)
    return len(batches) > 1 and (size > families.BATCH_BYTES or objects > families.BATCH_OBJECTS)


def _lost(repository: Repository, batch: Batch, lost: Lost) -> Report:
    objects = "1 object" if batch.count == 1 else f"{batch.count} objects"
    reason = f"a process that read {objects} {lost.reason}"
    return Report(failures=(Skip(Origin(repository.path), FAILURE, reason),))
