"""Objects read by name, in turn, as blobs; what git cannot give is a failure, and no end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from types import TracebackType

from hexscan.blob import FAILURE, Blob, Origin, ReadError, Skip
from hexscan.sources.git.batch import AHEAD, COMMAND, Batch, BatchError
from hexscan.sources.git.door import PIPE, Git

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import Self, TypeAlias

MISSING = "the object is missing or corrupt"

# An object's name, and where its bytes are to be told to come from.
Wanted: TypeAlias = tuple[bytes, Origin]


class Objects:
    """The objects of one repository, through a ``git cat-file`` that is started again if it dies.

    ``directory`` is that of :class:`hexscan.sources.git.door.Git`. A context manager, which ends
    the process. Bytes hold until the next object is asked for.
    """

    def __init__(self, directory: bytes | None = None) -> None:
        self._directory = directory
        self._told = 0
        self._git: Git | None = None
        self._batch: Batch | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read(self, wanted: Iterable[Wanted]) -> Iterator[Blob | Skip]:
        """Yield a blob or a failure for every object, in order.

        The type that git tells is put into the origin. Raises ``SourceError`` where git cannot be
        started.
        """
        remaining = iter(wanted)
        while asked := list(islice(remaining, AHEAD)):
            while asked:
                yield from self._answers(asked)
                # All of them, or all up to the one at which git gave up.
                del asked[: self._told]

    def _answers(self, asked: list[Wanted]) -> Iterator[Blob | Skip]:
        self._told = 1
        batch = self._start()
        try:
            batch.ask([name for name, _ in asked])
            for self._told, (name, origin) in enumerate(asked, 1):
                header = batch.header()
                if header is None:
                    yield Skip(_named(origin, name), FAILURE, MISSING)
                    continue
                head, rest = batch.content()
                blob = Blob(_named(origin, name, header[0]), head)
                if rest is not None:
                    blob.rest = self._rest(rest)
                yield blob
                if self._git is None:
                    return  # it died under the reader of the rest
        except BatchError:
            name, origin = asked[self._told - 1]
            yield Skip(_named(origin, name), FAILURE, f"{MISSING}: {self._stop()}")

    def _rest(self, rest: Iterator[memoryview]) -> Iterator[memoryview]:
        try:
            yield from rest
        except BatchError:
            raise ReadError(f"{MISSING}: {self._stop()}") from None

    def _start(self) -> Batch:
        if self._git is None or self._batch is None:
            self._git = Git(COMMAND, directory=self._directory, stdin=PIPE)
            self._batch = Batch(self._git.input.fileno(), self._git.output.fileno())
        return self._batch

    def _stop(self) -> str:
        """End git, and return its last words if something was wrong with it."""
        if self._git is None:
            return ""
        with self._git as git:
            self._git = self._batch = None
            # Without pipes it ends by itself, if it has not already.
            git.input.close()
            git.output.close()
            return git.failure() or "git ended early"


def _named(origin: Origin, name: bytes, kind: bytes = b"object") -> Origin:
    origin.git_object = (name.decode("ascii"), kind.decode("ascii"))
    return origin
