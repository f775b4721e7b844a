"""The formats by name, each loaded when a report is written in it."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Literal, TypeAlias

    from hexscan.finding import Report
    from hexscan.reports.facts import Facts

    Format: TypeAlias = Literal[
        "text", "json", "jsonl", "sarif", "github", "gitlab", "junit", "csv", "html"
    ]

FORMATS: tuple[Format, ...] = (
    "text",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "csv",
    "html",
)


def lines(name: Format, report: Report, facts: Facts) -> Iterator[str]:
    """Yield the lines of a report in a format, without line ends.

    The text is the plain one; its quiet, verbose and coloured forms are made by
    :func:`hexscan.reports.text.lines`.
    """
    if name == "text":
        from hexscan.reports import text  # noqa: PLC0415 - loaded when it is asked for

        return text.lines(report)
    made: Callable[[Report, Facts], Iterator[str]]
    made = import_module(f"hexscan.reports.{name}").lines
    return made(report, facts)
