"""The keys that a label tells: which digits near a label are its own.

Bare digits with a right checksum need little: any label near them will do. Legacy keys have no
checksum, so a label speaks only for what can be its value: on its own line without another name
between the two, or on the next line when it has no value on its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from hexscan import rule as rules
from hexscan.key import DIGITS, has_right_checksum
from hexscan.labels import COMMAND, TABLE, VALUE, VARIABLE, Label
from hexscan.match import Match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.match import Data, Span

_RUN = re.compile(rb"(?<![0-9A-Fa-f])(?:[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Fa-f])")
_BARE = re.compile(rb"(?<![0-9A-Fa-f])[0-9A-Fa-f]{40}(?![0-9A-Fa-f])")

# What may open a value, on the line of its label or on the next.
_OPENING = re.compile(rb"[\s\"'`(\[{<>|\\+-]{0,64}")
# A name that is given a value; the names of nothing but a value are not another's.
_NAME = re.compile(rb"([A-Za-z_][0-9A-Za-z_.-]*)[\"'`]?[ \t]*(?:=>|:=|=|:(?![-/]))")
_NEUTRAL = frozenset(
    b"api-key api_key auth-key auth_key authorization bearer data default key password"
    b" secret string token value".split()
)
# What ends a value: a comment, or another command.
_ENDED = re.compile(rb"[ \t](?:#|//)|;|&&")

_ASSIGNED = re.compile(rb"[\"'`)\]} \t]{0,8}(?:=>|:=|[=:])|[\"'],(?=[ \t]*\r?\n)")
_HAS_VALUE = re.compile(rb"[ \t\"'`(\[{<\\]{0,32}[0-9A-Za-z$%]")
# What stands before a label that is a reference: $X, ${X}, {{ secrets.X }}, getenv("X"), ENV["X"].
_REFERENCE = re.compile(rb"(?:\$\{?|\.|%|[(\[][\"']?)\Z")
# Between a key and the label behind it: a comment, or the other half of a pair.
_BEFORE_LABEL = re.compile(
    rb"[\"'`\])}>,; \t]{0,16}(?:(?:#|//|--|%)[ \t]*"
    rb"|[\"']?(?:env|key|name|var|variable)[\"']?[ \t]*(?:=>|[=:])[ \t]*[\"']?)?"
)
_CONTINUED = re.compile(rb"\\\r?\n")

_DOCUMENTED = frozenset({"f48ac236bca15c3271e077c15c5320c4"})
_FEWEST_DISTINCT = 8
_UPWARD = "0123456789abcdef0123456789"
_LONGEST_COUNT = 8


def labelled_keys(data: Data, labels: list[Label]) -> list[Match]:
    """Return the bare and legacy keys that some labels tell, which come in order of their ends."""
    matches = []
    ends = [label.end for label in labels]
    by_start = sorted(labels, key=lambda label: label.start)
    starts = [label.start for label in by_start]
    for run in _runs(data, labels):
        digits = run[0]
        if len(digits) == DIGITS:
            if has_right_checksum(digits):
                matches.append(Match(rules.UNPREFIXED, *run.span()))
            continue
        before = bisect_right(ends, run.start()) - 1
        behind = bisect_left(starts, run.end())
        told = (before >= 0 and _speaks_forward(data, labels[before], run.start())) or (
            behind < len(by_start) and _speaks_back(data, by_start[behind], run.span())
        )
        if told and not is_placeholder(digits) and not _is_reference(data, run.start()):
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


def _runs(data: Data, labels: list[Label]) -> Iterator[re.Match[bytes]]:
    """Yield the runs of 40 or 32 digits that start within reach of a label, each once."""
    for low, high in _merged([(label.low, label.high) for label in labels]):
        # Digits that start in the span may end behind it, and the one after them counts too.
        for run in _RUN.finditer(data, low, min(len(data), high + DIGITS + 1)):
            if run.start() < high and not _has_prefix(data, run.start()):
                yield run


def _merged(spans: list[Span]) -> Iterator[Span]:
    """Yield the union of the spans, so that no byte is looked at twice."""
    low = high = 0
    for start, end in sorted(spans):
        if start > high:
            yield low, high
            low = start
        high = max(high, end)
    yield low, high


def _speaks_forward(data: Data, label: Label, at: int) -> bool:
    """Tell whether a label speaks for the 32 digits at ``at``, somewhere behind it."""
    gap = bytes(data[label.end : at])
    if at >= label.high or gap.endswith(b"/"):  # a slash: part of a path or an address
        return False
    if label.kind == VALUE:
        return _OPENING.fullmatch(gap) is not None
    if label.kind == COMMAND:
        line = _CONTINUED.sub(b" ", gap)
        return not (b"\n" in line or _ENDED.search(line) or _other_name(line))
    return label.kind == TABLE or _may_be_value(data, label, gap)


def _may_be_value(data: Data, label: Label, gap: bytes) -> bool:
    """Tell whether digits behind a variable's name and ``gap`` can be what it is set to."""
    own_line, newline, next_line = gap.partition(b"\n")
    if not newline:
        return not _other_name(own_line) and not _ENDED.search(own_line)
    return b"\n" not in next_line and _waits(data, label) and _opens_value(next_line)


def _speaks_back(data: Data, label: Label, span: Span) -> bool:
    """Tell whether a label speaks for the 32 digits before it."""
    start, end = span
    if label.kind != VARIABLE or start < label.low:
        return False
    before = bytes(data[max(label.low, start - 64) : start])
    if before.endswith(b"/") or _other_name(before[before.rfind(b",") + 1 :]):
        return False
    return _BEFORE_LABEL.fullmatch(bytes(data[end : label.start])) is not None


def _waits(data: Data, label: Label) -> bool:
    """Tell whether a variable's value may stand on the next line."""
    line_end = bytes(data[label.end : label.high]).partition(b"\n")[0]
    assigned = _ASSIGNED.match(line_end + b"\n")
    if assigned is not None:
        return _HAS_VALUE.match(line_end, assigned.end()) is None
    return _REFERENCE.search(bytes(data[max(0, label.start - 3) : label.start])) is None


def _opens_value(line: bytes) -> bool:
    """Tell whether a line begins with nothing but the opening of a value."""
    rest = line[_OPENING.match(line).end() :]  # type: ignore[union-attr] # it matches nothing too
    name = _NAME.match(rest)
    if name is not None and name[1].lower() in _NEUTRAL:
        rest = rest[name.end() :]
    return _OPENING.fullmatch(rest) is not None


def _other_name(gap: bytes) -> bool:
    return any(name[1].lower() not in _NEUTRAL for name in _NAME.finditer(gap))


def _has_prefix(data: Data, at: int) -> bool:
    return bytes(data[max(0, at - 4) : at]).lower() == b"hex_"


def _is_reference(data: Data, at: int) -> bool:
    before = bytes(data[max(0, at - 2) : at])
    return before.endswith(b"$") or before == b"${"


def is_placeholder(digits: bytes) -> bool:
    """Tell whether hex digits were made by a person: repeated, counted up, or documented.

    Sixteen random bytes look like this about once in four million.
    """
    text = digits.decode("ascii").lower()
    half = len(text) // 2
    if text in _DOCUMENTED or text[:half] == text[half:]:
        return True
    if len(set(text)) < _FEWEST_DISTINCT:
        return True
    counted = (_UPWARD[i : i + _LONGEST_COUNT] for i in range(len(_UPWARD) - _LONGEST_COUNT + 1))
    return any(count in text or count[::-1] in text for count in counted)
