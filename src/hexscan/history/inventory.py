"""The names of all objects, sorted, and what they have beside those that are known.

Git lists the names alone in a seventh of the time that it takes with types and sizes.
"""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack
from tempfile import TemporaryFile

from hexscan.memory.ids import Difference
from hexscan.sources.git.repository import Repository

_COMMAND = ("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
_LINES = 1 << 14
_PAUSE = 0.001


class Inventory:
    """A listing of all names, by a git that runs beside until :meth:`compare` waits for it.

    ``running`` ends it at the latest. ``listed`` has the ids afterwards, packed.
    """

    def __init__(self, repository: Repository, running: ExitStack) -> None:
        self.listed = b""
        self._name_length = repository.name_length
        self._file = running.enter_context(TemporaryFile())  # noqa: SIM115 - the same
        self._git = running.enter_context(repository.git(_COMMAND, None, self._file))

    def compare(self, known: bytes) -> Difference | None:
        """Return how the repository differs from ``known`` ids; ``None`` if git cannot list it."""
        size = self._name_length // 2
        difference = Difference(known, size)
        pieces = []
        # Every line has the same length, so pieces of whole lines are cut without a look.
        length = self._name_length + 1
        for lines in self._written(length):
            try:
                piece = bytes.fromhex(lines.decode("ascii"))
            except ValueError:
                return None
            if len(piece) * length != len(lines) * size:
                return None
            difference.see(piece)
            pieces.append(piece)
        if self._git.failure():
            return None
        difference.end()
        self.listed = b"".join(pieces)
        return difference

    def _written(self, length: int) -> Iterator[bytes]:
        """Yield what git writes while it does so, in whole lines of a ``length``.

        What there is at the end of it is yielded whatever its length.
        """
        descriptor, at = self._file.fileno(), 0
        while True:
            has_ended = self._git.has_ended()
            # Not read from where the file stands: that is where git writes.
            lines = os.pread(descriptor, length * _LINES, at)
            if not has_ended:
                lines = lines[: len(lines) // length * length]
            if lines:
                at += len(lines)
                yield lines
            elif has_ended:
                return
            else:
                time.sleep(_PAUSE)
