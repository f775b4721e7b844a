"""Text inside XML and HTML: nothing in it is markup, and nothing moves a terminal's cursor."""

from hexscan.reports import escape

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def safe(text: str) -> str:
    r"""Return text for element content and for attributes in quotes, control characters escaped.

    >>> safe(']]><script>\n')
    ']]&gt;&lt;script&gt;\\n'
    """
    return escape.message(text).translate(_ENTITIES)
