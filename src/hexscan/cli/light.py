"""The usual calls of ``hexscan scan`` and ``history``, read without click, which takes 20 ms.

What is not understood here to its last word is click's to read, and to refuse. Options are declared
in :mod:`hexscan.cli.commands.options`; of those that need no file to be settled their names stand
here once more, and a test reads calls both ways.
"""

from __future__ import annotations

from hexscan.cli.commands import DEFAULT_VERB, VERBS
from hexscan.errors import ConfigError
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# The options, and what click calls their values.
SWITCHES = {
    "--no-ignore": "no_ignore",
    "--unprefixed": "unprefixed",
    "--no-decode": "no_decode",
    "--lookalikes": "lookalikes",
    "--no-unpack": "no_unpack",
    "--quiet": "quiet",
    "-q": "quiet",
    "--verbose": "verbose",
    "-v": "verbose",
    "--no-config": "no_config",
}
VALUES = {
    "--jobs": "jobs",
    "--format": "format_",
    "--output": "output",
    "-o": "output",
    "--exclude": "exclude",
}
PROGRESS = {"--progress": True, "--no-progress": False}

# The same of a history. What lies in git's objects has no one path that could be left out.
_ABOUT_PATHS = ("--no-ignore", "--exclude")
HISTORY_SWITCHES = {word: name for word, name in SWITCHES.items() if word not in _ABOUT_PATHS} | {
    "--allow-partial": "allow_partial",
    "--no-cache": "no_cache",
}
HISTORY_VALUES = {word: name for word, name in VALUES.items() if word not in _ABOUT_PATHS} | {
    "--cache-dir": "cache_dir",
}

_MOST_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Call:
    """A scan that a command line asks for.

    ``options`` are those that were given, as :func:`hexscan.cli.settled.settle` takes them, and for
    a history those of its own, by the names that click gives them.
    """

    paths: tuple[str, ...]
    options: dict[str, Any]
    progress: bool | None
    no_config: bool


class _Unclear(Exception):  # noqa: N818 - no error: click knows more
    """Something is not understood here."""


def read(arguments: list[str]) -> Call | None:
    """Read a command line; ``None`` is for click to read."""
    if arguments and arguments[0] in VERBS:
        if arguments[0] != DEFAULT_VERB:
            return None
        arguments = arguments[1:]
    return _read(arguments, SWITCHES, VALUES)


def read_history(arguments: list[str]) -> Call | None:
    """Read a command line behind the word ``history``, of one path at most."""
    call = _read(arguments, HISTORY_SWITCHES, HISTORY_VALUES)
    return call if call is not None and len(call.paths) == 1 else None


def _read(arguments: list[str], switches: dict[str, str], values: dict[str, str]) -> Call | None:
    try:
        return _call(iter(arguments), switches, values)
    except _Unclear:
        return None


def _call(words: Iterator[str], switches: dict[str, str], values: dict[str, str]) -> Call:
    paths: list[str] = []
    given: dict[str, Any] = {"jobs": 0}
    progress = None
    for word in words:
        if word == "-" or not word.startswith("-"):
            paths.append(word)
        elif word == "--":
            paths += words
        elif word in switches:
            given[switches[word]] = True
        elif word in PROGRESS:
            progress = PROGRESS[word]
        else:
            name, value = _option(word, words, values)
            given[name] = (*given.get(name, ()), value) if name == "exclude" else value
    if "quiet" in given and "verbose" in given:
        raise _Unclear
    no_config = given.pop("no_config", False)
    return Call(tuple(paths) or (".",), given, progress, no_config)


def _option(word: str, words: Iterator[str], values: dict[str, str]) -> tuple[str, Any]:
    """Return the name and the value of an option, which stands behind it or comes next."""
    option, equals, value = word.partition("=")
    name = values.get(option)
    if name is None or (equals and not option.startswith("--")):
        raise _Unclear
    if not equals:
        value = next(words, "")
        if value.startswith("-") and value != "-":
            raise _Unclear
    return name, _settled(name, value)


def _settled(name: str, value: str) -> str | int:
    """Return a value as click would settle it, where there is no doubt about it."""
    if name == "jobs":
        if not (value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS):
            raise _Unclear
        return int(value)
    if name == "format_":
        from hexscan.reports.registry import FORMATS  # noqa: PLC0415 - where it is given

        if value not in FORMATS:
            raise _Unclear
    elif name == "exclude":
        _check_pattern(value)
    elif not value:
        raise _Unclear
    return value


def _check_pattern(value: str) -> None:
    from hexscan.sources.ignore import excluding  # noqa: PLC0415 - where it is given

    try:
        excluding([value])
    except ConfigError:
        raise _Unclear from None
