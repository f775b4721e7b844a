"""The globs of ``package: [secret_scan: [ignore: […]]]`` in a mix.exs.

The file is read as text and never run. Hex.pm's own scan of published packages honours the same
globs; :mod:`hexscan.suppression.glob` says what they match.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from hexscan.errors import ConfigError
from hexscan.values import dataclass

FILE = "mix.exs"

_HINT = 'write it as a list of plain strings: secret_scan: [ignore: ["test/fixtures/**"]]'
_LONGEST_GLOB = 1000

# What Elixir's text is made of, as far as it takes to know a string from a comment.
_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<other>\"\"\"(?s:.*?)\"\"\" | '''(?s:.*?)''' | '(?s:[^'\\]|\\.)*'
      | ~[A-Za-z]+(?:\"\"\"(?s:.*?)\"\"\" | "[^"]*" | '[^']*' | \([^)]*\) | \[[^\]]*\]
      | \{[^}]*\} | <[^>]*> | \|[^|]*\| | /[^/]*/)
      | \?(?:\\.|[^\s\\]))
  | "(?P<string>(?s:[^"\\]|\\.)*)"
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*[?!]?:?)
  | (?P<mark>[^\sA-Za-z_])
    """,
    re.VERBOSE,
)
_PLAIN_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def globs(text: bytes, name: str = FILE) -> tuple[str, ...]:
    """Return the globs that a mix.exs says are to be ignored, in their order.

    Raises ``ConfigError`` where there is a ``secret_scan`` that cannot be understood without
    running the file, and for a glob that is none.
    """
    source = text.decode("utf-8", "replace")
    tokens = [token for token in _tokens(source) if token.kind != "comment"]
    found: list[str] = []
    for at, token in enumerate(tokens):
        if (token.kind, token.text) == ("word", "secret_scan:"):
            found += _ignored(tokens, at + 1, source, name)
    return tuple(found)


def _tokens(source: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(source):
        kind = str(match.lastgroup)
        yield _Token(kind, match[kind], match.start())


def _ignored(tokens: Sequence[_Token], at: int, source: str, name: str) -> list[str]:
    """Return the strings of ``[…, ignore: ["…", …], …]``, which has to begin at ``at``."""
    line = source.count("\n", 0, tokens[at - 1].at) + 1
    if not _is(tokens, at, "["):
        raise _unclear(name, line)
    depth = 0
    for inner in range(at, len(tokens)):
        token = tokens[inner]
        if token.kind == "mark":
            depth += (token.text in "[{(") - (token.text in "]})")
            if not depth:
                return []  # a secret_scan that ignores nothing
        if (token.kind, token.text, depth) == ("word", "ignore:", 1):
            return [_glob(text, name, line) for text in _strings(tokens, inner + 1, name, line)]
    raise _unclear(name, line)


def _strings(tokens: Sequence[_Token], at: int, name: str, line: int) -> list[str]:
    if not _is(tokens, at, "["):
        raise _unclear(name, line)
    strings = []
    at += 1
    while not _is(tokens, at, "]"):
        if at >= len(tokens) or tokens[at].kind != "string":
            raise _unclear(name, line)
        strings.append(tokens[at].text)
        at += 1
        if _is(tokens, at, ","):
            at += 1
        elif not _is(tokens, at, "]"):
            raise _unclear(name, line)
    return strings


def _glob(text: str, name: str, line: int) -> str:
    if "#{" in text or re.search(r"\\[^\"\\]", text):
        raise _unclear(name, line)
    glob = _PLAIN_ESCAPE.sub(r"\1", text)
    if not glob or len(glob) > _LONGEST_GLOB:
        raise ConfigError(
            f"a glob of secret_scan has 1 to {_LONGEST_GLOB} characters", path=name, line=line
        )
    return glob


def _is(tokens: Sequence[_Token], at: int, mark: str) -> bool:
    return at < len(tokens) and (tokens[at].kind, tokens[at].text) == ("mark", mark)


def _unclear(name: str, line: int) -> ConfigError:
    return ConfigError(
        "secret_scan cannot be read without running the file", path=name, line=line, hint=_HINT
    )
