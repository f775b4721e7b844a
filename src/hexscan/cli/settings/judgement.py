"""Settle what counts as judged: the options about suppression, and the files behind them."""

import os

import click
from click.core import ParameterSource

from hexscan.cli.settings.command import Configured, Settings
from hexscan.cli.settings.place import Place
from hexscan.cli.settings.presence import BASELINE
from hexscan.errors import ConfigError
from hexscan.suppression import baseline, mix
from hexscan.suppression.baseline import Baseline
from hexscan.suppression.judge import Policy


def settle_judgement(  # noqa: PLR0913 - one parameter for each option
    *,
    no_suppress: bool,
    require_reason: bool,
    use_mix_ignore: bool,
    show_suppressed: bool,
    strict: bool,
    baseline: str | None,
    baseline_from: str | None,
    config: str | None,
    no_config: bool,
) -> Policy:
    """Turn the options about suppression into a policy, with the files read that they speak of.

    Raises :class:`~hexscan.errors.ConfigError` for a baseline or a mix.exs that cannot be used.
    To be called while click settles a :class:`~hexscan.cli.settings.command.Configured` command.
    """
    del baseline, baseline_from, config, no_config  # the context knows more about them
    place = current_place()
    judged = Baseline() if no_suppress else read_baseline()
    globs = _mix_globs(place) if use_mix_ignore and not no_suppress else ()
    return Policy(
        honoured=not no_suppress,
        require_reason=require_reason,
        baseline=judged.by_place(),
        mix_globs=globs,
        root=place.root if judged.entries or globs else b"",
        unused_marks=strict or show_suppressed,
    )


def current_place() -> Place:
    """Return the place whose settings hold for the call that is being settled."""
    settings = click.get_current_context().obj
    assert isinstance(settings, Settings)  # noqa: S101 - what Configured promises
    return settings.place


def baseline_name() -> str:
    """Return the name of the baseline from the root: a file names it from there, too."""
    ctx = click.get_current_context()
    given: str | None = ctx.params.get("baseline")
    if given is None:
        return BASELINE
    if ctx.get_parameter_source("baseline") == ParameterSource.DEFAULT_MAP:
        return given
    root = os.path.realpath(os.fsdecode(current_place().root))
    return os.path.relpath(os.path.realpath(given), root)


def read_baseline() -> Baseline:
    """Read the baseline of the call that is being settled; one that nobody named may be missing."""
    place, name = current_place(), baseline_name()
    text = place.read(name)
    if text is not None:
        return baseline.load(text, place.shown(name))
    ctx = click.get_current_context()
    is_to_be_made = isinstance(ctx.command, Configured) and ctx.command.makes_baseline
    if ctx.params.get("baseline") is not None and not place.revision and not is_to_be_made:
        raise ConfigError(
            "there is no such baseline",
            path=place.shown(name),
            hint="make it with: hexscan baseline create",
        )
    return Baseline()


def _mix_globs(place: Place) -> tuple[str, ...]:
    text = place.read(mix.FILE)
    return () if text is None else mix.globs(text, place.shown(mix.FILE))
