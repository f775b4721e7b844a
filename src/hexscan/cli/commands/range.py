"""``hexscan range``: find keys in the objects between two revisions."""

import os
from collections.abc import Callable
from typing import Any

import click

from hexscan.cli.commands.options import Scanning, reading_objects, settle_objects
from hexscan.cli.run import run
from hexscan.cli.settings.cache import remembering
from hexscan.cli.settings.cache_place import settle_cache
from hexscan.history.stream import scan_range
from hexscan.sources.git.range import Range

HELP = """Find Hex.pm API keys in everything that a range of commits brings in.

\b
  hexscan range origin/main..HEAD     what a pull request would bring
  hexscan range v1.0..v1.1            what came between two releases
  hexscan range HEAD                  all that HEAD reaches

Reads every blob, commit and annotated tag that REV reaches, and the names in its trees. REV is
what `git rev-list` takes, in the repository of the current directory.

Exit status: 0 nothing found; 1 keys found; 2 something could not be read, or the call was wrong.
"""


@click.command("range", cls=Scanning, help=HELP)
@click.argument("revisions", metavar="REV..REV", nargs=-1, required=True)
@remembering
@reading_objects
def command(
    revisions: tuple[str, ...],
    *,
    no_cache: bool,
    cache_dir: str | None,
    **options: Any,  # noqa: ANN401 - see settle
) -> Callable[[], int]:
    """Settle the options and return the scan, still to be called."""
    config, telling = settle_objects(**options)
    config = settle_cache(config, no_cache=no_cache, cache_dir=cache_dir)
    named = [os.fsencode(revision) for revision in revisions]
    return lambda: run(lambda: scan_range(Range(named), config), telling)
