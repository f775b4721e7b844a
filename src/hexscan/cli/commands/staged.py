"""``hexscan staged``: find keys in what ``git commit`` would record."""

import os
from collections.abc import Callable
from typing import Any

import click

from hexscan.cli.commands.options import Scanning, scanning_alone, settle
from hexscan.cli.run import run_hook
from hexscan.cli.settings.cache import remembering
from hexscan.cli.settings.cache_place import settle_cache
from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.stream import scan_objects
from hexscan.run import scanner_for
from hexscan.sources.git.staged import Staged

HELP = """Find Hex.pm API keys in what `git commit` would record.

Reads every entry of the index that HEAD does not have, its path, and for a symbolic link its
target: from the index, not from the working tree. REPO is a directory in the repository, by
default the current one. A clean run prints nothing, as a git hook should; see --verbose.

Exit status: 0 nothing found; 1 keys found; 2 something could not be read, or the call was wrong.
"""


@click.command("staged", cls=Scanning, help=HELP)
@click.argument("repository", metavar="[REPO]", required=False, type=click.Path())
@remembering
@scanning_alone
def command(
    repository: str | None,
    *,
    no_cache: bool,
    cache_dir: str | None,
    **options: Any,  # noqa: ANN401 - see settle
) -> Callable[[], int]:
    """Settle the options and return the scan, still to be called."""
    config, telling = settle(**options)
    config = settle_cache(config, no_cache=no_cache, cache_dir=cache_dir)
    return lambda: run_hook(lambda: scan(repository, config), telling)


def scan(repository: str | None, config: Config) -> Report:
    """Scan what is staged in a repository.

    In the current directory the variables of a git hook are honoured: `git commit FILE` has an
    index of its own. They do not speak of another one.
    """
    directory = os.fsencode(repository) if repository else None
    if directory and os.path.realpath(directory) == os.path.realpath(b"."):
        directory = None
    suspects = scanner_for(config).suspects
    source = Staged(directory, exclude=config.exclude, ignore=config.ignore, suspects=suspects)
    return scan_objects(source.items, config, directory)
