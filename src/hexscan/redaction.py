"""Text with every key in it masked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar, overload

import stringzilla as sz

from hexscan import rule as rules
from hexscan.decoders.nest import find
from hexscan.finding import Excerpt
from hexscan.key import preview
from hexscan.match import Match

Text = TypeVar("Text", str, bytes)

# How much of a long line an excerpt shows before and after the key.
_EXCERPT_REACH = 120

# Any run of digits this long could be a piece of a key; a preview shows eight.
_DIGIT_RUN = re.compile(r"[0-9A-Fa-f]{12,}")
_CUT_RUN = re.compile(r"\A[0-9A-Fa-f]{5,}|[0-9A-Fa-f]{5,}\Z")


@overload
def redact(text: str) -> str: ...
@overload
def redact(text: bytes) -> bytes: ...
def redact(text: str | bytes) -> str | bytes:
    """Return ``text`` with every key in it replaced by its preview.

    Keys of every rule are masked, also bare digits with a right checksum that no label names, and
    keys that are encoded: their whole encoded form is replaced.
    """
    if isinstance(text, str):
        return redact(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    if not isinstance(text, bytes):
        raise TypeError(f"text is str or bytes, not {type(text).__name__}")
    pieces = []
    end = 0
    for match in find(text, unprefixed=True):
        pieces += [text[end : match.start], mask(text, match).encode()]
        end = match.end
    return b"".join([*pieces, text[end:]])


def mask(data: bytes | memoryview, match: Match) -> str:
    """Return the preview of the match in ``data``."""
    if match.preview:
        return match.preview
    text = bytes(data[match.start : match.end]).decode("ascii")
    prefixed = match.rule in (rules.API_KEY, rules.LOOKALIKE)
    return preview(text[4:] if prefixed else text, prefixed=prefixed)


def excerpt(data: bytes | memoryview, match: Match, others: Sequence[Match] = ()) -> Excerpt:
    """Return the line around a match, cut to a length that can be shown, with no key in it.

    Beside the match itself every run of hex digits long enough to be a piece of a key is masked:
    another key on the line, the same one without its prefix, or one that the cut goes through. So
    is what of ``others``, the matches in ``data``, stands in the excerpt: they may be encoded.
    """
    low = max(0, match.start - _EXCERPT_REACH)
    low = max(low, sz.rfind(data, b"\n", low, match.start) + 1)
    high = min(len(data), match.end + _EXCERPT_REACH)
    newline = sz.find(data, b"\n", match.end, high)
    high = high if newline < 0 else newline
    before = _masked(_without(data, low, match.start, others))
    after = _masked(_without(data, match.end, high, others).removesuffix(b"\r"))
    shown = mask(data, match)
    return Excerpt(before + shown + after, len(before), len(before) + len(shown))


def _without(data: bytes | memoryview, low: int, high: int, matches: Sequence[Match]) -> bytes:
    """Return ``[low, high)`` of the data with what matches cover of it left out."""
    pieces = []
    for match in matches:
        if low < match.end and match.start < high:
            pieces += [bytes(data[low : max(low, match.start)]), "…".encode()]
            low = match.end
    return b"".join([*pieces, bytes(data[low : max(low, high)])])


def _masked(piece: bytes) -> str:
    text = piece.decode("utf-8", "replace")
    text = _DIGIT_RUN.sub(lambda run: f"{run[0][:4]}…{run[0][-4:]}", text)
    return _CUT_RUN.sub("…", text)
