"""The source line and its carets."""

import pytest

from hexscan.finding import Excerpt
from hexscan.reports.excerpt import draw

MASK = "hex_89ab…c4d2"


def excerpt(before: str, after: str = "") -> Excerpt:
    return Excerpt(before + MASK + after, len(before), len(before) + len(MASK))


@pytest.mark.parametrize(
    ("before", "shown", "cells"),
    [
        ("", "", 0),
        ('key = "', 'key = "', 7),
        ("\t", "    ", 4),
        ("日本", "日本", 4),
        ("\uff45", "\uff45", 2),
        ("e\u0301", "e\u0301", 1),
        ("\x1b[31m", r"\x1b[31m", 8),
        ("\u202e", r"\u202e", 6),
        ("\udcff", r"\xff", 4),
        ("::error::", "::error::", 9),
        ("##[error]", r"\x23#[error]", 12),
        (r"a\n", r"a\n", 3),
    ],
)
def test_carets_stand_under_the_key(before: str, shown: str, cells: int) -> None:
    line, carets = draw(excerpt(before, "\u2028 after"))
    assert line == rf"{shown}{MASK}\u2028 after"
    assert carets == " " * cells + "^" * len(MASK)


def test_there_is_a_caret_even_for_an_empty_place() -> None:
    assert draw(Excerpt("ab", 1, 1)) == ("ab", " ^")
