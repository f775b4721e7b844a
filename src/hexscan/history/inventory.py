"""The names of all objects, sorted, and what they have beside those that are known.

Git lists the names alone in a seventh of the time that it takes with types and sizes.
"""

from __future__ import annotations

from contextlib import ExitStack

from hexscan.memory import ids
from hexscan.memory.ids import Difference
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.output import written_lines
from hexscan.sources.git.repository import Repository

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from hexscan.sources.git.packs import Packs

_COMMAND = ("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")


class Inventory:
    """A listing of all names, by a git that runs beside until :meth:`compare` waits for it.

    ``running`` ends it at the latest. ``listed`` has the ids afterwards, packed.
    """

    def __init__(self, repository: Repository, running: ExitStack) -> None:
        self.listed = b""
        self._name_length = repository.name_length
        self._file = running.enter_context(nameless_file())
        self._git = running.enter_context(repository.git(_COMMAND, None, self._file))

    def compare(self, known: bytes) -> Difference | None:
        """Return how the repository differs from ``known`` ids; ``None`` if git cannot list it."""
        size = self._name_length // 2
        difference = Difference(known, size)
        pieces = []
        length = self._name_length + 1
        for lines in written_lines(self._git, self._file):
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


class PackInventory:
    """The same names, as the indexes of packs have them, and the names of the loose objects."""

    def __init__(self, packs: Packs, size: int) -> None:
        names, others = packs.names()
        self.listed = ids.joined(names, others, size)
        self._size = size

    def compare(self, known: bytes) -> Difference:
        """Return how the repository differs from ``known`` ids."""
        difference = Difference(known, self._size)
        difference.see(self.listed)
        difference.end()
        return difference
