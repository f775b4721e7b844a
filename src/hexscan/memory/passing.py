"""The memory in a scan of objects that come one by one: of a push, a range, or the index.

It is opened only where it pays. To read an object and search it takes some 40 µs there; to ask git
where the memory is, to read it and to write it takes 40 ms for 337,000 ids.
"""

import os
from contextlib import suppress

from hexscan.config import Config
from hexscan.errors import SourceError
from hexscan.memory import ids
from hexscan.memory.memory import Memory
from hexscan.sources.git.door import answer

ENOUGH = 1000
"""So many objects are read without asking, and a run that does not come to them keeps nothing."""


class Passing:
    """The objects that pass a scan: those that are known to be clean, and those that turn out so.

    ``directory`` is in the repository; ``None`` is the current one. ``known`` counts the objects
    that were passed over.
    """

    def __init__(self, config: Config, directory: bytes | None = None) -> None:
        self.known = 0
        self._config = config
        self._directory = directory
        self._asked = 0
        self._is_clean = True
        self._clean: set[bytes] = set()
        self._memory: Memory | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What kept the memory from being used."""
        return tuple(self._memory.notes) if self._memory else ()

    def holds(self, name: bytes) -> bool:
        """Tell whether an object was proved clean by an earlier run."""
        self._asked += 1
        if self._asked <= ENOUGH:
            return False
        if self._memory is None:
            self._memory = self._opened(len(name) // 2)
        held = self._memory.holds(name)
        self.known += held
        return held

    def met(self) -> None:
        """Note that there is something to tell of the object that passes, or of its name."""
        self._is_clean = False

    def told(self, name: bytes) -> None:
        """Note that an object has passed; it is clean if nothing was met since the last."""
        if self._is_clean:
            self._clean.add(bytes.fromhex(name.decode("ascii")))
        self._is_clean = True

    def keep(self) -> None:
        """Write down what turned out to be clean."""
        if self._memory is not None:
            old = self._memory.record
            more = ids.joined(old.ids, self._clean, self._memory.id_size)
            self._memory.keep(old.with_ids(more))

    def _opened(self, id_size: int) -> Memory:
        here = os.path.abspath(self._directory or b".")  # noqa: PTH100 - paths are bytes
        places = []
        # Each by itself: a line's end may be part of a path, and a bare repository has no top.
        for what in ("--git-common-dir", "--git-dir", "--show-toplevel"):
            with suppress(SourceError):
                told = answer(("rev-parse", what), directory=self._directory)
                places.append(os.path.join(here, told))  # noqa: PTH118 - paths are bytes
        return Memory(self._config, places[0], places, id_size)
