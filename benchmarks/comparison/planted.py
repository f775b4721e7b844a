"""Keys that are planted, strings that are none, and whether a scanner has told of one.

A scanner counts as telling of a key if its report has the key's text, hexscan's fingerprint of it
or detect-secrets' hash of it: so what counts is the key and never a number of findings.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from hexscan.key import Key
from tests.support.keys import random_key, wrong_checksum

# Seeds below are those of the corpus.
_SEED = 7_000


@dataclass(frozen=True, slots=True)
class Planted:
    """A key, or what only looks like one, that stands somewhere in what is scanned."""

    text: str = field(repr=False)

    def is_told_in(self, report: bytes) -> bool:
        """Tell whether a scanner's report, in lower case, speaks of it."""
        return any(mark in report for mark in self._marks())

    def _marks(self) -> tuple[bytes, ...]:
        """Return what stands for it in reports: its text, hexscan's and detect-secrets' hash."""
        text = self.text.lower()
        digits = text.removeprefix("hex_").encode("ascii")
        sha1 = hashlib.sha1(self.text.encode("ascii"), usedforsecurity=False).hexdigest()
        return text.encode("ascii"), hashlib.sha256(digits).hexdigest().encode(), sha1.encode()


def planted_key(number: int) -> Planted:
    """Make a key; another number gives another one."""
    return Planted(random_key(_SEED + number).reveal())


def decoy(number: int) -> Planted:
    """Make a string of a key's shape with a wrong checksum."""
    return Planted(wrong_checksum(_SEED + number))


def planted_texts(keys: Iterable[bytes]) -> list[Planted]:
    """Turn keys that the corpus has planted into what is looked for in reports."""
    return [Planted(Key.parse(key.decode("ascii")).reveal()) for key in keys]


def count_told(planted: Iterable[Planted], report: bytes) -> int:
    """Count what is told of in a report."""
    lower = report.lower()
    return sum(one.is_told_in(lower) for one in planted)
