"""The scanner that also finds keys in an encoded form."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hexscan import matcher
from hexscan.decoders import nest, sieve
from hexscan.redaction import masked, redact
from hexscan.scanner import Scanner

if TYPE_CHECKING:
    from hexscan.match import Data, Match
    from hexscan.scanner import Doubts


class DecodingScanner(Scanner):
    """Finds keys in plain text and in every reading of :mod:`hexscan.decoders`."""

    __slots__ = ()

    context: ClassVar[int] = nest.CONTEXT

    def suspects(self, data: Data) -> bool:
        """Tell whether ``data`` could hold what this scanner looks for; ``False`` is certain."""
        plainly = self.unprefixed or (self.lookalikes and matcher.sift(data))
        return plainly or sieve.sift(data)

    def doubts(self, data: Data) -> Doubts:
        """Ask about many blobs at once: of all of them together, and only then of each."""
        view, size = memoryview(data), len(data)
        if not self.suspects(view):
            return lambda _start, _stop: size
        return lambda start, stop: start if self.suspects(view[start:stop]) else stop

    def may_find(self, data: memoryview) -> bool:
        """Tell whether a blob that lies in ``data``, whole or in part, could have a finding.

        As in :class:`hexscan.scanner.Scanner`, with the context of the readings.
        """
        return bool(self._matches(data))

    def masked(self, name: bytes) -> bytes:
        """Return the name of a file, or what is said of it, with every key in it masked."""
        return redact(masked(name, nest.find(name)))

    def _matches(self, data: Data) -> list[Match]:
        return nest.find(data, unprefixed=self.unprefixed, lookalikes=self.lookalikes)
