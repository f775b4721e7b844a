"""A blob in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from hexscan import matcher
from hexscan import rule as rules
from hexscan.blob import CONTENT, Blob
from hexscan.finding import Finding, Location
from hexscan.key import fingerprint
from hexscan.lines import Lines
from hexscan.match import Match
from hexscan.redaction import excerpt, mask, redact
from hexscan.window import Window, windows

if TYPE_CHECKING:
    from hexscan.match import Data


@dataclass(frozen=True, slots=True)
class Scanner:
    """Finds keys in blobs. It keeps nothing between two of them.

    ``unprefixed`` and ``lookalikes`` switch on what :func:`hexscan.matcher.find` leaves out.
    """

    unprefixed: bool = False
    lookalikes: bool = False

    def scan(self, blob: Blob) -> Iterator[Finding]:
        """Yield what is found in a blob, in order of offsets.

        Raises :class:`hexscan.blob.ReadError` where reading the blob breaks off; what was found
        until then has been yielded.
        """
        if blob.rest is None:
            if self.could_hold(blob.head):
                size = len(blob.head)
                yield from self._findings(blob, [Window(blob.head, 0, 0, size)])
        else:
            chunks = chain([blob.head], blob.rest)
            yield from self._findings(blob, windows(chunks, matcher.CONTEXT))

    def could_hold(self, data: Data) -> bool:
        """Tell whether a whole blob could hold anything to find; ``False`` is certain."""
        return self.unprefixed or matcher.sift(data)

    def _findings(self, blob: Blob, over: Iterator[Window] | list[Window]) -> Iterator[Finding]:
        lines = Lines()
        for window in over:
            view = memoryview(window.data)
            for match in self._matches(window.data):
                if window.owns(window.base + match.start):
                    lines.advance(view[lines.offset - window.base : match.start])
                    yield _finding(blob, view, match, window.base, lines)
            if blob.rest is not None:
                lines.advance(view[lines.offset - window.base : window.stop - window.base])

    def _matches(self, data: Data) -> list[Match]:
        return matcher.find(data, unprefixed=self.unprefixed, lookalikes=self.lookalikes)


def _finding(blob: Blob, view: memoryview, match: Match, base: int, lines: Lines) -> Finding:
    """Tell a match without its text; ``lines`` stands at its first byte."""
    text = bytes(view[match.start : match.end]).decode("ascii").lower()
    origin = blob.origin
    return Finding(
        rule=match.rule,
        severity=match.severity,
        location=Location(
            path=redact(origin.path),
            container=tuple(redact(name) for name in origin.container),
            offset=base + match.start,
            length=match.end - match.start,
            line=lines.line,
            column=lines.column,
            place=origin.place,
        ),
        preview=mask(view, match),
        fingerprint=fingerprint(_digits(text, match.rule)),
        excerpt=excerpt(view, match) if origin.place == CONTENT else None,
    )


def _digits(text: str, rule: str) -> str:
    return text[4:] if rule in (rules.API_KEY, rules.LOOKALIKE) else text
