"""A batch of objects, searched as fast as git gives them.

Git is the slow part: inflating and putting deltas together takes nearly all of the time. Of its
output nothing is parsed while nothing is found: the listing tells how long every object is, so
the stream of many objects is searched as a whole, and only where it may hold a key are the objects
told apart. That the stream has its full length proves that no object was missing from it.

Git writes into a file in memory that is used again for every batch, and not into a pipe. A pipe
costs a copy on either side and a change of process every few pages: for 67 MB of objects git and
the search took 0.24 s of processor with the file, 0.29 s to read the pipe alone, and git 0.21 s to
write to nowhere. And git goes on with its caches from batch to batch: a git for each batch of
32 MB took twice as long.
"""

from __future__ import annotations

import mmap
import os
import subprocess
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator
from itertools import accumulate
from operator import add

from hexscan.containers.sniff import directories, format_of, may_open
from hexscan.sources.git.columns import BLOB, KINDS
from hexscan.sources.git.door import Git
from hexscan.sources.git.families import BATCH_BYTES, BATCH_OBJECTS, Batch
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.repository import Repository

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import Protocol

    class Gate(Protocol):
        """A :class:`hexscan.scanner.Scanner` that is asked where it need not scan."""

        def doubts(self, data: memoryview) -> Callable[[int, int], int]:
            """Ask at once about many objects that lie in ``data``."""

        def may_find(self, data: memoryview) -> bool:
            """Tell whether there is anything to be found in an object of which there is doubt."""


_SHORTEST_PAUSE, _PAUSE = 0.0001, 0.001

_MOST_AROUND = 96
_FILE_SIZE = BATCH_BYTES + BATCH_OBJECTS * _MOST_AROUND
_BATCH_COMMAND_SINCE = (2, 36)


class Sweeper:
    """Finds the objects of a repository that have to be looked at one by one.

    It owns a git process and the file that this writes to, until it is closed. ``gate`` is asked
    about a batch as a whole. With ``unpack`` a blob that may be an archive or compressed has to be
    looked into as well.
    """

    def __init__(self, repository: Repository, gate: Gate, *, unpack: bool) -> None:
        self._repository = repository
        self._gate = gate
        self._unpack = unpack
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

    def suspects(self, batch: Batch) -> list[int]:
        """Return the indices of the objects in which something may be found.

        All of them where git did not give the whole batch, or where the batch is a single object
        too large to hold.
        """
        everything = list(range(batch.count))
        if batch.size > BATCH_BYTES:
            return everything
        layout = _Layout(batch, self._around)
        length = layout.length
        if self._write(batch, length) != length:
            self._end_git()
            return everything
        with memoryview(self._mapped)[:length] as whole:
            suspects = set(self._search(whole, layout))
            if self._unpack:
                suspects.update(_opening(whole, layout))
            return sorted(suspects)

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

    def _search(self, whole: memoryview, layout: _Layout) -> Iterator[int]:
        for index, low, high in layout.doubtful(self._gate.doubts(whole)):
            if self._gate.may_find(whole[low:high]):
                yield index


class _Layout:
    """Where in a batch's stream each object starts; counted out only when somebody asks.

    ``around`` tells for each kind how many bytes git writes for an object beside its content, as a
    table for ``bytes.translate``. ``length`` is that of the whole stream.
    """

    def __init__(self, batch: Batch, around: bytes) -> None:
        self._batch = batch
        self._around = batch.kinds.translate(around)
        self._head = around[BLOB] - 1  # with the line's end; another is behind the content
        self._starts: list[int] = []
        self.length = batch.size + sum(self._around)

    def doubtful(self, doubts: Callable[[int, int], int]) -> Iterator[tuple[int, int, int]]:
        """Yield the index of each object of which there is doubt, and where it lies.

        The line before its content counts as a part of it.
        """
        place = doubts(0, 0)
        if place >= self.length:
            return
        starts = self._counted()
        index = 0
        while index < self._batch.count:
            start, stop = starts[index], starts[index + 1]
            place = doubts(start, stop)
            if place < stop:
                yield index, start, stop
                index += 1
            else:
                index = bisect_right(starts, place) - 1

    def holders(self, place_from: Callable[[int], int]) -> Iterator[tuple[int, int, int]]:
        """Yield the index of each blob in which a place is, and where its content lies.

        ``place_from`` gives the next place from an offset on, or -1.
        """
        place = place_from(0)
        while 0 <= place < self.length:
            starts = self._counted()
            index = bisect_right(starts, place) - 1
            if self._batch.kinds[index] == BLOB:
                yield index, starts[index] + self._head, starts[index + 1] - 1
            place = place_from(starts[index + 1])

    def openers(self, whole: memoryview) -> Iterator[tuple[int, int, int]]:
        """Yield the same of those blobs that may be containers by their heads."""
        starts, kinds = self._counted(), self._batch.kinds
        for index in may_open(whole, starts[1:], first=0, gap=self._head):
            if kinds[index] == BLOB:
                yield index, starts[index] + self._head, starts[index + 1] - 1

    def _counted(self) -> list[int]:
        if not self._starts:
            lengths = map(add, self._batch.sizes, self._around)
            self._starts = list(accumulate(lengths, initial=0))
        return self._starts


def _opening(whole: memoryview, layout: _Layout) -> Iterator[int]:
    """Yield the indices of the blobs that may be containers."""
    for index, low, high in layout.openers(whole):
        if format_of(whole[low:high], whole=False):
            yield index
    # A zip is told by its end.
    for index, low, high in layout.holders(directories(whole)):
        if format_of(whole[low:high], whole=True):
            yield index


def _table_around(tildes: int) -> bytes:
    """Return what :class:`_Layout` wants to know, for headers of a type and so many tildes."""
    lengths = dict.fromkeys(range(256), 0)
    # And two line ends, one behind the header and one behind the content.
    lengths |= {code: len(kind) + tildes + 2 for kind, code in KINDS.items()}
    return bytes(lengths.values())


def _pause(elapsed: float, written: int, length: int) -> float:
    """Return how long to wait for git, which has written so much of the length in that time."""
    left = elapsed * (length - written) / written if written else _PAUSE
    return min(max(left, _SHORTEST_PAUSE), _PAUSE)
