"""``hexscan completion``: print the script with which a shell completes hexscan's words."""

from collections.abc import Callable

import click
from click.shell_completion import ShellComplete, get_completion_class

from hexscan.cli import output
from hexscan.cli.settings.presence import COMPLETION

SHELLS = ("bash", "fish", "zsh")

HELP = """Print the script with which a shell completes what is typed after hexscan.

\b
  bash   hexscan completion bash > ~/.local/share/bash-completion/completions/hexscan
  zsh    hexscan completion zsh > "${fpath[1]}/_hexscan"
  fish   hexscan completion fish > ~/.config/fish/completions/hexscan.fish
"""


@click.command("completion", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> Callable[[], int]:
    """Return the printing of a shell's script, still to be called."""
    return lambda: _print(shell)


def _print(shell: str) -> int:
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click knows all three
    script = kind(click.Command("hexscan"), {}, "hexscan", COMPLETION)
    # Not the class's own source(), which starts a bash to ask for its version.
    output.write(iter(ShellComplete.source(script).strip().splitlines()))
    return 0
