"""What a git writes for long, taken in large pieces.

Git writes a page at a time. Whoever waits for each wakes up as often: a listing of 337,000 objects
came in 7,100 pieces, and took git half as long again and the reader twice as long as in 300.
"""

import time
from collections.abc import Iterator

from hexscan.sources.git.door import Git

try:
    from fcntl import F_SETPIPE_SZ, fcntl
except ImportError:  # not on Linux
    fcntl = None  # type: ignore[assignment]

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


def _widen(command: Git) -> None:
    """Let the pipe hold more, where the system can; a user may have too many of these."""
    if fcntl is not None:
        try:
            fcntl(command.output, F_SETPIPE_SZ, _PIPE)
        except OSError:
            return
