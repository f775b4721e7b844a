"""A scan of a history for somebody who waits: with its progress."""

from __future__ import annotations

import sys

from hexscan.cli import progress as progress_line
from hexscan.history.run import scan_history
from hexscan.sources.git.history import EVERYTHING

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from hexscan.config import Config
    from hexscan.finding import Report
    from hexscan.sources.git.history import Narrowing


def scanned(
    path: bytes,
    config: Config,
    narrowing: Narrowing = EVERYTHING,
    *,
    allow_partial: bool = False,
    progress: bool | None = None,
) -> Report:
    """Scan what a repository holds, as :func:`hexscan.history.run.scan_history` does.

    ``progress`` is what was asked for, ``None`` for nothing.
    """
    line = progress_line.Line(sys.stderr) if progress_line.wanted(progress) else None
    try:
        return scan_history(
            path, config, narrowing=narrowing, allow_partial=allow_partial, watch=line
        )
    finally:
        if line:
            line.clear()
