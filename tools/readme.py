"""Write the tables of options in README.md from the command line itself: ``make docs``.

Each table stands between two comments, ``<!-- options of scan -->`` and ``<!-- end -->``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from hexscan.cli.commands import baseline, scan
from hexscan.cli.settings.option import CallOnly, is_setting, key_of

README = Path(__file__).resolve().parents[1] / "README.md"

_TABLE = re.compile(r"(<!-- options of ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def tables() -> dict[str, str]:
    """Return the tables by the name of what they are about."""
    shared = _options(scan.command)
    known = {option.name for option in shared}
    group = baseline.command
    assert isinstance(group, click.Group)  # noqa: S101 - as declared there
    own = [option for option in _options(group.commands["update"]) if option.name not in known]
    return {"scan": _table(shared), "baseline": _table(own)}


def written(text: str) -> str:
    """Return the README with its tables as they have to be."""
    made = tables()
    return _TABLE.sub(lambda match: f"{match[1]}{made[match[2]]}{match[3]}", text)


def _options(command: click.Command) -> list[click.Option]:
    context = click.Context(command, **command.context_settings)
    return [param for param in command.get_params(context) if isinstance(param, click.Option)]


def _table(options: list[click.Option]) -> str:
    rows = "".join(f"{row}\n" for row in _rows(options))
    return f"| option | key in a file | what it does |\n|---|---|---|\n{rows}"


def _rows(options: list[click.Option]) -> Iterator[str]:
    for option in options:
        names = [*sorted(option.opts, key=len, reverse=True), *option.secondary_opts]
        value = "" if option.is_flag else f" {option.metavar or _choices(option)}"
        shown = ", ".join(f"`{name}{value}`" for name in names)
        is_key = is_setting(option) and not isinstance(option, CallOnly)
        key = f"`{key_of(option)}`" if is_key else ""
        yield f"| {shown} | {key} | {option.help} |"


def _choices(option: click.Option) -> str:
    if isinstance(option.type, click.Choice):
        return "\\|".join(map(str, option.type.choices))
    return option.type.name.upper()


def main() -> None:
    """Rewrite the README where it does not hold the tables."""
    README.write_text(written(README.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
