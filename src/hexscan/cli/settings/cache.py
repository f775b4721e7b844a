"""Where the ids of git's clean objects are kept from run to run."""

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from hexscan.cli.settings.option import CallOnly
from hexscan.config import Config
from hexscan.values import replace

Function = TypeVar("Function", bound=Callable[..., Any])

_NAME = "hexscan"

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


def settle_cache(config: Config, *, no_cache: bool, cache_dir: str | None) -> Config:
    """Return a configuration with what those options say."""
    if no_cache:
        return config
    return replace(config, cache_dir=cache_dir or directory(os.environ, sys.platform))


def directory(variables: Mapping[str, str], platform: str) -> str | None:
    """Return hexscan's own directory in the user's cache, or ``None`` where there is none."""
    base = variables.get("LOCALAPPDATA") if platform == "win32" else variables.get("XDG_CACHE_HOME")
    # The XDG specification has relative paths ignored.
    if base and os.path.isabs(base):  # noqa: PTH117 - text, as the system takes it
        return os.path.join(base, _NAME)  # noqa: PTH118 - the same
    home = variables.get("HOME", "")
    if platform != "win32" and os.path.isabs(home):  # noqa: PTH117 - the same
        return os.path.join(home, ".cache", _NAME)  # noqa: PTH118 - the same
    return None
