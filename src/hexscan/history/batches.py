"""One batch of a repository's objects: swept, and where needed looked at one by one."""

from collections.abc import Callable, Iterator
from types import TracebackType

from hexscan.blob import Blob, Skip
from hexscan.config import Config
from hexscan.engine import scan_items
from hexscan.finding import Report
from hexscan.run import scanner_for
from hexscan.sources.git.families import Batch
from hexscan.sources.git.reader import Reader
from hexscan.sources.git.repository import Repository
from hexscan.sources.git.sweep import Sweeper
from hexscan.values import replace


class BatchScanner:
    """Scans batches of one repository, with two git processes of its own.

    A context manager that gives :meth:`scan`.
    """

    def __init__(self, repository: Repository, config: Config) -> None:
        self._config = config
        self._sweeper = Sweeper(repository, scanner_for(config), unpack=config.unpack)
        self._reader = Reader(repository)

    def __enter__(self) -> Callable[[Batch], Report]:
        return self.scan

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reader.close()
        self._sweeper.close()

    def scan(self, batch: Batch) -> Report:
        """Return what a batch holds; it can be pickled. ``objects`` and ``bytes`` count all of it.

        ``files`` is 0: objects are none.
        """
        suspects = self._sweeper.suspects(batch)
        report = scan_items(self._items(batch, suspects), self._config) if suspects else Report()
        return replace(
            report,
            policies=dict(report.policies),
            files=0,
            bytes=batch.size,
            objects=batch.count,
        )

    def _items(self, batch: Batch, suspects: list[int]) -> Iterator[Blob | Skip]:
        for index in suspects:
            yield from self._reader.items(batch.name(index))
