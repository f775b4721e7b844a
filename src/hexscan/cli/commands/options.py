"""The options of everything that scans, and what they settle."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from hexscan import __version__
from hexscan.cli.output import Color
from hexscan.cli.run import Format, Telling
from hexscan.config import Config

Function = TypeVar("Function", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--exclude",
        metavar="GLOB",
        multiple=True,
        help="Leave out what matches, in gitignore syntax. Can be repeated.",
    ),
    click.option(
        "--no-ignore",
        is_flag=True,
        help="Scan everything: no ignore file is honoured, git not asked.",
    ),
    click.option(
        "--unprefixed", is_flag=True, help="Also report 40 bare digits with a key's checksum."
    ),
    click.option(
        "--no-decode", is_flag=True, help="Read bytes as they stand: no base64, UTF-16, escapes …"
    ),
    click.option("--lookalikes", is_flag=True, help="Also note what looks like a key and is none."),
    click.option(
        "--format",
        "format_",
        type=click.Choice(get_args(Format)),
        default="text",
        help="Text for people (the default) or JSON for programs.",
    ),
    click.option(
        "-o",
        "--output",
        metavar="FILE",
        type=click.Path(),
        help="Write the report to FILE, whole or not at all.",
    ),
    click.option(
        "-q", "--quiet", is_flag=True, help="One line for each finding; nothing if clean."
    ),
    click.option(
        "-v", "--verbose", is_flag=True, help="Also fingerprints, and all that was left out."
    ),
    click.option(
        "--color",
        type=click.Choice(get_args(Color)),
        default="auto",
        help="By default on a terminal, unless NO_COLOR is set.",
    ),
    click.version_option(__version__, prog_name="hexscan", message="%(prog)s %(version)s"),
)


def scanning(function: Function) -> Function:
    """Give a click command the options of a scan; it passes them on to :func:`settle`."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def settle(  # noqa: PLR0913 - one parameter for each option
    *,
    exclude: tuple[str, ...],
    no_ignore: bool,
    unprefixed: bool,
    lookalikes: bool,
    no_decode: bool,
    format_: Format,
    output: str | None,
    quiet: bool,
    verbose: bool,
    color: Color,
) -> tuple[Config, Telling]:
    """Turn options into what to scan for, and how to tell it."""
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    config = Config(
        exclude=exclude,
        ignore=not no_ignore,
        unprefixed=unprefixed,
        lookalikes=lookalikes,
        decode=not no_decode,
    )
    return config, Telling(format=format_, file=output, quiet=quiet, verbose=verbose, color=color)
