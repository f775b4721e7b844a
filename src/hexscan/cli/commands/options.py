"""The options of everything that scans, and what they settle."""

from collections.abc import Callable
from typing import Any, TypeVar, get_args

import click

from hexscan import __version__
from hexscan.cli.output import Color
from hexscan.cli.run import Telling
from hexscan.config import Config
from hexscan.reports.registry import FORMATS, Format

Function = TypeVar("Function", bound=Callable[..., Any])


def _reports(
    _context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[tuple[Format, str], ...]:
    """Split further reports, written as ``FORMAT=FILE``, into format and file."""
    reports: list[tuple[Format, str]] = []
    for value in values:
        written, _, file = value.partition("=")
        format_ = next((name for name in FORMATS if name == written), None)
        if format_ is None:
            raise click.BadParameter(f"{written!r} is none of {', '.join(FORMATS)}")
        if not file:
            raise click.BadParameter(f"{value!r} names no file: write {written}=FILE")
        reports.append((format_, file))
    return tuple(reports)


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
    click.option("--lookalikes", is_flag=True, help="Also note what looks like a key and is none."),
    click.option(
        "--format",
        "format_",
        type=click.Choice(FORMATS),
        help="How to tell it; by default text, in GitHub Actions github.",
    ),
    click.option(
        "-o",
        "--output",
        metavar="FILE",
        type=click.Path(),
        help="Write the report to FILE, whole or not at all.",
    ),
    click.option(
        "--report",
        "reports",
        metavar="FORMAT=FILE",
        callback=_reports,
        multiple=True,
        help="Write one more report, in any format. Can be repeated.",
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


def reading_objects(function: Function) -> Function:
    """Give a click command the same options without those about paths; see :func:`settle_objects`.

    A git object has as many paths as it likes, and what leaves the machine is read under all.
    """
    scanning(function)
    parameters = function.__click_params__  # type: ignore[attr-defined]
    parameters[:] = [option for option in parameters if option.name not in ("exclude", "no_ignore")]
    return function


def settle_objects(**options: Any) -> tuple[Config, Telling]:  # noqa: ANN401 - see settle
    """Do as :func:`settle` does with the options of :func:`reading_objects`."""
    return settle(exclude=(), no_ignore=False, **options)


def settle(  # noqa: PLR0913 - one parameter for each option
    *,
    exclude: tuple[str, ...],
    no_ignore: bool,
    unprefixed: bool,
    lookalikes: bool,
    format_: Format | None,
    output: str | None,
    reports: tuple[tuple[Format, str], ...],
    quiet: bool,
    verbose: bool,
    color: Color,
) -> tuple[Config, Telling]:
    """Turn options into what to scan for, and how to tell it."""
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")
    config = Config(
        exclude=exclude, ignore=not no_ignore, unprefixed=unprefixed, lookalikes=lookalikes
    )
    return config, Telling(
        format=format_, file=output, quiet=quiet, verbose=verbose, color=color, reports=reports
    )
