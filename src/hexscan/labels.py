"""Labels of Hex's own, and the keys beside them that nothing else tells apart.

A legacy key is 32 hex digits without a checksum, a bare one 40 digits as a git SHA-1 has: only a
label beside them tells. The labels are those of Hex's tools and documents: the ``HEX…`` variables,
``mix hex.…`` and ``rebar3 hex …`` commands, the terms of a hex.config, ``hex: [api_key: …]`` in a
mix.exs, and Dependabot's registries.

A label speaks for its own line and the line after it, within :data:`REACH`. One that has a value on
its own line, or is itself a reference to a variable, says nothing about the next line.
"""

from __future__ import annotations

import re

import stringzilla as sz

from hexscan import rule as rules
from hexscan.key import DIGITS, has_right_checksum
from hexscan.match import Match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.match import Data, Span

REACH = 1024
"""Bytes before and after a label within which it speaks, if its lines are that long."""

# The variables that Hex reads, and those seen in the wild. HEX_KEY and the like are left out: in
# tests of ciphers they name a key of 32 hex digits that has nothing to do with Hex.
_WORD = rb"(?:API|AUTH|CI|DEPLOY|ORG|ORGANI[SZ]ATION|PM|PUBLISH|PULL|PUSH|READ|REPOS?|USER|WRITE)"
_VARIABLE = re.compile(
    rb"(?<![0-9A-Za-z])"
    rb"(?:(?i:HEX(?:PM)?(?:_" + _WORD + rb"){1,4}_(?:KEY|TOKEN))|HEX(?:PM)?_TOKEN|HEXPM_KEY)"
    rb"[0-9A-Za-z_]{0,32}"
)
_COMMAND = re.compile(rb"(?:(?<=mix )hex\.[a-z]|(?<=rebar3 )hex [a-z])")
_MIX_EXS = re.compile(rb"hex:\s{0,64}\[[^\[\]]{0,256}?\bapi_key:")
_DEPENDABOT = re.compile(
    rb"hex-(?:organization|repository)[\"']?[ \t]{0,8}"
    rb"(?:\r?\n[ \t]{1,64}[^\s][^\n]{0,128}){0,4}?"
    rb"\r?\n[ \t]{1,64}[\"']?(?:auth-)?key[\"']?[ \t]{0,8}:"
)
_TERM = re.compile(rb"_key'?\s{0,64}(?:,|=>)\s{0,64}<<\s{0,64}\\{0,4}\"")

# What stands behind a label: an assignment, and then a value on the same line.
_ASSIGNED = re.compile(rb"[\"'`)\]} \t]{0,8}(?:=>|:=|[=:])")
_VALUE = re.compile(rb"[ \t\"'`(\[{<\\]{0,32}[0-9A-Za-z$%]")
# What stands before a label that is a reference: $X, ${X}, {{ secrets.X }}, getenv("X"), ENV["X"].
_REFERENCE = re.compile(rb"(?:\$\{?|\.|%|[(\[][\"']?)\Z")

