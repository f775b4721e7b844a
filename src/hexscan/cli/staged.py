"""``hexscan staged``, called as a git hook: a commit without a key passes in no time.

As in :mod:`hexscan.cli.hook`, what is staged is first read with next to nothing loaded,
and the engine comes in only where that does not end well.
"""

from __future__ import annotations

import os

from hexscan.sources.git import index
from hexscan.sources.git.batch import AHEAD, COMMAND, Batch, BatchError
from hexscan.sources.git.door import spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_BLOCK = 64 * 1024


def all_clean() -> bool:
    """Tell whether there is no key in what is staged in the repository of the current directory.

    ``False`` says only that a closer look is needed. Two git processes run at the same time: one
    lists and one reads.
    """
    if not hasattr(os, "posix_spawn"):
        return False
    running = _Running()
    try:
        return running.is_clean()
    except (OSError, ValueError, BatchError):
        return False
    finally:
        running.close()


class _Running:
    """The git processes; :meth:`close` ends them."""

    def __init__(self) -> None:
        self._descriptors: list[int] = []
        self._processes: list[int] = []

    def is_clean(self) -> bool:
        # The merge base of HEAD and HEAD is HEAD. A git that is too old, before 2.30, does not know
        # the option and fails, which spares a process that would tell its version.
        _, listing = self._start((*index.DIFFERING, "--merge-base", "HEAD", "--"))
        feed, objects = self._start(COMMAND, feeds=True)
        clean = _is_clean(listing, Batch(feed, objects))
        return clean and self._has_succeeded(self._processes[0])

    def _start(self, arguments: Sequence[str], *, feeds: bool = False) -> tuple[int, int]:
        process, feed, output = spawn(arguments, feeds=feeds)
        self._processes.append(process)
        self._descriptors += [output, feed] if feeds else [output]
        return feed, output

    def _has_succeeded(self, process: int) -> bool:
        self._processes.remove(process)
        return not os.waitpid(process, 0)[1]

    def close(self) -> None:
        """Close the pipes, which ends every git that still reads or writes, and wait for it."""
        for descriptor in self._descriptors:
            os.close(descriptor)
        for process in self._processes:
            os.waitpid(process, 0)


def _read(descriptor: int) -> bytes:
    blocks = []
    while block := os.read(descriptor, _BLOCK):
        blocks.append(block)
    return b"".join(blocks)


def _is_clean(listing: int, batch: Batch) -> bool:
    """Tell whether no entry holds a key; what is large, missing or no file is no clean one."""
    # Loaded while git gets going.
    from hexscan.cli.hook import has_match  # noqa: PLC0415
    from hexscan.containers.sniff import format_of  # noqa: PLC0415

    *records, behind_the_last = _read(listing).split(b"\0")
    if behind_the_last:
        return False  # no list, or a part of one
    entries = list(index.differing(records))
    if has_match(b"\n".join(records)):
        return False
    if any(entry.is_unmerged or entry.mode == index.SUBMODULE for entry in entries):
        return False
    for at in range(0, len(entries), AHEAD):
        asked = [entry.object for entry in entries[at : at + AHEAD]]
        batch.ask(asked)
        for _ in asked:
            if batch.header() is None:
                return False
            head, rest = batch.content()
            if rest is not None or format_of(head, whole=True) or has_match(head):
                return False
    return True
