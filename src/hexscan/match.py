"""What the matcher returns: a place in a buffer, and the rule that found it."""

from __future__ import annotations

from hexscan import rule as rules
from hexscan.key import fingerprint, preview

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from mmap import mmap
    from typing import TypeAlias

    Data: TypeAlias = bytes | bytearray | memoryview | mmap
    Span: TypeAlias = tuple[int, int]


class Match:
    """A key, or a lookalike, at ``[start, end)`` of the data; ``rule`` and ``severity`` say which.

    It holds no text: slice the data for that, and mind where it goes. Where the data holds the key
    in an encoded form, ``decoding`` names the readings that lead to it, outermost first, the span
    covers the encoded key, and ``preview`` and ``fingerprint`` tell which key it is; for a key in
    plain text these two are empty.
    """

    __slots__ = ("decoding", "end", "fingerprint", "preview", "rule", "severity", "start")

    def __init__(
        self,
        rule: str,
        start: int,
        end: int,
        severity: str = rules.ERROR,
        decoding: tuple[str, ...] = (),
    ) -> None:
        self.rule = rule
        self.start = start
        self.end = end
        self.severity = severity
        self.decoding = decoding
        self.preview = ""
        self.fingerprint = ""

    def describe(self, text: bytes) -> None:
        """Set preview and fingerprint for a key that is written ``text``, if the data encodes it.

        The text itself is not kept.
        """
        digits = text.decode("ascii").lower()
        prefixed = self.rule in (rules.API_KEY, rules.LOOKALIKE)
        if prefixed:
            digits = digits[4:]
        self.preview = preview(digits, prefixed=prefixed)
        self.fingerprint = fingerprint(digits)

    def _as_tuple(self) -> tuple[int, int, str, str, tuple[str, ...]]:
        return self.start, self.end, self.rule, self.severity, self.decoding

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Match) and self._as_tuple() == other._as_tuple()

    def __lt__(self, other: Match) -> bool:
        return self._as_tuple() < other._as_tuple()

    def __hash__(self) -> int:
        return hash(self._as_tuple())

    def __repr__(self) -> str:
        chain = f", {self.decoding!r}" if self.decoding else ""
        return f"Match({self.rule!r}, {self.start}, {self.end}, {self.severity!r}{chain})"