_RUN = re.compile(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Fa-f])")
_BARE = re.compile(rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{40}(?![0-9A-Fa-f])")

# What a hit must go on with to be a key, a lookalike or a label.
_PLAUSIBLE = re.compile(
    rb"(?i:hex(?=_[0-9a-z]{32}|(?:pm)?_(?:" + _WORD + rb"_|token|key)"
    rb"|:\s{0,64}\[|-organization|-repository|\.[a-z]| [a-z]))"
)

# Cut short by up to eight digits, or 40 characters of which one or two are no hex digits.
_CUT_SHORT = re.compile(rb"(?i:hex)_[0-9A-Fa-f]{32,39}(?![0-9A-Za-z])")
_MISTYPED = re.compile(rb"(?i:hex)_[0-9A-Za-z]{40}(?![0-9A-Za-z])")
_MOST_MISTYPED = 2

_DOCUMENTED = frozenset({"f48ac236bca15c3271e077c15c5320c4"})
_FEWEST_DISTINCT = 8
_UPWARD = "0123456789abcdef0123456789"
_LONGEST_COUNT = 8


def reach(data: Data, at: int) -> list[Span]:
    """Return the spans within reach of the label whose ``hex`` stands at ``at``."""
    variable = _VARIABLE.match(data, at)
    if variable is not None:
        return [_lines_around(data, at, variable.end(), next_line=_waits(data, variable))]
    if _COMMAND.match(data, at) is not None:
        return [_lines_around(data, at, at + 4, next_line=True)]
    for pattern in (_MIX_EXS, _DEPENDABOT):
        label = pattern.match(data, at)
        if label is not None:
            end = label.end()
            waits = _VALUE.match(data, end, end + 64) is None
            low, high = _lines_around(data, end, end, next_line=waits)
            return [(max(low, end), high)]
    return []


def reach_of_term(data: Data, at: int) -> list[Span]:
    """Return where the value of a hex.config's term starts whose ``_key`` stands at ``at``.

    Erlang's syntax leaves no doubt, so the span is a single offset.
    """
    term = _TERM.match(data, at)
    return [] if term is None else [(term.end(), term.end() + 1)]


def labelled_keys(data: Data, reaches: list[Span]) -> list[Match]:
    """Return the bare and the legacy keys that start in one of the spans."""
    matches = []
    for low, high in _merged(reaches):
        # Digits that start in the span may end behind it, and the one after them counts too.
        for run in _RUN.finditer(data, low, min(len(data), high + DIGITS + 1)):
            if run.start() >= high or _has_prefix(data, run.start()):
                continue
            digits = run[0]
            if len(digits) == DIGITS:
                if has_right_checksum(digits):
                    matches.append(Match(rules.UNPREFIXED, *run.span()))
            elif not is_placeholder(digits) and not _is_reference(data, run.start()):
                matches.append(Match(rules.LEGACY, *run.span()))
    return matches


def bare_keys(data: Data, known: set[int]) -> list[Match]:
    """Return the runs of exactly 40 digits with a right checksum, but those in ``known``."""
    return [
        Match(rules.UNPREFIXED, *run.span(), rules.NOTE)
        for run in _BARE.finditer(data)
        if run.start() not in known
        and not _has_prefix(data, run.start())
        and has_right_checksum(run[0])
    ]


def plausible_hits(data: Data, start: int, end: int) -> Iterator[int]:
    """Yield the offsets in ``[start, end)`` at which more than the bare ``hex_`` stands."""
    for hit in _PLAUSIBLE.finditer(data, start, min(len(data), end + 64)):
        if hit.start() < end:
            yield hit.start()


def lookalike(data: Data, at: int) -> Match | None:
    """Return the key at ``at`` that was cut short or mistyped by little, if it is one."""
    shape = _CUT_SHORT.match(data, at)
    if shape is None:
        shape = _MISTYPED.match(data, at)
        if shape is None:
            return None
        letters = shape[0][4:].translate(None, b"0123456789abcdefABCDEF")
        if len(letters) > _MOST_MISTYPED:
            return None
    return Match(rules.LOOKALIKE, *shape.span(), rules.NOTE)


def _waits(data: Data, label: re.Match[bytes]) -> bool:
    """Tell whether a variable's value may stand on the next line."""
    assigned = _ASSIGNED.match(data, label.end())
    if assigned is not None:
        return _VALUE.match(data, assigned.end()) is None
    before = bytes(data[max(0, label.start() - 3) : label.start()])
    return _REFERENCE.search(before) is None


def _lines_around(data: Data, start: int, end: int, *, next_line: bool) -> Span:
    """Return the span of the lines that a label at ``[start, end)`` speaks for."""
    floor, ceiling = max(0, start - REACH), min(len(data), end + REACH)
    low = max(floor, sz.rfind(data, b"\n", floor, start) + 1)
    high = sz.find(data, b"\n", end, ceiling)
    if high >= 0 and next_line:
        high = sz.find(data, b"\n", high + 1, ceiling)
    return low, ceiling if high < 0 else high


def _merged(spans: list[Span]) -> Iterator[Span]:
    """Yield the union of the spans, so that no byte is looked at twice."""
    ordered = sorted(spans)
    low, high = ordered[0] if ordered else (0, 0)
    for start, end in ordered:
        if start > high:
            yield low, high
            low, high = start, end
        high = max(high, end)
    if ordered:
        yield low, high


def _has_prefix(data: Data, at: int) -> bool:
    return bytes(data[max(0, at - 4) : at]).lower() == b"hex_"


def _is_reference(data: Data, at: int) -> bool:
    before = bytes(data[max(0, at - 2) : at])
    return before.endswith(b"$") or before == b"${"


def is_placeholder(digits: bytes) -> bool:
    """Tell whether hex digits were made by a person: repeated, counted up, or documented.

    Sixteen random bytes look like this less than once in ten million.
    """
    text = digits.decode("ascii").lower()
    half = len(text) // 2
    if text in _DOCUMENTED or text[:half] == text[half:]:
        return True
    if len(set(text)) < _FEWEST_DISTINCT:
        return True
    counted = (_UPWARD[i : i + _LONGEST_COUNT] for i in range(len(_UPWARD) - _LONGEST_COUNT + 1))
    return any(count in text or count[::-1] in text for count in counted)
