"""A click command whose options are also read from the environment and from a file.

The command line wins over the environment, the environment over the file, the file over the
default: click's own order, with the file as its ``default_map``.
"""

from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from hexscan.cli.settings import file
from hexscan.cli.settings.option import is_setting, key_of, variable_of
from hexscan.cli.settings.place import Place
from hexscan.cli.settings.root import root_of
from hexscan.values import dataclass

# Of two options that exclude each other, the one with the stronger source holds.
_EXCLUSIVE = (("quiet", "verbose"), ("config", "no_config"))
_STRENGTH = (
    ParameterSource.DEFAULT,
    ParameterSource.DEFAULT_MAP,
    ParameterSource.ENVIRONMENT,
    ParameterSource.COMMANDLINE,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the settings of a call come from: a place, and the file that was read there."""

    place: Place
    given: file.Given

    def origin(self, ctx: click.Context, option: click.Option) -> str:
        """Say where the value of an option comes from."""
        source = ctx.get_parameter_source(str(option.name))
        if source == ParameterSource.COMMANDLINE:
            return "command line"
        if source == ParameterSource.ENVIRONMENT:
            return variable_of(option)
        if source == ParameterSource.DEFAULT_MAP:
            return f"{self.given.name}:{self.given.lines[key_of(option)]}"
        return "default"


class Configured(click.Command):
    """A command whose options can be set elsewhere, too.

    Its argument ``paths`` or ``repository``, if it has one, says where the configuration is.
    """

    makes_baseline = False
    """Whether a baseline that was named may be missing, because the command is to make it."""

    def __init__(self, *arguments: Any, **attributes: Any) -> None:  # noqa: ANN401 - click's own
        context = {"help_option_names": ["-h", "--help"]}
        context.update(attributes.pop("context_settings", None) or {})
        super().__init__(*arguments, **{**attributes, "context_settings": context})
        for option in self.settings():
            option.envvar = variable_of(option)

    def settings(self) -> list[click.Option]:
        """Return the options that have a value."""
        return [
            option
            for option in self.params
            if isinstance(option, click.Option) and is_setting(option)
        ]

    def file_settings(self) -> dict[str, click.Option]:
        """Return the options by the keys of a file, those among them that no file can set."""
        return {key_of(option): option for option in self.settings()}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read a call, with what the configuration file says as defaults."""
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        # A first reading says which file is meant. Help and version end here, whatever a file says.
        first = click.Context(
            self, parent=ctx.parent, info_name=ctx.info_name, **self.context_settings
        )
        super().parse_args(first, list(args))
        _settle_exclusive(first)
        ctx.obj = self._settings(first.params)
        named = self.file_settings()
        ctx.default_map = {
            str(named[key].name): value for key, value in ctx.obj.given.values.items()
        }
        rest = super().parse_args(ctx, args)
        _settle_exclusive(ctx)
        return rest

    def _settings(self, given: Mapping[str, Any]) -> Settings:
        named = given.get("paths") or filter(None, [given.get("repository")])
        place = Place(root_of(list(named)), given.get("baseline_from") or "")
        options = self.file_settings()
        if given.get("no_config"):
            return Settings(place, file.Given())
        if given.get("config"):
            return Settings(place, file.load(given["config"], options))
        return Settings(place, file.find(place, options))


def _settle_exclusive(ctx: click.Context) -> None:
    for names in _EXCLUSIVE:
        if not all(ctx.params.get(name) for name in names):
            continue
        one, other = (_STRENGTH.index(_source(ctx, name)) for name in names)
        if one == other:
            options = " and ".join(f"--{name.replace('_', '-')}" for name in names)
            raise click.UsageError(f"{options} exclude each other")
        weaker = names[0] if one < other else names[1]
        ctx.params[weaker] = None if weaker == "config" else False


def _source(ctx: click.Context, name: str) -> ParameterSource:
    return ctx.get_parameter_source(name) or ParameterSource.DEFAULT
