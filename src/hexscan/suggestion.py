"""What somebody may have meant who wrote a word that nobody knows."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``; did you mean WORD?`` with the known word that is most like ``word``, or nothing.

    >>> nearest("exclud", ["exclude", "format"]), nearest("x", ["exclude"])
    ('; did you mean exclude?', '')
    """
    import difflib  # noqa: PLC0415 - wanted only where something is wrong

    near = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {near[0]}?" if near else ""
