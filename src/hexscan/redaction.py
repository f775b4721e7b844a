"""Text with every key in it masked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from operator import attrgetter

import stringzilla as sz

from hexscan import key
from hexscan import rule as rules
from hexscan.finding import Excerpt
from hexscan.matcher import find, has_digits

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Sequence
    from typing import overload

    from hexscan.match import Match


_NEWLINE = ord("\n")

# How much of a long line an excerpt shows before and after the key.
_EXCERPT_REACH = 120

# Any run of digits this long could be a piece of a key; a preview shows eight.
_DIGIT_RUN = r"[0-9A-Fa-f]{12,}"
# One that a cut goes through shows nothing: its ends are the middle of a key.
_CUT_AT_START = r"\A[0-9A-Fa-f]+"
_CUT_AT_END = r"[0-9A-Fa-f]+\Z"
# In what a person has written more than a preview's digits are masked: a shorter run is a date.
_LONG_RUN = r"[0-9A-Fa-f]{9,}"


if TYPE_CHECKING:

    @overload
    def redact(text: str) -> str: ...
    @overload
    def redact(text: bytes) -> bytes: ...


def redact(text: str | bytes) -> str | bytes:
    """Return ``text`` with every key in it replaced by its preview.

    Keys of every rule are masked, also bare digits with a right checksum that no label names.
    """
    if isinstance(text, str):
        return redact(text.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    if not isinstance(text, bytes):
        raise TypeError(f"text is str or bytes, not {type(text).__name__}")
    # Nearly every name; the patterns that bare digits ask for cost more than a small scan.
    if not has_digits(text):
        return text
    return masked(text, find(text, unprefixed=True))


def masked(text: bytes, matches: Iterable[Match]) -> bytes:
    """Return ``text`` with previews in place of the matches in it, which are in order."""
    pieces = []
    end = 0
    for match in matches:
        pieces += [text[end : match.start], mask(text, match).encode()]
        end = match.end
    return b"".join([*pieces, text[end:]])


def mask(data: bytes | memoryview, match: Match) -> str:
    """Return the preview of the match in ``data``."""
    if match.preview:
        return match.preview
    text = bytes(data[match.start : match.end]).decode("ascii")
    prefixed = match.rule in (rules.API_KEY, rules.LOOKALIKE)
    return key.preview(text[4:] if prefixed else text, prefixed=prefixed)


def shown(text: bytes) -> str:
    """Return a remark from a scanned file as text, with every key and piece of a key masked."""
    return _masked(redact(text).decode("utf-8", "replace"), _LONG_RUN)


def excerpt(data: bytes | memoryview, match: Match, matches: Sequence[Match] = ()) -> Excerpt:
    """Return the line around a match, cut to a length that can be shown, with no key in it.

    Beside the match itself every run of hex digits long enough to be a piece of a key is masked:
    another key on the line, the same one without its prefix, or one that the cut goes through.
    Of ``matches``, all those in ``data`` and in order, the encoded ones are left out.
    """
    low = max(0, match.start - _EXCERPT_REACH)
    low = max(low, sz.rfind(data, b"\n", low, match.start) + 1)
    high = min(len(data), match.end + _EXCERPT_REACH)
    newline = sz.find(data, b"\n", match.end, high)
    high = high if newline < 0 else newline
    before = _text(data, low, match.start, matches)
    after = _text(data, match.end, high, matches)
    if low > 0 and data[low - 1] != _NEWLINE:
        before = _cut(before, _CUT_AT_START)
    if high < len(data) and data[high] != _NEWLINE:
        after = _cut(after, _CUT_AT_END)
    before, after = _masked(before), _masked(after).removesuffix("\r")
    preview = mask(data, match)
    return Excerpt(before + preview + after, len(before), len(before) + len(preview))


def _text(data: bytes | memoryview, low: int, high: int, matches: Sequence[Match]) -> str:
    """Return ``[low, high)`` of the data without the encoded keys in it."""
    pieces = []
    first = bisect_right(matches, low, key=attrgetter("end"))
    last = bisect_left(matches, high, key=attrgetter("start"))
    for match in matches[first:last]:
        if match.decoding:
            pieces += [bytes(data[low : max(low, match.start)]), "…".encode()]
            low = match.end
    pieces.append(bytes(data[low : max(low, high)]))
    return b"".join(pieces).decode("utf-8", "replace")


def _cut(text: str, pattern: str) -> str:
    import re  # noqa: PLC0415 - see _masked

    return re.sub(pattern, "…", text)


def _masked(text: str, pattern: str = _DIGIT_RUN) -> str:
    import re  # noqa: PLC0415 - 3 ms, and only once something is found

    return re.sub(pattern, _ends, text)


def _ends(run: re.Match[str]) -> str:
    return f"{run[0][:4]}…{run[0][-4:]}"
