"""``hexscan scan``: find keys in files and directories."""

import functools
from collections.abc import Callable
from typing import get_args

import click

from hexscan import __version__
from hexscan.cli.output import Color
from hexscan.cli.scan import Format, Telling, run
from hexscan.config import Config

HELP = """Find Hex.pm API keys in files and directories.

\b
  hexscan                          what git would list here
  hexscan lib config/prod.exs      a directory and a file
  git log -p | hexscan -           standard input
  hexscan --no-ignore ~/.hex       everything, ignored files too
  hexscan --format json -o r.json  a report for programs

PATH is "." if none is given. A path that is named like a command is written ./scan.

Exit status: 0 nothing found; 1 keys found; 2 something could not be read, or the call was wrong.
"""


@click.command("scan", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option(
    "--exclude",
    metavar="GLOB",
    multiple=True,
    help="Leave out what matches, in gitignore syntax. Can be repeated.",
)
@click.option(
    "--no-ignore", is_flag=True, help="Scan everything: no ignore file is honoured, git not asked."
)
@click.option(
    "--unprefixed", is_flag=True, help="Also report 40 bare digits with a key's checksum."
)
@click.option("--lookalikes", is_flag=True, help="Also note what looks like a key and is none.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(get_args(Format)),
    default="text",
    help="Text for people (the default) or JSON for programs.",
)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    help="Write the report to FILE, whole or not at all.",
)
@click.option("-q", "--quiet", is_flag=True, help="One line for each finding; nothing if clean.")
@click.option("-v", "--verbose", is_flag=True, help="Also fingerprints, and all that was left out.")
@click.option(
    "--color",
    type=click.Choice(get_args(Color)),
    default="auto",
    help="By default on a terminal, unless NO_COLOR is set.",
)
@click.version_option(__version__, prog_name="hexscan", message="%(prog)s %(version)s")
def command(  # noqa: PLR0913 - one parameter for each option, settled here into two objects
    *,
    paths: tuple[str, ...],
    exclude: tuple[str, ...],
    no_ignore: bool,
    unprefixed: bool,
    lookalikes: bool,
    format_: Format,
    output: str | None,
    quiet: bool,
    verbose: bool,
    color: Color,
) -> Callable[[], int]:
    """Settle the options of a scan and return the scan, still to be called."""
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    config = Config(
        exclude=exclude, ignore=not no_ignore, unprefixed=unprefixed, lookalikes=lookalikes
    )
    telling = Telling(format=format_, file=output, quiet=quiet, verbose=verbose, color=color)
    return functools.partial(run, paths or (".",), config, telling)
