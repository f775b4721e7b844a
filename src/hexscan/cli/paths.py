"""A scan of paths for somebody who waits: with its progress, and findings as they are found."""

from __future__ import annotations

import sys

from hexscan.cli import progress as progress_line
from hexscan.cli.run import is_live, run
from hexscan.engine import scan

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Sequence

    from hexscan.cli.live import Live
    from hexscan.cli.run import Telling
    from hexscan.config import Config
    from hexscan.finding import Report


def run_paths(
    paths: Sequence[str], config: Config, telling: Telling, *, progress: bool | None = None
) -> int:
    """Scan files and directories, tell what was found and return the exit status.

    ``progress`` is what was asked for, ``None`` for nothing. Raises as
    :func:`hexscan.cli.run.run` does.
    """
    line = progress_line.Line(sys.stderr) if progress_line.wanted(progress) else None
    live = _live(telling, line) if is_live(telling) else None

    def scanned() -> Report:
        try:
            return scan(paths, config, watch=line, told=live.tell if live else None)
        finally:
            if line:
                line.clear()

    return run(scanned, telling, live)


def _live(telling: Telling, line: progress_line.Line | None) -> Live:
    from hexscan.cli.live import Live  # noqa: PLC0415 - not for a plain call

    # Both may be on the same terminal.
    return Live(
        show_suppressed=telling.show_suppressed, before=line.clear if line else lambda: None
    )
