"""The manual pages, made from the same click commands as ``--help``.

``python -m hexscan.cli.manual DIRECTORY`` writes them there; ``make man`` calls it. They are kept
in the repository, so that building hexscan needs nothing to run, and a test holds them to the
commands.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click

from hexscan import __version__
from hexscan.cli.commands import VERBS

HOOK = "hexscan.cli.commands.hook"

_TITLES = {
    "hexscan": "find leaked Hex.pm API keys",
    "hexscan-hook": "find Hex.pm API keys in the files of a commit",
}

_SEE_ALSO = "https://github.com/hexscan/hexscan"
# How click marks a paragraph whose lines are not to be wrapped.
_VERBATIM = "\b"


def pages() -> dict[str, list[str]]:
    """Return the lines of each manual page by the name of its file."""
    verbs = {f"hexscan {verb}": _command(module) for verb, module in VERBS.items()}
    return {
        "hexscan.1": list(_page("hexscan", verbs)),
        "hexscan-hook.1": list(_page("hexscan-hook", {"hexscan-hook": _command(HOOK)})),
    }


def escape(text: str) -> str:
    r"""Return text so that roff shows it as it is.

    >>> print(escape("-v"), escape(".hexscanignore"), escape("a\\b"))
    \-v \&.hexscanignore a\eb
    """
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown


def main() -> None:
    """Write the pages into the directory that the command line names."""
    directory = Path(sys.argv[1])
    directory.mkdir(exist_ok=True)
    for name, lines in pages().items():
        (directory / name).write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


def _command(module: str) -> click.Command:
    command = import_module(module).command
    assert isinstance(command, click.Command)  # noqa: S101 - what the table promises
    return command


def _page(name: str, commands: dict[str, click.Command]) -> Iterator[str]:
    yield f'.TH {escape(name.upper())} 1 "" "hexscan {__version__}" "User Commands"'
    yield ".SH NAME"
    yield f"{escape(name)} \\- {escape(_TITLES[name])}"
    yield ".SH SYNOPSIS"
    for at, (call, command) in enumerate(commands.items()):
        if at:
            yield ".br"
        yield f".B {escape(call)}"
        yield escape(" ".join(command.collect_usage_pieces(_context(command))))
    for call, command in commands.items():
        yield f".SH {escape(call.upper() if len(commands) > 1 else 'DESCRIPTION')}"
        yield from _described(command)
        yield f".SS Options of {escape(call)}"
        yield from _options(command)
    yield ".SH SEE ALSO"
    yield escape(_SEE_ALSO)


def _context(command: click.Command) -> click.Context:
    return click.Context(command, info_name=command.name, **command.context_settings)


def _described(command: click.Command) -> Iterator[str]:
    for at, paragraph in enumerate((command.help or "").strip().split("\n\n")):
        lines = paragraph.split("\n")
        if at:
            yield ".PP"
        if lines[0].strip(" ") == _VERBATIM:
            yield ".nf"
            yield from (escape(line.rstrip()) for line in lines[1:])
            yield ".fi"
        else:
            yield from (escape(line.strip()) for line in lines)


def _options(command: click.Command) -> Iterator[str]:
    context = _context(command)
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record is not None:
            written, told = record
            yield ".TP"
            yield f".B {escape(written)}"
            yield escape(told)


if __name__ == "__main__":
    main()
