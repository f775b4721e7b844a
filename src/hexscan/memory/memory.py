"""The memory of one repository: opened before a scan, asked while it runs, written behind it."""

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator

from hexscan.config import Config
from hexscan.memory import ids, meaning
from hexscan.memory.record import TEMPORARY, Record, UnusableError, is_one, read, write

_SUFFIX = ".clean"
_NAME_LENGTH = 64
_HEX = frozenset("0123456789abcdef")

_UNUSED_FOR = 90 * 24 * 3600
_ABANDONED = 24 * 3600
"""Seconds after which files of repositories nobody scans any more, or of runs cut short, go."""


class Memory:
    """The ids of the objects of one repository that earlier runs have proved clean.

    ``common_dir`` is the repository's git directory, the one that linked work trees share, and
    ``places`` are the directories that are the repository's: nothing is ever kept in one of them.
    ``id_size`` is the length of an id in bytes. ``notes`` say, for those who want to know, what
    kept the memory from being used.

    Nothing here raises for what is wrong with a file or a directory: a run without memory does
    more work, and tells the same.
    """

    def __init__(
        self, config: Config, common_dir: bytes, places: Iterable[bytes], id_size: int
    ) -> None:
        self.notes: list[str] = []
        self.record = Record()
        self.id_size = id_size
        self._path = ""
        directory = config.cache_dir
        if not directory or not (directory := self._outside(directory, places)):
            return
        self._program = meaning.program()
        if self._program is None:
            self._note("it cannot be told which hexscan this is")
            return
        whose = repr((os.path.realpath(common_dir), meaning.options(config), id_size)).encode()
        # Two sets of options do not take each other's place; an older version makes way.
        name = hashlib.sha256(whose).hexdigest()
        self._meaning = hashlib.sha256(self._program + whose).digest()
        self._path = os.path.join(directory, name + _SUFFIX)  # noqa: PTH118 - see meaning
        try:
            self.record = read(self._path, self._meaning, id_size) or self.record
        except UnusableError as error:
            self.notes.append(f"the memory of clean objects was thrown away: {error}")

    @property
    def is_kept(self) -> bool:
        """Whether there is a place to keep anything."""
        return bool(self._path)

    def holds(self, name: bytes) -> bool:
        """Tell whether an object, by its hex name, is known to be clean."""
        return ids.holds(self.record.ids, bytes.fromhex(name.decode("ascii")), self.id_size)

    def keep(self, record: Record) -> None:
        """Write what is known now, in place of what was."""
        if not self._path:
            return
        if meaning.program() != self._program:
            self._note("hexscan was changed while it ran")
            return
        try:
            if record == self.record:
                os.utime(self._path)  # it is still of use
                return
            directory = os.path.dirname(self._path)  # noqa: PTH120 - see meaning
            os.makedirs(directory, 0o700, exist_ok=True)  # noqa: PTH103 - the same
            write(self._path, record, self._meaning, self.id_size)
            _clear(directory)
        except OSError as error:
            self._note((error.strerror or str(error)).lower())

    def _outside(self, directory: str, places: Iterable[bytes]) -> str:
        """Return where a directory really is, or nothing if that is in the repository."""
        real = os.path.realpath(directory)
        for place in places:
            top = os.fsdecode(os.path.realpath(place))
            if real == top or real.startswith(top.rstrip(os.sep) + os.sep):
                self._note(f"{directory} is in the repository")
                return ""
        return real

    def _note(self, why: str) -> None:
        self.notes.append(f"no memory of clean objects is kept: {why}")


def _clear(directory: str) -> None:
    """Remove what nobody has used for long; only files that are surely hexscan's own."""
    now = time.time()
    for path, age in _own(directory, now):
        limit = _ABANDONED if path.endswith(TEMPORARY) else _UNUSED_FOR
        if age > limit and (path.endswith(TEMPORARY) or is_one(path)):
            os.unlink(path)  # noqa: PTH108 - see meaning


def _own(directory: str, now: float) -> Iterator[tuple[str, float]]:
    """Yield the path of each plain file with a name of ours, and how many seconds old it is."""
    with os.scandir(directory) as entries:
        for entry in entries:
            name, dot, rest = entry.name.partition(".")
            ours = rest == _SUFFIX[1:] or (
                rest.startswith(_SUFFIX[1:] + ".") and rest.endswith(TEMPORARY)
            )
            if dot and ours and len(name) == _NAME_LENGTH and set(name) <= _HEX:
                status = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(status.st_mode):
                    yield entry.path, now - status.st_mtime
