"""Options as settings: one declaration gives the option, the variable and the key of a file."""

import click

from hexscan.cli.settings.presence import PREFIX
from hexscan.sources.ignore import excluding


class CallOnly(click.Option):
    """An option that a configuration file cannot set.

    A scanned repository may be a stranger's: its file must not choose what is written, where, or
    which configuration holds.
    """


class Glob(click.ParamType):  # type: ignore[type-arg]  # generic since click 8.5 only
    """A pattern in gitignore syntax; raises ``ConfigError`` for one that can match nothing."""

    name = "glob"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the pattern as it is."""
        del param, ctx
        excluding([value])
        return value


def key_of(option: click.Option) -> str:
    """Return the name of an option in a file: its long name without the dashes."""
    return max(option.opts, key=len).lstrip("-")


def variable_of(option: click.Option) -> str:
    """Return the environment variable of an option."""
    return PREFIX + key_of(option).replace("-", "_").upper()


def is_setting(parameter: click.Parameter) -> bool:
    """Tell whether a parameter is an option with a value, unlike ``--help`` and ``--version``."""
    return isinstance(parameter, click.Option) and parameter.expose_value
