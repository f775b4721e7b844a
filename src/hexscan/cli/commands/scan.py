"""``hexscan scan``: find keys in files and directories."""

from collections.abc import Callable
from typing import Any

import click

from hexscan.cli.commands.options import Scanning, scanning, settle, showing_progress
from hexscan.cli.paths import run_paths

HELP = """Find Hex.pm API keys in files and directories.

\b
  hexscan                          what git would list here
  hexscan lib config/prod.exs      a directory and a file
  git log -p | hexscan -           standard input
  hexscan --no-ignore ~/.hex       everything, ignored files too
  hexscan --format json -o r.json  a report for programs
  hexscan --report html=r.html     one more report, for a browser

PATH is "." if none is given. A path that is named like a command is written ./scan.

Exit status: 0 nothing found; 1 keys found; 2 something could not be read, or the call was wrong.
"""


@click.command("scan", cls=Scanning, help=HELP)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@scanning
@showing_progress
def command(
    *,
    paths: tuple[str, ...],
    progress: bool | None,
    **options: Any,  # noqa: ANN401 - see settle
) -> Callable[[], int]:
    """Settle the options of a scan and return the scan, still to be called."""
    config, telling = settle(**options)
    return lambda: run_paths(paths or (".",), config, telling, progress=progress)
