"""What a git writes for long, taken in large pieces.

Git writes a page at a time. Whoever waits for each wakes up as often: a listing of 337,000 objects
came in 7,100 pieces, and took git half as long again and the reader twice as long as in 300.
"""

from __future__ import annotations

import os
import time

from hexscan.sources.git.door import Git

try:
    from fcntl import F_SETPIPE_SZ, fcntl
except ImportError:  # not on Linux
    fcntl = None  # type: ignore[assignment]

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

_PIPE = 1 << 20
_LITTLE = _PIPE // 8
_PAUSE = 0.002
# What ends after a few pages is not waited for.
_FIRST = 4


def whole_lines(command: Git) -> Iterator[bytes]:
    """Yield what git writes, cut at ends of lines."""
    _widen(command)
    begun, pieces = b"", 0
    while block := command.output.read(_PIPE):
        pieces += 1
        if pieces > _FIRST and len(block) < _LITTLE:
            time.sleep(_PAUSE)
        end = block.rfind(b"\n") + 1
        if end:
            yield begun + block[:end]
            begun = block[end:]
        else:
            begun += block


def written_lines(command: Git, file: IO[bytes]) -> Iterator[bytes]:
    """Yield what git writes to a file from its start on, cut at ends of lines, while it does so."""
    descriptor, at = file.fileno(), 0
    while True:
        has_ended = command.has_ended()
        # Not read from where the file stands: that is where git writes.
        block = os.pread(descriptor, _PIPE, at)
        whole = block.rfind(b"\n") + 1
        if whole:
            at += whole
            yield block[:whole]
        elif has_ended:
            return
        if len(block) < _LITTLE and not has_ended:
            time.sleep(_PAUSE)


def _widen(command: Git) -> None:
    """Let the pipe hold more, where the system can; a user may have too many of these."""
    if fcntl is not None:
        try:
            fcntl(command.output, F_SETPIPE_SZ, _PIPE)
        except OSError:
            return
