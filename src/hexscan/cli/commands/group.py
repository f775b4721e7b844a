"""The command line as click reads it: a verb, or by default ``scan``, and its options.

A verb's click command does not run anything: it returns what is to be run. So nothing of a scan
happens inside click, which has its own ideas about ^C, closed pipes and exit statuses.
"""

from collections.abc import Callable
from importlib import import_module

import click
from click.shell_completion import CompletionItem

from hexscan.cli.commands import DEFAULT_VERB, VERBS
from hexscan.errors import HexscanError

Action = Callable[[], int]


class UsageError(HexscanError):
    """A call that hexscan does not understand."""


class Verbs(click.Group):
    """The verbs, each loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order in which help tells them."""
        del ctx
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the verb's module and return its click command."""
        del ctx
        if cmd_name not in VERBS:
            return None
        command = import_module(VERBS[cmd_name]).command
        assert isinstance(command, click.Command)  # noqa: S101 - what the table promises
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default verb before a call that names none; options and help are its own."""
        # Where a shell completes an empty call, the verb is what it asks for.
        is_asked_for = ctx.resilient_parsing and not args
        if not is_asked_for and (not args or args[0] not in VERBS):
            args = [DEFAULT_VERB, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the first word: a verb, or what the default verb takes."""
        default = self.get_command(ctx, DEFAULT_VERB)
        assert default is not None  # noqa: S101 - it is one of the verbs
        inner = click.Context(default, parent=ctx, info_name=DEFAULT_VERB, resilient_parsing=True)
        if incomplete.startswith("-"):
            return default.shell_complete(inner, incomplete)
        # The scripts of click's leave the rest to the shell as soon as a file is among the answers.
        return super().shell_complete(ctx, incomplete) or [CompletionItem(incomplete, type="file")]


def parse(arguments: list[str], command: click.Command | None = None) -> Action:
    """Read a command line and return what it asks for, still to be called.

    The command line is that of ``hexscan``, or of another ``command`` than its verbs.

    Help and version are printed here, and an action that does nothing more comes back. Raises
    :class:`UsageError` for a call that makes no sense.
    """
    if command is None:
        command = Verbs("hexscan", add_help_option=False)
    try:
        result = command.main(list(arguments), prog_name=command.name, standalone_mode=False)
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        raise UsageError(error.format_message().rstrip("."), hint="see hexscan --help") from None
    # An integer is the exit status of --help and --version.
    return (lambda: result) if isinstance(result, int) else result
