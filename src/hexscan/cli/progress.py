"""How far a long run is, on a terminal's standard error and nowhere else."""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import TextIO

    from hexscan.progress import Progress

_PATIENCE = 1.0
_EVERY = 0.1
_ERASE = "\r\x1b[K"


class Line:
    """One line that is written over while a run goes on, from its second second.

    :meth:`clear` takes it away. Nothing is written where nobody would see it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started = self._told = time.monotonic()
        self._shown = False

    def __call__(self, progress: Progress) -> None:
        """Tell how far the run is, but not at every call."""
        now = time.monotonic()
        if now - self._started < _PATIENCE or now - self._told < _EVERY:
            return
        self._told = now
        self._shown = True
        self._write(f"{_ERASE}{_words(progress, now - self._started)}")

    def clear(self) -> None:
        """Take the line away, if there is one."""
        if self._shown:
            self._write(_ERASE)
            self._shown = False

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._shown = False  # whoever has closed it wants to hear no more


def _words(progress: Progress, seconds: float) -> str:
    from hexscan.reports.wording import human_bytes  # noqa: PLC0415 - for a long run alone

    files = f"{progress.done:,} files"
    what = files if progress.of is None else f"{progress.done:,} of {progress.of:,} objects"
    return (
        f"{what}, {human_bytes(progress.bytes)}, {progress.bytes / seconds / 1e6:,.0f} MB/s, "
        f"{progress.findings:,} found"
    )


def wanted(asked: bool | None) -> bool:  # noqa: FBT001 - the value of a flag
    """Tell whether to show progress: by default on a terminal; ``asked`` settles it otherwise.

    Even if asked for it is shown on a terminal only.
    """
    return asked is not False and sys.stderr is not None and sys.stderr.isatty()
