"""Objects read one by one: those in which something may be found."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator

from hexscan.blob import FAILURE, NAME, Blob, Origin, ReadError, Skip
from hexscan.sources.git.door import Git
from hexscan.sources.git.objects import unreadable
from hexscan.sources.git.repository import Repository
from hexscan.sources.git.tree import split

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import IO

_AT_ONCE = 1 << 23
_CHUNK = 1 << 20

Item = Blob | Skip


class Reader:
    """Reads objects by their names through one git, which is started again after it died.

    Names have to be followed by :meth:`close`. ``size`` is that of the object that was asked for
    last, or 0 where git could not give it.
    """

    def __init__(self, repository: Repository) -> None:
        self.size = 0
        self._repository = repository
        self._git: Git | None = None
        self._output: IO[bytes] = io.BytesIO()

    def close(self) -> None:
        """End git, if it runs."""
        if self._git is not None:
            self._output.close()
            self._git.close()
            self._git = None

    def items(self, name: str) -> Iterator[Item]:
        """Yield what an object holds: its content, or for a tree the name of each entry.

        Of a tree that git stores and that is none, both.

        The bytes hold until the next item is asked for. An object that git cannot give is a skip.
        """
        self.size = 0
        header = self._ask(name)
        if header is None:
            yield self._failed(name)
            return
        kind, size = header
        self.size = size
        origin = Origin(name.encode("ascii"), git_object=(name, kind))
        if size > _AT_ONCE and kind != "tree":
            # A head of its own, since that is what tells an archive.
            head = self._output.read(_CHUNK)
            rest = self._rest(size - len(head))
            yield Blob(origin, memoryview(head), rest)
            for _ in rest:  # whoever stopped early: the next answer stands behind this one
                pass
            return
        content = self._output.read(size)
        if len(content) < size or self._output.read(1) != b"\n":
            yield self._failed(name)
        elif kind == "tree":
            entries, end = split(content, self._repository.name_length // 2)
            for entry in entries:
                where = Origin(entry, NAME, git_object=(name, kind))
                yield Blob(where, memoryview(entry))
            if end < len(content):
                yield Blob(origin, memoryview(content))
        else:
            yield Blob(origin, memoryview(content))

    def _ask(self, name: str) -> tuple[str, int] | None:
        """Ask for an object; return its type and size, or ``None`` if git cannot give it."""
        if self._git is None:
            self._git = self._repository.git(("cat-file", "--batch"), subprocess.PIPE)
            self._output = io.BufferedReader(_raw(self._git.output), _CHUNK)
        try:
            self._git.input.write(name.encode("ascii") + b"\n")
        except BrokenPipeError:
            return None
        words = self._output.readline().split()
        if len(words) != 3:  # noqa: PLR2004 - name, type and size
            return None
        return words[1].decode("ascii"), int(words[2])

    def _rest(self, size: int) -> Iterator[memoryview]:
        while size:
            chunk = self._output.read(min(size, _CHUNK))
            if not chunk:
                raise ReadError(self._last_words())
            size -= len(chunk)
            yield memoryview(chunk)
        self._output.read(1)

    def _failed(self, name: str) -> Skip:
        reason = unreadable(name, self._last_words())
        return Skip(Origin(name.encode("ascii")), FAILURE, reason)

    def _last_words(self) -> str:
        """Return why git gave up, in its own words; it has to be started again then."""
        if self._git is None:
            return ""
        self._git.input.close()
        while self._output.read(_CHUNK):
            pass
        why = self._git.failure() or ""
        self.close()
        return why


def _raw(stream: IO[bytes]) -> io.RawIOBase:
    assert isinstance(stream, io.RawIOBase)  # noqa: S101 - the door opens it unbuffered
    return stream
