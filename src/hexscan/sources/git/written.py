"""Objects as git writes them, many at a time, into a file in memory.

Of its output nothing is parsed: the listing has told how long every object is. That what git writes
has its full length proves that no object was missing.

A file that is used again for every batch, and not a pipe: a pipe costs a copy on either side and a
change of process every few pages. For 67 MB of objects git and the search took 0.24 s of processor
with the file, 0.29 s to read the pipe alone, and git 0.21 s to write to nowhere. And git goes on
with its caches from batch to batch: a git for each batch of 32 MB took twice as long.
"""

from __future__ import annotations

import mmap
import os
import subprocess
import time
from itertools import accumulate
from operator import add

from hexscan.sources.git.columns import BLOB, KINDS
from hexscan.sources.git.families import BATCH_BYTES, BATCH_OBJECTS, Batch
from hexscan.sources.git.layout import Layout
from hexscan.sources.git.nameless import nameless_file

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from hexscan.sources.git.door import Git
    from hexscan.sources.git.repository import Repository

_SHORTEST_PAUSE, _PAUSE = 0.0001, 0.001

_MOST_AROUND = 96
_FILE_SIZE = BATCH_BYTES + BATCH_OBJECTS * _MOST_AROUND
_BATCH_COMMAND_SINCE = (2, 36)


class Writer:
    """Lets git write batches. It owns a git process and the file, until it is closed."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._file = nameless_file(buffering=0)
        # Mapped once, for a page that is touched the first time costs more than to search it.
        self._file.truncate(_FILE_SIZE)
        self._mapped = mmap.mmap(self._file.fileno(), _FILE_SIZE, access=mmap.ACCESS_READ)
        self._git: Git | None = None
        # No object is called like this, so git answers with one short line.
        end = b".." + os.urandom(8).hex().encode()
        self._last_name, self._last_line = end, end + b" missing\n"
        # No size: to tell it again would cost git time. No name: a search for long runs of hex
        # digits would stop at each. Without the type git 2.39 fails. The tildes make it longer than
        # any answer about a missing object, so that none can hide in the length of a stream; they
        # are in no run, so that none goes on from one object to the next.
        tildes = "~" * (repository.name_length + len(" missing\n"))
        header = "%(objecttype)" + tildes
        self._around = _table_around(len(tildes))
        if repository.git_version >= _BATCH_COMMAND_SINCE:
            # Two of three writes of git's are spared where it can keep its output until told.
            self._command = ["cat-file", f"--batch-command={header}", "--buffer"]
            self._verb, self._flush = b"contents ", b"flush\n"
        else:
            self._command = ["cat-file", f"--batch={header}"]
            self._verb, self._flush = b"", b""

    def close(self) -> None:
        """End git and let go of the file."""
        self._end_git()
        self._mapped.close()
        self._file.close()

    def write(self, batch: Batch) -> tuple[memoryview, Layout] | None:
        """Return a batch's objects, until the next one is written, and where each of them lies.

        ``None`` if git did not give all of it, or it is a single object too large to hold.
        """
        if batch.size > BATCH_BYTES:
            return None
        around = batch.kinds.translate(self._around)
        length = batch.size + sum(around)
        if self._write(batch, length) != length:
            self._end_git()
            return None

        def starts() -> list[int]:
            return list(accumulate(map(add, batch.sizes, around), initial=0))

        # The line's end behind the content is not of the head.
        layout = Layout(batch.kinds, self._around[BLOB] - 1, length, starts)
        return memoryview(self._mapped)[:length], layout

    def _write(self, batch: Batch, length: int) -> int:
        """Let git write the objects to the file; return how much it wrote, or -1 if it failed."""
        os.lseek(self._file.fileno(), 0, os.SEEK_SET)
        if self._git is None:
            self._git = self._repository.git(self._command, subprocess.PIPE, self._file)
        names = batch.lines().encode() + b"\n" + self._last_name
        request = self._verb + names.replace(b"\n", b"\n" + self._verb) + b"\n"
        try:
            # Git's answers go to a file, so it always comes back for more names.
            self._git.input.write(request + self._flush)
        except BrokenPipeError:
            return -1
        return self._wait(self._git, length)

    def _wait(self, git: Git, length: int) -> int:
        """Wait for git's answer to the last name and return how much stands before it.

        A file tells nobody that it has grown, so it is looked at, about when it should have the
        ``length`` that is expected.
        """
        descriptor, last = self._file.fileno(), self._last_line
        started = time.perf_counter()
        while True:
            ended = git.has_ended()
            # Git writes through the same open file, so this is where it stands.
            position = os.lseek(descriptor, 0, os.SEEK_CUR)
            size = position - len(last)
            if size >= 0 and os.pread(descriptor, len(last), size) == last:
                return size
            if ended:
                return -1
            time.sleep(_pause(time.perf_counter() - started, position, length))

    def _end_git(self) -> None:
        if self._git is not None:
            self._git.close()
            self._git = None


def _table_around(tildes: int) -> bytes:
    """Return what stands around an object of each kind, for headers with so many tildes."""
    lengths = dict.fromkeys(range(256), 0)
    # And two line ends, one behind the header and one behind the content.
    lengths |= {code: len(kind) + tildes + 2 for kind, code in KINDS.items()}
    return bytes(lengths.values())


def _pause(elapsed: float, written: int, length: int) -> float:
    """Return how long to wait for git, which has written so much of the length in that time."""
    left = elapsed * (length - written) / written if written else _PAUSE
    return min(max(left, _SHORTEST_PAUSE), _PAUSE)
