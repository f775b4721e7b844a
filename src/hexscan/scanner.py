"""A blob in, findings out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from hexscan import matcher
from hexscan.blob import CONTENT, Blob
from hexscan.decoders import nest, sieve
from hexscan.finding import Finding, Location
from hexscan.lines import Lines
from hexscan.match import Match
from hexscan.redaction import excerpt, redact
from hexscan.window import Window, windows

if TYPE_CHECKING:
    from hexscan.match import Data


@dataclass(frozen=True, slots=True)
class Scanner:
    """Finds keys in blobs. It keeps nothing between two of them.

    ``unprefixed`` and ``lookalikes`` switch on what :func:`hexscan.matcher.find` leaves out;
    without ``decode`` only keys in plain text are found.
    """

    unprefixed: bool = False
    lookalikes: bool = False
    decode: bool = True

    def scan(self, blob: Blob) -> Iterator[Finding]:
        """Yield what is found in a blob, in order of offsets.

        Raises :class:`hexscan.blob.ReadError` where reading the blob breaks off; what was found
        until then has been yielded.
        """
        if blob.rest is None:
            sift = sieve.sift if self.decode else matcher.sift
            if self.unprefixed or sift(blob.head):
                size = len(blob.head)
                yield from self._findings(blob, [Window(blob.head, 0, 0, size)])
        else:
            chunks = chain([blob.head], blob.rest)
            context = nest.CONTEXT if self.decode else matcher.CONTEXT
            yield from self._findings(blob, windows(chunks, context))

    def _findings(self, blob: Blob, over: Iterator[Window] | list[Window]) -> Iterator[Finding]:
        lines = Lines()
        for window in over:
            view = memoryview(window.data)
            matches = self._matches(window.data)
            for match in matches:
                if window.owns(window.base + match.start):
                    lines.advance(view[lines.offset - window.base : match.start])
                    yield _finding(blob, view, match, window.base, lines, others=matches)
            if blob.rest is not None:
                lines.advance(view[lines.offset - window.base : window.stop - window.base])

    def _matches(self, data: Data) -> list[Match]:
        return nest.find(
            data, unprefixed=self.unprefixed, lookalikes=self.lookalikes, decode=self.decode
        )


def _finding(  # noqa: PLR0913 - what a finding is made of
    blob: Blob, view: memoryview, match: Match, base: int, lines: Lines, *, others: list[Match]
) -> Finding:
    """Tell a match without its text; ``lines`` stands at its first byte."""
    if not match.fingerprint:
        match.describe(bytes(view[match.start : match.end]))
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
        preview=match.preview,
        fingerprint=match.fingerprint,
        decoding=match.decoding,
        excerpt=excerpt(view, match, others) if origin.place == CONTENT else None,
    )
