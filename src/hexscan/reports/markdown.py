"""Text inside Markdown: shown as it is, whatever stands in it."""

import re
from collections.abc import Iterable

from hexscan.reports import escape


def code(text: str) -> str:
    r"""Return text as a code span, in which Markdown sees no link, no image, no HTML, no mention.

    The fence is longer than any run of backticks in the text.

    >>> code("a.ex"), code("``|`"), code("")
    ('`a.ex`', '``` ``|` ```', '` `')
    """
    shown = escape.message(text) or " "
    runs = [len(run) for run in re.findall("`+", shown)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if runs else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def row(cells: Iterable[str]) -> str:
    r"""Return a row of a table, each cell of which is a code span.

    >>> row(["a|b", "c"])
    '| `a\\|b` | `c` |'
    """
    return f"| {' | '.join(code(cell).replace('|', chr(92) + '|') for cell in cells)} |"
