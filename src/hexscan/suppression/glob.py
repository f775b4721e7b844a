"""Globs as Hex.pm's own scan reads them from a mix.exs.

``*`` stands for anything within a segment, ``**`` for anything across segments, ``?`` for one
character within a segment. A glob matches the whole path of a file, from the directory of the
mix.exs.
"""

from __future__ import annotations

import re

_WILDCARD = re.compile(r"\*\*|\*|\?")


class Glob:
    """One glob, compared with whole paths in time that is linear in the path."""

    __slots__ = ("_lead", "_parts")

    def __init__(self, glob: str) -> None:
        first = _WILDCARD.search(glob)
        self._lead = glob[: first.start()] if first else glob
        rest = glob[len(self._lead) :]
        # Single characters, and the wildcards as they are written.
        self._parts = re.findall(r"\*\*|(?s:.)", rest)

    def matches(self, path: str) -> bool:
        """Tell whether the glob matches the whole of ``path``, whose separator is a slash."""
        if not path.startswith(self._lead):
            return False
        if self._parts == ["**"]:
            return True
        # Every way of matching at once, each as the number of parts that are matched so far.
        states = self._passing({0})
        for char in path[len(self._lead) :]:
            states = self._passing(self._step(states, char))
            if not states:
                return False
        return len(self._parts) in states

    def _step(self, states: set[int], char: str) -> set[int]:
        after = set()
        for state in states:
            part = self._parts[state] if state < len(self._parts) else ""
            if part == "**" or (part == "*" and char != "/"):
                after.add(state)
            elif part == char or (part == "?" and char != "/"):
                after.add(state + 1)
        return after

    def _passing(self, states: set[int]) -> set[int]:
        """Return the states with those that an empty wildcard leads to."""
        reached = set(states)
        for state in sorted(states):
            after = state
            while after < len(self._parts) and self._parts[after] in ("*", "**"):
                after += 1
                reached.add(after)
        return reached
