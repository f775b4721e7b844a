"""The options that say where the ids of git's clean objects are kept from run to run."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from hexscan.cli.settings.option import CallOnly

Function = TypeVar("Function", bound=Callable[..., Any])

# A repository that is scanned must not choose where anything is written, nor whether.
_OPTIONS = (
    click.option(
        "--no-cache",
        is_flag=True,
        cls=CallOnly,
        help="Read every object, and keep no record of clean ones.",
    ),
    click.option(
        "--cache-dir",
        metavar="DIR",
        type=click.Path(),
        cls=CallOnly,
        help="Where that record is kept; by default in the user's cache.",
    ),
)


def remembering(function: Function) -> Function:
    """Give a command that reads git's objects the options about its memory of them."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function
