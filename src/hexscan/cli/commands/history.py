"""``hexscan history``: find keys in everything that a git repository still holds."""

import os
import shlex
from collections.abc import Callable
from typing import Any

import click
from click.core import ParameterSource

from hexscan.cli import output
from hexscan.cli.commands.options import (
    Scanning,
    reading_history,
    settle_objects,
    sharing_work,
    showing_progress,
)
from hexscan.cli.history import scanned
from hexscan.cli.run import run
from hexscan.cli.settings.cache import remembering
from hexscan.cli.settings.cache_place import settle_cache
from hexscan.errors import ConfigError
from hexscan.finding import Report
from hexscan.respond import replacements
from hexscan.sources.git.history import Narrowing
from hexscan.values import replace

HELP = """Find Hex.pm API keys in everything that a git repository still holds.

Every object once, reachable or not; names of files and refs; reflogs, notes, stashes, the index,
and the files of the git directory. For each key: the commit that brought it in, and how it can
still be reached.

\b
  hexscan history                      the repository around here
  hexscan history --range main..HEAD   what some commits reach
  hexscan history --write-replacements ../keys.txt
                                       also the file for git filter-repo

Exit status: 0 nothing found; 1 keys found; 2 something could not be read, or the call was wrong.
"""


@click.command("history", cls=Scanning, help=HELP)
@click.argument("repository", metavar="[REPO]", default=".", type=click.Path())
@click.option("--since", metavar="DATE", help="Only what commits after DATE reach.")
@click.option("--range", "range_", metavar="A..B", help="Only what is in B and not in A.")
@click.option("--ref", metavar="GLOB", help="Only what refs that match reach, as in heads/rel-*.")
@click.option(
    "--allow-partial", is_flag=True, help="Accept a shallow or partial clone, with a warning."
)
@click.option(
    "--write-replacements",
    metavar="FILE",
    type=click.Path(),
    help="Write THE KEYS to FILE, for git filter-repo --replace-text.",
)
@showing_progress
@sharing_work
@remembering
@reading_history
def command(  # noqa: PLR0913 - one parameter for each option
    *,
    repository: str,
    since: str | None,
    range_: str | None,
    ref: str | None,
    allow_partial: bool,
    write_replacements: str | None,
    progress: bool | None,
    no_cache: bool,
    cache_dir: str | None,
    **options: Any,  # noqa: ANN401 - see settle
) -> Callable[[], int]:
    """Settle the options of a history scan and return the scan, still to be called."""
    _refuse_strict()
    config, telling = settle_objects(**{**options, "strict": False})
    config = settle_cache(config, no_cache=no_cache, cache_dir=cache_dir)
    path = os.fsencode(repository)
    narrowing = Narrowing(since=since, range=range_, ref=ref)

    def scan() -> Report:
        if write_replacements is not None:
            replacements.check(path, write_replacements)
        report = scanned(path, config, narrowing, allow_partial=allow_partial, progress=progress)
        if write_replacements is not None:
            written = replacements.write(path, report.findings, write_replacements)
            output.note(_next_step(written, write_replacements))
            if written.left:
                report = _with_warning(report, written.left)
        return report

    return lambda: run(scan, telling)


def _refuse_strict() -> None:
    """Raise ``ConfigError`` where ``--strict`` is asked for; a file or variable may set it.

    Every version of a file is read here, and in most of them a mark has a key beside it or has not
    for reasons that nobody can change any more.
    """
    if click.get_current_context().get_parameter_source("strict") == ParameterSource.COMMANDLINE:
        raise ConfigError(
            "--strict has no meaning for a history, whose marks cannot be mended",
            hint="use: hexscan --strict",
        )


def _next_step(written: replacements.Written, file: str) -> str:
    """Return in a line what was written, and what it is for."""
    if not written.lines:
        return f"nothing to be replaced: {file} was not written"
    quoted = shlex.quote(file)
    messages = f" --replace-message {quoted}" if written.in_messages else ""
    number = f"{written.lines:,} {'key' if written.lines == 1 else 'keys'}"
    return (
        f"{number} written to {file}, in plain text: revoke first, then run"
        f" `git filter-repo --replace-text {quoted}{messages}`, then delete the file"
    )


def _with_warning(report: Report, left: int) -> Report:
    warning = (
        f"the replacements do not cover {left} of the places: keys in names, in encodings, in "
        "archives, in submodules or in files of git's own"
    )
    return replace(report, warnings=(*report.warnings, warning))
