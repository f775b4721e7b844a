"""The options of everything that scans, and what they settle."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hexscan import __version__
from hexscan.cli import settled
from hexscan.cli.output import COLORS
from hexscan.cli.settings.command import Configured
from hexscan.cli.settings.judgement import settle_judgement
from hexscan.cli.settings.option import CallOnly, Glob, is_setting, key_of
from hexscan.cli.settings.size import Size
from hexscan.containers.budget import MAX_DEPTH, MAX_EXPANDED, MAX_MEMBERS, MAX_RATIO
from hexscan.reports.registry import FORMATS

if TYPE_CHECKING:
    from hexscan.cli.run import Telling
    from hexscan.config import Config
    from hexscan.reports.registry import Format

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


sharing_work = click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(min=0),
    default=0,
    help="Scan in N processes; by default, or 0, one for each processor.",
)
"""The option of commands whose work can be shared; their report is the same."""

_OPTIONS = (
    click.option(
        "--exclude",
        metavar="GLOB",
        type=Glob(),
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
        "--no-decode",
        is_flag=True,
        help="Do not look for keys that are encoded: base64, UTF-16, escapes.",
    ),
    click.option("--lookalikes", is_flag=True, help="Also note what looks like a key and is none."),
    click.option(
        "--no-unpack", is_flag=True, help="Do not look into archives and compressed files."
    ),
    click.option(
        "--max-expanded",
        metavar="SIZE",
        type=Size(),
        default=MAX_EXPANDED,
        help="Unpack that many bytes of a file at most (8G).",
    ),
    click.option(
        "--max-ratio",
        metavar="N",
        type=click.IntRange(min=1),
        default=MAX_RATIO,
        help="Unpack a file to N times its size at most, beyond 64 MiB (1000).",
    ),
    click.option(
        "--max-members",
        metavar="N",
        type=click.IntRange(min=0),
        default=MAX_MEMBERS,
        help="Read N members of a file at most (1000000).",
    ),
    click.option(
        "--max-depth",
        metavar="N",
        type=click.IntRange(min=0),
        default=MAX_DEPTH,
        help="Open N containers in one another at most (8).",
    ),
    sharing_work,
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
        cls=CallOnly,
        help="Write the report to FILE, whole or not at all.",
    ),
    click.option(
        "--report",
        "reports",
        metavar="FORMAT=FILE",
        callback=_reports,
        multiple=True,
        cls=CallOnly,
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
        type=click.Choice(COLORS),
        default="auto",
        help="By default on a terminal, unless NO_COLOR is set.",
    ),
    click.option(
        "--show-suppressed", is_flag=True, help="Also tell what is judged, and marks without use."
    ),
    click.option(
        "--no-suppress", is_flag=True, help="Honour no hexscan:allow, baseline or mix.exs."
    ),
    click.option(
        "--require-reason", is_flag=True, help="Honour no mark and no entry without a reason."
    ),
    click.option(
        "--strict", is_flag=True, help="Also fail for a hexscan:allow that allows nothing."
    ),
    click.option(
        "--use-mix-ignore", is_flag=True, help="Leave out what mix.exs says, as Hex.pm does."
    ),
    click.option(
        "--baseline",
        metavar="FILE",
        help="The judged keys (default: .hexscan-baseline.json).",
    ),
    click.option(
        "--baseline-from",
        metavar="REV",
        cls=CallOnly,
        help="Take configuration and baseline from this git revision.",
    ),
    click.option(
        "--config",
        metavar="FILE",
        type=click.Path(),
        cls=CallOnly,
        help="Read this configuration file and no other.",
    ),
    click.option("--no-config", is_flag=True, cls=CallOnly, help="Read no configuration file."),
    click.version_option(__version__, prog_name="hexscan", message="%(prog)s %(version)s"),
)

showing_progress = click.option(
    "--progress/--no-progress",
    default=None,
    cls=CallOnly,
    help="Show how far a long run is; by default if standard error is a terminal.",
)
"""The option of commands that can take long; their report is the same."""

# The parameters about how a run is told, with what holds where nothing is told of it.
_TELLING: dict[str, Any] = {
    "format_": None,
    "output": None,
    "reports": (),
    "quiet": False,
    "verbose": False,
    "color": "auto",
    "show_suppressed": False,
    "strict": False,
    "baseline_from": None,
}
_READING = ("baseline", "baseline_from", "config", "no_config")
_JUDGING = ("no_suppress", "require_reason", "use_mix_ignore", *_READING)


def scanning(function: Function) -> Function:
    """Give a click command the options of a scan; it passes them on to :func:`settle`."""
    return _with(function, _params())


def scanning_alone(function: Function) -> Function:
    """Give a command the same options without that about processes: it needs no more than one."""
    return _with(function, [param for param in _params() if param.name != "jobs"])


def searching(function: Function) -> Function:
    """Give a command the options of a scan that tells nothing; see :func:`settle_search`."""
    left_out = {*_TELLING, "version"}
    return _with(function, [param for param in _params() if param.name not in left_out])


def reading(function: Function) -> Function:
    """Give a command that reads the baseline the options that say which one."""
    return _with(function, [param for param in _params() if param.name in _READING])


class Scanning(Configured):
    """A command with options of a scan: a file may set any of them, used here or not."""

    def file_settings(self) -> dict[str, click.Option]:
        """Return the options of a scan by key."""
        shared = click.Command("scan", params=_params()).params
        return {
            key_of(param): param
            for param in shared
            if isinstance(param, click.Option) and is_setting(param)
        }


def _params() -> list[click.Parameter]:
    """Make the parameters of a scan, new ones for each command."""

    def nothing() -> None:
        """Be something that click can decorate."""

    for option in _OPTIONS:
        option(nothing)
    # Where click's decorators leave them for the command.
    made: list[click.Parameter] = getattr(nothing, "__click_params__")  # noqa: B009 - not declared
    return made


def _with(function: Function, params: list[click.Parameter]) -> Function:
    held: list[click.Parameter] = getattr(function, "__click_params__", [])
    # Decorators run from the last to the first, and click turns the list around.
    function.__click_params__ = [*held, *reversed(params)]  # type: ignore[attr-defined]
    return function


def reading_objects(function: Function) -> Function:
    """Give a click command the options of :func:`scanning_alone` without those about paths.

    A git object has as many paths as it likes, and what leaves the machine is read under all.
    """
    left_out = ("exclude", "no_ignore", "jobs")
    return _with(function, [param for param in _params() if param.name not in left_out])


def reading_history(function: Function) -> Function:
    """Give a click command the options of :func:`reading_objects`; ``--strict`` is not shown."""
    function = reading_objects(function)
    held: list[click.Parameter] = getattr(function, "__click_params__")  # noqa: B009 - as above
    for param in held:
        if param.name == "strict" and isinstance(param, click.Option):
            param.hidden = True
    return function


def settle_objects(**options: Any) -> tuple[Config, Telling]:  # noqa: ANN401 - see settle
    """Do as :func:`settle` does with the options of :func:`reading_objects`."""
    return settle(exclude=(), no_ignore=False, **options)


def settle_search(**options: Any) -> Config:  # noqa: ANN401 - see settle
    """Turn the options of :func:`searching` into what to scan for."""
    return settle(**{**_TELLING, **options})[0]


def settle(
    *,
    show_suppressed: bool,
    strict: bool,
    **others: Any,  # noqa: ANN401 - what settle_judgement takes, and settled.settle
) -> tuple[Config, Telling]:
    """Turn options into what to scan for, and how to tell it."""
    judging = {name: others.pop(name) for name in _JUDGING}
    suppression = settle_judgement(show_suppressed=show_suppressed, strict=strict, **judging)
    return settled.settle(suppression, show_suppressed=show_suppressed, strict=strict, **others)
