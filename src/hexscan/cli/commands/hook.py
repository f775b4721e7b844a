"""``hexscan-hook``: find keys in the files that pre-commit lists."""

from collections.abc import Callable
from typing import Any

import click

from hexscan.cli.commands.options import Scanning, scanning, settle
from hexscan.cli.run import run
from hexscan.engine import scan_listed

HELP = """Find Hex.pm API keys in the files of a commit. Called by pre-commit.

\b
  hexscan-hook -- a.ex b.ex                what pre-commit does
  hexscan-hook --exclude test/ -- a.ex     options end with --

Links are not followed, directories are not entered, and .hexscanignore holds for every FILE.

Exit status: 0 nothing found; 1 keys found; 2 something could not be read, or the call was wrong.
"""


@click.command("hexscan-hook", cls=Scanning, help=HELP)
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path())
@scanning
def command(files: tuple[str, ...], **options: Any) -> Callable[[], int]:  # noqa: ANN401 - see settle
    """Settle the options of the hook and return its scan, still to be called."""
    config, telling = settle(**options)
    return lambda: run(lambda: scan_listed(files, config), telling)
