"""Scan and tell: what a command line has settled, carried out."""

from __future__ import annotations

import os
import time

from hexscan.cli import output
from hexscan.errors import ReportError
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hexscan.cli.live import Live
    from hexscan.errors import HexscanError
    from hexscan.finding import Report
    from hexscan.reports.facts import Facts
    from hexscan.reports.registry import Format

# Opening the second would give a position of its own in the file that the shell has opened, and
# what others write there would be overwritten.
_STANDARD_OUTPUT = ("-", "/dev/stdout")


@dataclass(frozen=True, slots=True)
class Telling:
    """How a run is told: the settled form of the options about output.

    ``format`` is that of the main report; ``None`` is ``text``, or in GitHub Actions ``github``.
    ``file`` is where it goes; ``None`` and ``-`` are standard output. ``reports`` are further
    ones, a format and a file each. ``quiet`` and ``verbose`` shape the text report alone.
    ``color`` is ``auto``, ``always`` or ``never``. With ``show_suppressed`` judged findings are
    told among the others.
    """

    format: Format | None = None
    file: str | None = None
    quiet: bool = False
    verbose: bool = False
    color: output.Color = "auto"
    reports: tuple[tuple[Format, str], ...] = ()
    show_suppressed: bool = False


_PLAINLY = Telling()


def run(scan: Callable[[], Report], telling: Telling = _PLAINLY, live: Live | None = None) -> int:
    """Scan, write the reports and return the exit status.

    Where ``live`` has told the findings already, only what comes after them goes to standard
    output.

    Raises :class:`~hexscan.errors.HexscanError` for a run that cannot start and, when all others
    are written, for a report that cannot be.
    """
    files = _files(telling)
    if files:
        from hexscan.cli import output_file  # noqa: PLC0415 - pathlib, for those who name a file

        for _, file in files:
            output_file.check(file)
    started = time.time()
    report = scan()
    told = report.showing_suppressed() if telling.show_suppressed else report
    trouble: list[HexscanError] = []
    for tell in _tasks(told, telling, files, started, live):
        try:
            tell()
        except ReportError as error:
            trouble.append(error)
    if trouble:
        raise trouble[0]
    return report.exit_status


def is_live(telling: Telling) -> bool:
    """Tell whether findings are wanted on standard output as soon as there are any."""
    return _main_format(telling) == "jsonl" and _main_file(telling) is None


def run_hook(scan: Callable[[], Report], telling: Telling) -> int:
    """Do as :func:`run` does, but write no text for a clean run: a git hook speaks of trouble.

    With ``verbose``, or where a report is asked for, it is written all the same.
    """
    if telling != Telling(quiet=telling.quiet, color=telling.color):
        return run(scan, telling)
    report = scan()
    if report.exit_status == 0 and not report.findings and not report.warnings:
        return 0
    return run(lambda: report, telling)


def _main_format(telling: Telling) -> Format:
    if telling.format is not None:
        return telling.format
    in_actions = os.environ.get("GITHUB_ACTIONS") == "true"
    return "github" if in_actions and _main_file(telling) is None else "text"


def _main_file(telling: Telling) -> str | None:
    return None if telling.file in _STANDARD_OUTPUT else telling.file


def _files(telling: Telling) -> list[tuple[Format, str]]:
    """Return the reports that go to files; raises where two would go to the same one."""
    files = list(telling.reports)
    main = _main_file(telling)
    if main is not None:
        files.insert(0, (_main_format(telling), main))
    names = [os.path.realpath(file) for _, file in files]
    for at, (_, file) in enumerate(files):
        if file in _STANDARD_OUTPUT:
            raise ReportError(
                "a further report cannot go to standard output", hint="--format says what does"
            )
        if names[at] in names[:at]:
            raise ReportError(f"two reports cannot both go to {file}")
    return files


def _tasks(
    report: Report,
    telling: Telling,
    files: list[tuple[Format, str]],
    started: float,
    live: Live | None,
) -> Iterator[Callable[[], None]]:
    """Yield what is to be written, each to be called: files first, since a pipe may break."""
    format_ = _main_format(telling)
    for name, file in files:
        yield lambda name=name, file=file: _to_file(report, telling, name, file, started)  # type: ignore[misc]  # XX
    if live is not None:
        yield lambda: live.finish(report, _facts(started))
    elif _main_file(telling) is None:
        terminal = output.is_terminal()
        yield lambda: output.write(_lines(report, telling, format_, started, terminal=terminal))
    if format_ == "github" and os.environ.get("GITHUB_STEP_SUMMARY"):
        yield lambda: _summarize(report, os.environ["GITHUB_STEP_SUMMARY"])


def _to_file(report: Report, telling: Telling, format_: Format, file: str, started: float) -> None:
    from hexscan.cli import output_file  # noqa: PLC0415 - see run

    output_file.write(_lines(report, telling, format_, started, terminal=False), file)


def _summarize(report: Report, file: str) -> None:
    from hexscan.cli import output_file  # noqa: PLC0415 - see run
    from hexscan.reports import github  # noqa: PLC0415 - only in GitHub Actions

    output_file.append(github.summary(report), file)


def _lines(
    report: Report, telling: Telling, format_: Format, started: float, *, terminal: bool
) -> Iterator[str]:
    if format_ != "text":
        from hexscan.reports import registry  # noqa: PLC0415 - not for a plain call

        return registry.lines(format_, report, _facts(started))
    from hexscan.reports import text  # noqa: PLC0415 - wanted here only

    return text.lines(
        report,
        quiet=telling.quiet,
        verbose=telling.verbose,
        color=output.wants_color(telling.color, terminal=terminal),
        links_from=_directory() if terminal and output.wants_links(telling.color) else None,
    )


def _directory() -> bytes:
    try:
        return os.getcwdb()  # noqa: PTH109 - pathlib costs more, and paths are bytes here
    except OSError:  # it may have been removed
        return b"/"


def _facts(started: float) -> Facts:
    """Gather what reports tell of the run's circumstances, from the system and the CI service."""
    from hexscan import __version__  # noqa: PLC0415 - wanted here only
    from hexscan.redaction import redact  # noqa: PLC0415 - the same
    from hexscan.reports.facts import Facts  # noqa: PLC0415 - the same

    directory = _directory()
    root = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR") or ""
    return Facts(
        version=__version__,
        started=started,
        directory=redact(directory),
        root=redact(os.fsencode(os.path.realpath(root)) if root else directory),
        commit=redact(os.environ.get("CI_COMMIT_SHA", "")),
    )
