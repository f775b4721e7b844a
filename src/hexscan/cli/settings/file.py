"""Read the settings of a TOML file, and say where in it something is wrong.

``.hexscan.toml`` holds the settings at its top level, a ``pyproject.toml`` in ``[tool.hexscan]``.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from typing import Any

import click

from hexscan.cli.settings.option import CallOnly
from hexscan.cli.settings.place import Place, read
from hexscan.cli.settings.presence import FILE, PYPROJECT
from hexscan.cli.settings.size import Size
from hexscan.errors import ConfigError
from hexscan.suggestion import nearest
from hexscan.values import dataclass, field

_TABLE = ("tool", "hexscan")

_LINE_OF_ERROR = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_HEADER = re.compile(r"\s*\[([^\[\]]+)\]\s*(?:#.*)?")
_KEY = re.compile(r"\s*[\"']?([^\s\"'=]+)[\"']?\s*=")

Fail = Callable[[str, str], ConfigError]


@dataclass(frozen=True, slots=True)
class Given:
    """What a file says: values by key, and the line of each key.

    ``name`` is what messages call the file; empty if there is none.
    """

    name: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)


def find(place: Place, options: Mapping[str, click.Option]) -> Given:
    """Read the configuration file of a place, if it has one.

    ``options`` are those of a command, by key. Raises ``ConfigError`` for whatever cannot
    be read or understood, with file and line.
    """
    own = place.read(FILE)
    shared = place.read(PYPROJECT)
    # A pyproject.toml that does not speak of hexscan is not hexscan's to judge.
    held = None
    if shared is not None and b"hexscan" in shared:
        held = _given(shared, place.shown(PYPROJECT), options, _TABLE)
    if own is None:
        return held or Given()
    if held is not None:
        raise ConfigError(
            f"there is a {FILE} too; one of them has to go",
            path=held.name,
            line=_table_line(shared or b""),
        )
    return _given(own, place.shown(FILE), options, ()) or Given()


def load(path: str, options: Mapping[str, click.Option]) -> Given:
    """Read the configuration file that was named; see :func:`find`."""
    text = read(path.encode("utf-8", "surrogateescape"), path)
    if text is None:
        raise ConfigError("there is no such file", path=path, hint="see --config")
    table = _TABLE if path.rpartition("/")[2] == PYPROJECT else ()
    return _given(text, path, options, table) or Given(path)


def _given(
    text: bytes, name: str, options: Mapping[str, click.Option], table: tuple[str, ...]
) -> Given | None:
    """Return the settings of a file, or ``None`` if it has not the table."""
    source = _decoded(text, name)
    try:
        held: Any = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = _LINE_OF_ERROR.search(str(error))
        line = int(at[1]) if at and at[1] else source.rstrip().count("\n") + 1
        what = _LINE_OF_ERROR.sub("", str(error))
        raise ConfigError(f"this is not TOML: {what}", path=name, line=line) from None
    for part in table:
        if not isinstance(held, dict):
            break
        if part not in held:
            return None
        held = held[part]
    if not isinstance(held, dict):
        raise ConfigError("tool.hexscan is no table", path=name, line=_table_line(text))
    lines = _lines(source, table)

    def fail(key: str, why: str, near: str = "") -> ConfigError:
        line = lines.get(key, lines.get("", 1))
        return ConfigError(why, path=name, line=_line_of(source, line, near))

    values = {key: _value(key, value, options, fail) for key, value in held.items()}
    return Given(name, values, {key: lines.get(key, lines.get("", 1)) for key in values})


def _decoded(text: bytes, name: str) -> str:
    try:
        return text.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise ConfigError("this is not UTF-8", path=name, line=line) from None


def _value(
    key: str, value: object, options: Mapping[str, click.Option], fail: Callable[..., ConfigError]
) -> object:
    """Return a value that the option of this key takes."""
    option = options.get(key)
    if option is None:
        raise fail(key, f"unknown setting {key!r}{nearest(key, options)}")
    if isinstance(option, CallOnly):
        raise fail(key, f"{key} can be set by a call only, not by a file")
    wanted = _wanted(option)
    if option.multiple:
        if not isinstance(value, list) or not all(type(one) is str for one in value):
            raise fail(key, f"{key} is a list of strings")
    elif type(value) not in wanted[0]:
        raise fail(key, f"{key} is {wanted[1]}")
    for one in value if isinstance(value, list) else [value]:
        try:
            option.type.convert(one, option, None)
        except click.BadParameter as error:
            choices = option.type.choices if isinstance(option.type, click.Choice) else ()
            meant = nearest(str(one), map(str, choices))
            raise fail(key, f"{key}: {error.message.rstrip('.')}{meant}", str(one)) from None
        except ConfigError as error:
            raise fail(key, f"{key}: {error}", str(one)) from None
    return value


def _wanted(option: click.Option) -> tuple[tuple[type, ...], str]:
    if option.is_flag:
        return (bool,), "true or false"
    if isinstance(option.type, click.types.IntParamType):
        return (int,), "a whole number"
    if isinstance(option.type, Size):
        return (int, str), 'a number of bytes, or a string such as "512M"'
    return (str,), "a string"


def _lines(source: str, table: tuple[str, ...]) -> dict[str, int]:
    """Return the lines on which the keys of a table stand, and under "" that of its header."""
    found = {"": 1}
    inside = not table
    for number, line in enumerate(source.split("\n"), 1):
        header = _HEADER.fullmatch(line)
        if header is not None:
            inside = tuple(part.strip(" \t\"'") for part in header[1].split(".")) == table
            if inside:
                found[""] = number
        elif inside and (key := _KEY.match(line)):
            found.setdefault(key[1], number)
    return found


def _line_of(source: str, line: int, near: str) -> int:
    """Return the first line from ``line`` on that holds the text, or ``line`` itself."""
    if near:
        for number, text in enumerate(source.split("\n")[line - 1 :], line):
            if near in text:
                return number
    return line


def _table_line(text: bytes) -> int:
    return _lines(text.decode("utf-8", "replace"), _TABLE)[""]
