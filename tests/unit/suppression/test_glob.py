"""Globs as Hex.pm's scan reads them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.suppression.glob import Glob


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("test/fixtures/**", "test/fixtures/a/b.ex", True),
        ("test/fixtures/**", "test/fixtures", False),
        ("test/fixtures/**", "lib/test/fixtures/a", False),
        ("priv/*.json", "priv/a.json", True),
        ("priv/*.json", "priv/a/b.json", False),
        ("**/*.pem", "a/b/c.pem", True),
        ("**/*.pem", "c.pem", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("a[b]c", "a[b]c", True),
        ("mix.lock", "mix.lock", True),
        ("mix.lock", "mix.lock.bak", False),
        ("*", "", True),
    ],
)
def test_glob(glob: str, path: str, *, matches: bool) -> None:
    assert Glob(glob).matches(path) is matches


def as_pattern(glob: str) -> str:
    """Translate a glob to a pattern, which is simple but may take long."""
    wild = {"**": "(?s:.*)", "*": "[^/]*", "?": "[^/]"}
    return "".join(wild.get(part) or re.escape(part) for part in re.findall(r"\*\*|(?s:.)", glob))


@given(st.text("ab/*?", max_size=10), st.text("ab/", max_size=10))
def test_a_glob_matches_as_its_pattern_does(glob: str, path: str) -> None:
    assert Glob(glob).matches(path) == bool(re.fullmatch(as_pattern(glob), path))


def test_many_wildcards_take_no_longer() -> None:
    assert not Glob("**a" * 200 + "b").matches("a" * 4000)
