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
from hexscan.sources.git.sweep import Sweeper, Swept
from hexscan.values import replace


class BatchScanner:
    """Scans batches of one repository, with git processes of its own where it takes them.

    A context manager that gives :meth:`scan`.
    """

    def __init__(self, repository: Repository, config: Config) -> None:
        self._config = config
        self._sweeper = Sweeper(repository, scanner_for(config), unpack=config.unpack)
        self._reader = Reader(repository)
        self._unswept = 0  # bytes of the objects of a batch that were read one by one alone

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
        swept = self._sweeper.swept(batch)
        self._unswept = 0
        report = scan_items(self._items(batch, swept), self._config) if swept.suspects else Report()
        return replace(
            report,
            policies=dict(report.policies),
            files=0,
            bytes=swept.size + self._unswept,
            objects=batch.count,
        )

    def _items(self, batch: Batch, swept: Swept) -> Iterator[Blob | Skip]:
        for index in swept.suspects:
            yield from self._reader.items(batch.name(index))
            if index in swept.unread:
                self._unswept += self._reader.size
