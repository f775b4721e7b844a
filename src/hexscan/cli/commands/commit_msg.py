"""``hexscan commit-msg``: find keys in the message of a commit that is being made."""

import os
from collections.abc import Callable
from typing import Any

import click

from hexscan.cli.commands.options import Scanning, reading_objects, settle_objects
from hexscan.cli.run import run_hook
from hexscan.config import Config
from hexscan.engine import scan_items
from hexscan.finding import Report
from hexscan.sources.git.message import Message

HELP = """Find Hex.pm API keys in a commit message. A commit-msg hook of git.

Reads the message in FILE as git will store it: without the diff below the line with scissors, and
without comments where git takes them out. A clean run prints nothing, unless --verbose.

Exit status: 0 nothing found; 1 keys found; 2 something could not be read, or the call was wrong.
"""


@click.command("commit-msg", cls=Scanning, help=HELP)
@click.argument("file", type=click.Path())
@reading_objects
def command(file: str, **options: Any) -> Callable[[], int]:  # noqa: ANN401 - see settle
    """Settle the options and return the scan, still to be called."""
    config, telling = settle_objects(**options)
    return lambda: run_hook(lambda: scan(file, config), telling)


def scan(file: str, config: Config) -> Report:
    """Scan the message in a file."""
    return scan_items(Message(os.fsencode(file)).items(), config)
