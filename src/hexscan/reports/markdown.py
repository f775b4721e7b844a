"""Text inside Markdown: shown as it is, whatever stands in it."""

import re

from hexscan.reports import escape


def code(text: str) -> str:
    r"""Return text as a code span, in which Markdown sees no link, no image, no HTML, no mention.

    The fence is longer than any run of backticks in the text. A bar is escaped, so that the span
    can stand in a table.

    >>> code("a.ex"), code("``|`")
    ('`a.ex`', '``` ``\\|` ```')
    """
    shown = escape.message(text).replace("|", "\\|")
    runs = [len(run) for run in re.findall("`+", shown)]
    fence = "`" * (max(runs, default=0) + 1)
    pad = " " if runs else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
