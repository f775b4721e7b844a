"""Keys with something between their digits that is no part of them.

The pieces of a concatenated string, a continued or a wrapped line with what programs put before
each line (indentation, comment signs, ``> `` of a quoted mail, ``+`` of a diff, the time stamp of
a log), terminal colours, zero-width characters, soft hyphens.
"""

from __future__ import annotations

import re

from hexscan.decoders.decoded import Decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.match import Data, Span

NAME = "interrupted"

_BREAK = rb"\r?\n"
_TIME = (
    rb"\[?(?:[0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?"
    rb"(?:Z|[+-][0-9]{2}:?[0-9]{2})?\]?[ \t]{1,8}"
)
_QUOTE = rb"[\"'`]"
_CONCATENATED = (
    _QUOTE
    + rb"[ \t\r\n\\]{0,128}+(?:<>|\+\+|\+|\.\.|\.|&(?:[ \t]{0,8}_)?|\|\||~|,)?[ \t\r\n\\]{0,128}+"
    rb"[A-Za-z@$]{0,2}" + _QUOTE
)
_GLUE = (
    rb"(?:"
    rb"\x1b\[[0-?]{0,32}[ -/]{0,4}[@-~]"
    rb"|\x1b\][^\x07\x1b]{0,256}(?:\x07|\x1b\\)"
    rb"|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xef\xbb\xbf|\xc2\xad"
    rb"|[ \t]{0,64}+\\?"
    + _BREAK
    + rb"(?>[ \t]{0,64}+(?:"
    + _TIME
    + rb"|[>|+#*/;%-]{1,3}[ \t]{0,8})"
    rb"{0,4}[ \t]{0,64}+)"
    rb"|" + _CONCATENATED + rb")"
)
_BETWEEN = rb"(?>" + _GLUE + rb"){0,8}+"
_KEY = re.compile(
    rb"[hH]" + _BETWEEN + rb"[eE]" + _BETWEEN + rb"[xX]" + _BETWEEN + rb"_"
    rb"(?:" + _BETWEEN + rb"[0-9A-Fa-f]){40}"
)
_START = re.compile(
    rb"[hH]"
    + _BETWEEN
    + rb"[eE]"
    + _BETWEEN
    + rb"[xX]"
    + _BETWEEN
    + rb"_"
    + _BETWEEN
    + rb"[0-9A-Fa-f]"
)
_PART = re.compile(_GLUE + rb"|([0-9A-Za-z_])")


def starts(data: bytes) -> bool:
    """Tell whether ``data`` starts with a prefix and a digit, interrupted or not."""
    return _START.match(data) is not None


def is_in(data: bytes) -> bool:
    """Tell whether there is an interrupted key in ``data``."""
    return _KEY.search(data) is not None


def read(data: Data, at: int) -> Decoded | None:
    """Return the interrupted key that starts at ``at``, if there is one."""
    found = _KEY.match(data, at)
    if found is None:
        return None
    parts = [part.span() for part in _PART.finditer(data, at, found.end()) if part.lastindex]

    def place(start: int, end: int) -> Span:
        return parts[start][0], parts[end - 1][1]

    text = b"".join(data[start:end] for start, end in parts)
    return Decoded(NAME, text, at, place)
