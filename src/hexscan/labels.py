"""Labels of Hex's own: what stands beside a key that nothing else tells apart.

A legacy key is 32 hex digits without a checksum, a bare one 40 digits as a git SHA-1 has: only a
label beside them tells. The labels are those of Hex's tools and documents: the ``HEX…`` variables,
``mix hex.…`` and ``rebar3 hex …`` commands, the rows that ``mix hex.repo list`` prints, the terms
of a hex.config, ``hex: [api_key: …]`` in a mix.exs, and Dependabot's registries. An ``api_key`` or
``auth_key`` of somebody else's is none.
"""

from __future__ import annotations

import re

import stringzilla as sz

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hexscan.match import Data, Span

REACH = 1024
"""Bytes before and after a label within which it speaks, if its lines are that long."""

VARIABLE = "variable"  # a name that somewhere near is given its value
COMMAND = "command"  # a command line, which goes on behind a backslash
TABLE = "table"  # what a command prints below itself
VALUE = "value"  # the value follows at once

# The variables that Hex reads, and those seen in the wild. HEX_KEY and the like are left out: in
# tests of ciphers they name a key of 32 hex digits that has nothing to do with Hex. In lower case,
# as in Terraform, a name does not begin in the middle of another.
_WORDS = rb"(?:API|AUTH|CI|DEPLOY|ORG|ORGANI[SZ]ATION|PM|PUBLISH|PULL|PUSH|READ|REPOS?|USER|WRITE)"
_VARIABLE = re.compile(
    rb"(?<![0-9A-Za-z])"
    rb"(?:HEX(?:PM)?(?:_" + _WORDS + rb"){1,4}_(?:KEY|TOKEN)|HEX(?:PM)?_TOKEN|HEXPM_KEY"
    rb"|(?i:(?:(?<![0-9a-z_])|(?<=TF_VAR_))hex(?:pm)?_"
    rb"(?:(?:read_)?api|auth|org|organi[sz]ation|pm|repos?)_key))"
    rb"[0-9A-Za-z_]{0,32}"
)
_COMMAND = re.compile(rb"hex(?:\.[a-z]{1,64}(?:\.[a-z]{1,64})?|[ \t]{1,8}[a-z]{1,64})")
_BEFORE_COMMAND = re.compile(
    rb"(?:\bmix[ \t\"',\[]{1,8}(?:do[ \t\"',]{1,8})?|\brebar3[ \t\"',]{1,8})\Z"
)
_PRINTS_KEYS = re.compile(rb"hex\.repo[ \t\"',]{1,8}(?:list|show)")
_ORGANIZATION = re.compile(rb"hexpm:[0-9a-z_]{1,64}|hex\.pm/repos/[0-9a-z_]{1,64}")
_MIX_EXS = re.compile(rb"hex:\s{0,64}\[[^\[\]]{0,256}?\bapi_key:")
_CONFIG_EXS = re.compile(rb"(?<=config :)hex,\s{0,64}api_key:")
_DEPENDABOT = re.compile(
    rb"hex-(?:organization|repository)\b[^\n]{0,128}"
    rb"(?:\n[ \t]{1,64}[^\s][^\n]{0,128}){0,4}?"
    rb"\n[ \t]{1,64}[\"']?(?:auth-)?key[\"']?[ \t]{0,8}:"
)
_DEPENDABOT_KEY_ABOVE = re.compile(
    rb"\n[ \t]{1,64}[\"']?(?:auth-)?key[\"']?[ \t]{0,8}:[^\n]{0,128}"
)

# Erlang's terms. A tuple counts only at the top of a file, where a full stop ends it; a pair of a
# map only where Hex is named close by.
_TERM = re.compile(rb"_key'?\s{0,64}(,|=>)\s{0,64}<<\s{0,64}\\{0,4}\"")
_TOP_LEVEL = re.compile(rb"[0-9A-Fa-f]{32,40}\\{0,4}\">>\s{0,8}\}\s{0,8}\.")
_BEFORE_TERM = re.compile(rb"(?<![0-9A-Za-z_@])'?\$?(?:api|auth|read|repos?|write)\Z")
_HEX_NAMED = re.compile(rb"hexpm|hex\.pm|\$repos|hex_core")
_NAMED_WITHIN = 512

# What a hit must go on with to be a key, a lookalike or a label.
_PLAUSIBLE = re.compile(
    rb"(?i:hex(?=_[0-9a-z]{32}|(?:pm)?_(?:" + _WORDS + rb"_|token|key)|pm:"
    rb"|:\s{0,64}\[|,\s{0,64}api|-organization|-repository|[. \t][ \t]{0,7}[a-z]))"
)

_LINES_OF_A_TABLE = 8


