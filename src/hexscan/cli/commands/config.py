"""``hexscan config``: print the settled configuration, and where each value comes from."""

import json
import os
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import click

from hexscan.cli import output
from hexscan.cli.commands.options import Scanning, scanning, settle
from hexscan.cli.settings.cache import remembering
from hexscan.cli.settings.command import Configured, Settings
from hexscan.cli.settings.judgement import baseline_name
from hexscan.cli.settings.option import CallOnly, key_of, variable_of
from hexscan.cli.settings.presence import PREFIX
from hexscan.config import Config
from hexscan.redaction import redact
from hexscan.reports import escape

HELP = """Print the settings that a scan with these options would have.

\b
  hexscan config                   settings of the repository here
  hexscan config --verbose lib     with an option, for another path

What is printed is TOML: a line of it can be put into .hexscan.toml. Behind each value stands where
it comes from.

Exit status: 0, or 2 for settings that cannot be used.
"""


@click.command("config", cls=Scanning, help=HELP)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@remembering
@scanning
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    paths: tuple[str, ...],
    no_cache: bool,
    cache_dir: str | None,
    **options: Any,  # noqa: ANN401 - see settle
) -> Callable[[], int]:
    """Settle the options as a scan does and return the printing, still to be called."""
    del paths, no_cache, cache_dir  # told below, as everything that was given
    config, _ = settle(**options)
    lines = list(_lines(ctx, config))
    return lambda: _print(lines)


def _print(lines: list[str]) -> int:
    output.write(iter(lines))
    return 0


def _lines(ctx: click.Context, config: Config) -> Iterator[str]:
    settings, command_ = ctx.obj, ctx.command
    assert isinstance(settings, Settings)  # noqa: S101 - what Configured promises
    assert isinstance(command_, Configured)  # noqa: S101 - as declared above
    for said in _files(settings, config):
        yield f"# {escape.message(redact(said))}"
    yield ""
    for option in command_.settings():
        value = ctx.params[str(option.name)]
        origin = settings.origin(ctx, option)
        # What a file cannot set is told only where it holds, and as a comment.
        if isinstance(option, CallOnly):
            if origin != "default":
                yield _line(f"# --{key_of(option)} {_written(value)}", origin)
        elif value is None:
            yield _line(f"# {key_of(option)} is not set", origin)
        else:
            yield _line(f"{key_of(option)} = {_written(value)}", origin)
    known = {variable_of(option) for option in command_.settings()}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known:
            yield escape.message(redact(f"# the variable {name} is not one of hexscan's"))


def _files(settings: Settings, config: Config) -> Iterator[str]:
    yield f"configuration: {settings.given.name or 'none'}"
    held = config.suppression.baseline
    count = f"{len(held)} {'entry' if len(held) == 1 else 'entries'}"
    yield f"baseline: {settings.place.shown(baseline_name())} ({count})"
    yield f"C extension: {_compiled('_skim')}"
    yield f"C extension for git's packs: {_compiled('_packs')}"
    for glob in config.suppression.mix_globs:
        yield f"ignored by mix.exs: {glob}"


def _compiled(name: str) -> str:
    return "compiled" if find_spec(f"hexscan.{name}") else "none"


def _written(value: object) -> str:
    """Return a value as TOML; strings are written in JSON's way, which TOML shares."""
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def _line(setting: str, origin: str) -> str:
    return escape.message(redact(f"{setting:<40}  # {origin}"))
