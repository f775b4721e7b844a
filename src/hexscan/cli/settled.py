"""What options come to: whoever has read them, what to scan for and how to tell it."""

from __future__ import annotations

from hexscan.cli.run import Telling
from hexscan.config import Config

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import Any

    from hexscan.cli.output import Color
    from hexscan.reports.registry import Format
    from hexscan.suppression.judge import Policy


def settle(  # noqa: PLR0913 - one parameter for each option
    suppression: Policy,
    *,
    exclude: tuple[str, ...] = (),
    no_ignore: bool = False,
    unprefixed: bool = False,
    lookalikes: bool = False,
    no_unpack: bool = False,
    no_decode: bool = False,
    strict: bool = False,
    jobs: int = 1,
    format_: Format | None = None,
    output: str | None = None,
    reports: tuple[tuple[Format, str], ...] = (),
    quiet: bool = False,
    verbose: bool = False,
    color: Color = "auto",
    show_suppressed: bool = False,
    **limits: Any,  # noqa: ANN401 - numbers, by the names that Config has for them
) -> tuple[Config, Telling]:
    """Turn options, and what counts as judged, into what to scan for and how to tell it."""
    config = Config(
        exclude=exclude,
        ignore=not no_ignore,
        unprefixed=unprefixed,
        lookalikes=lookalikes,
        unpack=not no_unpack,
        decode=not no_decode,
        **limits,
        suppression=suppression,
        strict=strict,
        jobs=jobs,
        forks=True,  # the command line starts no thread
    )
    return config, Telling(
        format=format_,
        file=output,
        quiet=quiet,
        verbose=verbose,
        color=color,
        reports=reports,
        show_suppressed=show_suppressed,
    )