class Label:
    """A label at ``[start, end)`` of some data, and where it makes it worth to look for a key.

    ``kind`` says how a key has to stand to it; ``[low, high)`` is where it may start.
    """

    __slots__ = ("end", "high", "kind", "low", "start")

    def __init__(self, kind: str, span: Span, reach: Span) -> None:
        self.kind = kind
        self.start, self.end = span
        self.low, self.high = reach


def find_labels(data: Data, hits: list[int], terms: list[int]) -> list[Label]:
    """Return the labels at some offsets, in order of where they end.

    At a hit stands the ``hex`` of what may be a label, at a term the ``_key`` of a hex.config's.
    """
    found = [_label(data, at) for at in hits]
    found += [_term(data, at) for at in terms]
    return sorted((label for label in found if label), key=lambda label: label.end)


def plausible_hits(data: Data, start: int, end: int) -> Iterator[int]:
    """Yield the offsets in ``[start, end)`` at which more than the bare ``hex_`` stands."""
    for hit in _PLAUSIBLE.finditer(data, start, min(len(data), end + 128)):
        if hit.start() < end:
            yield hit.start()


def _label(data: Data, at: int) -> Label | None:
    """Return the label whose ``hex`` stands at ``at``; the byte behind it says which it may be."""
    for read in _READERS.get(data[at + 3], ()):
        label = read(data, at)
        if label is not None:
            return label
    return None


def _variable(data: Data, at: int) -> Label | None:
    name = _VARIABLE.match(data, at)
    if name is None:
        return None
    return Label(VARIABLE, name.span(), _lines(data, *name.span(), below=1))


def _command(data: Data, at: int) -> Label | None:
    command = _COMMAND.match(data, at)
    if command is None or not _BEFORE_COMMAND.search(bytes(data[max(0, at - 24) : at])):
        return None
    kind = TABLE if _PRINTS_KEYS.match(data, at) else COMMAND
    reach = _lines(data, *command.span(), below=_LINES_OF_A_TABLE)
    return Label(kind, command.span(), (command.end(), reach[1]))


def _organization(data: Data, at: int) -> Label | None:
    name = _ORGANIZATION.match(data, at)
    if name is None:
        return None
    return Label(TABLE, name.span(), (name.end(), _lines(data, *name.span(), below=0)[1]))


def _setting(data: Data, at: int) -> Label | None:
    setting = _MIX_EXS.match(data, at) or _CONFIG_EXS.match(data, at)
    return None if setting is None else _before_value(setting.start(), setting.end())


def _dependabot(data: Data, at: int) -> Label | None:
    registry = _DEPENDABOT.match(data, at)
    if registry is not None:
        return _before_value(at, registry.end())
    # The key may stand on the line above the registry's type.
    line = sz.rfind(data, b"\n", max(0, at - REACH), at)
    above = sz.rfind(data, b"\n", max(0, line - REACH), line) if line > 0 else -1
    key = _DEPENDABOT_KEY_ABOVE.match(data, above, line) if above >= 0 else None
    if key is None:
        return None
    return _before_value(above, above + bytes(data[above:line]).index(b":") + 1)


def _term(data: Data, at: int) -> Label | None:
    """Return the label of a hex.config's term whose ``_key`` stands at ``at``."""
    term = _TERM.match(data, at)
    if term is None or not _BEFORE_TERM.search(bytes(data[max(0, at - 8) : at])):
        return None
    if term[1] == b",":
        is_hex = _TOP_LEVEL.match(data, term.end()) is not None
    else:
        around = bytes(data[max(0, at - _NAMED_WITHIN) : at + _NAMED_WITHIN])
        is_hex = _HEX_NAMED.search(around) is not None
    return _before_value(at, term.end()) if is_hex else None


def _before_value(start: int, end: int) -> Label:
    return Label(VALUE, (start, end), (end, end + 64))


def _lines(data: Data, start: int, end: int, *, below: int) -> Span:
    """Return the span of the line of ``[start, end)`` and of some lines below it."""
    floor, ceiling = max(0, start - REACH), min(len(data), end + REACH)
    low = max(floor, sz.rfind(data, b"\n", floor, start) + 1)
    high = sz.find(data, b"\n", end, ceiling)
    for _ in range(below):
        if high < 0:
            break
        high = sz.find(data, b"\n", high + 1, ceiling)
    return low, ceiling if high < 0 else high


# By the byte behind "hex".
_READERS: dict[int, tuple[Callable[[Data, int], Label | None], ...]] = {
    ord("_"): (_variable,),
    ord("p"): (_variable, _organization),
    ord("P"): (_variable,),
    ord("."): (_command, _organization),
    ord(" "): (_command,),
    ord("\t"): (_command,),
    ord(":"): (_setting,),
    ord(","): (_setting,),
    ord("-"): (_dependabot,),
}
