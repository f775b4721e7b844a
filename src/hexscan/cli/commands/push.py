"""``hexscan push``: find keys in what is about to be pushed."""

import os
import sys
from collections.abc import Callable
from typing import Any

import click

from hexscan.cli.commands.options import Scanning, reading_objects, settle_objects
from hexscan.cli.run import run_hook
from hexscan.cli.settings.cache import remembering
from hexscan.cli.settings.cache_place import settle_cache
from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.stream import scan_range
from hexscan.sources.git.push import Push, from_lines, from_pre_commit

HELP = """Find Hex.pm API keys in what is about to be pushed. A pre-push hook of git.

\b
  hexscan push "$@"      as .git/hooks/pre-push: git's lines come on standard input
  hexscan push origin    by hand: what HEAD has and the remote has not

Reads every blob, commit and annotated tag that the remote does not have yet, and the names in
trees. Deleting a branch reads nothing. REMOTE and URL are what git gives to the hook. Under
pre-commit its variables tell what is pushed. A clean run prints nothing, unless --verbose.

Exit status: 0 nothing found; 1 keys found; 2 something could not be read, or the call was wrong.
"""


@click.command("push", cls=Scanning, help=HELP)
@click.argument("remote", metavar="[REMOTE]", default="")
@click.argument("url", metavar="[URL]", default="")
@remembering
@reading_objects
def command(
    remote: str,
    url: str,
    *,
    no_cache: bool,
    cache_dir: str | None,
    **options: Any,  # noqa: ANN401 - see settle
) -> Callable[[], int]:
    """Settle the options and return the scan, still to be called."""
    config, telling = settle_objects(**options)
    config = settle_cache(config, no_cache=no_cache, cache_dir=cache_dir)
    # Git always tells its hook where the remote is. A person says its name at most.
    return lambda: run_hook(lambda: scan(remote, url, config), telling)


def scan(remote: str, url: str, config: Config) -> Report:
    """Scan what is pushed to a remote; where that is, git tells its hook, and a person does not."""
    push = _pushed(os.fsencode(remote), os.fsencode(url))
    return scan_range(push.range(), config, push.names())


def _pushed(remote: bytes, url: bytes) -> Push:
    silent = sys.stdin is None or sys.stdin.isatty()
    lines = [] if silent else sys.stdin.buffer.readlines()
    if lines:
        return from_lines(lines, remote, url)
    # Git runs the hook without a line where everything is up to date.
    nothing = Push(() if url else (b"HEAD",), remote=remote)
    return from_pre_commit(os.environ) or nothing
