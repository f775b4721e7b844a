"""Scan and tell: what a command line has settled, carried out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from hexscan.cli import output
from hexscan.finding import Report

Format = Literal["text", "json"]

# Opening the second would give a position of its own in the file that the shell has opened, and
# what others write there would be overwritten.
_STANDARD_OUTPUT = ("-", "/dev/stdout")


@dataclass(frozen=True, slots=True)
class Telling:
    """How a run is told: the settled form of the options about output.

    ``file`` is where the report goes; ``None`` and ``-`` are standard output. ``quiet`` and
    ``verbose`` shape the text report alone. ``color`` is ``auto``, ``always`` or ``never``. With
    ``show_suppressed`` judged findings are told among the others.
    """

    format: Format = "text"
    file: str | None = None
    quiet: bool = False
    verbose: bool = False
    color: output.Color = "auto"
    show_suppressed: bool = False


def run(scan: Callable[[], Report], telling: Telling = Telling()) -> int:
    """Scan, write the report and return the exit status.

    Raises :class:`~hexscan.errors.HexscanError` for a run that cannot start and for a report that
    cannot be written.
    """
    if telling.file is None or telling.file in _STANDARD_OUTPUT:
        report = scan()
        output.write(_lines(report, telling, terminal=output.is_terminal()))
    else:
        from hexscan.cli import output_file  # noqa: PLC0415 - pathlib, for those who name a file

        output_file.check(telling.file)
        report = scan()
        output_file.write(_lines(report, telling, terminal=False), telling.file)
    return report.exit_status


def _lines(report: Report, telling: Telling, *, terminal: bool) -> Iterator[str]:
    if telling.show_suppressed:
        report = report.showing_suppressed()
    if telling.format == "json":
        from hexscan import __version__  # noqa: PLC0415 - wanted here only
        from hexscan.reports import json  # noqa: PLC0415 - the same

        return json.lines(report, version=__version__)
    from hexscan.reports import text  # noqa: PLC0415 - the same

    return text.lines(
        report,
        quiet=telling.quiet,
        verbose=telling.verbose,
        color=output.wants_color(telling.color, terminal=terminal),
    )
