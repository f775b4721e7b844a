"""The source line of a finding, with a caret under the key."""

import unicodedata

from hexscan.finding import Excerpt
from hexscan.reports import escape

_TAB = "    "


def draw(excerpt: Excerpt) -> tuple[str, str]:
    """Return the line to show and, to stand below it, the line with the carets.

    Control characters are escaped and tabs become four blanks, and the carets follow: they are
    placed by the cells that a terminal gives to each character, not by counting characters.
    """
    line = excerpt.text
    shown = escape.pieces(line)
    for at, char in enumerate(line):
        if char == "\t":
            shown[at] = _TAB
    before = _cells(shown[: excerpt.start])
    under = _cells(shown[excerpt.start : excerpt.end])
    return "".join(shown), " " * before + "^" * max(under, 1)


def _cells(shown: list[str]) -> int:
    text = "".join(shown)
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
