"""The scanner that also finds keys in an encoded form."""

from __future__ import annotations

from hexscan import matcher, skim
from hexscan.decoders import nest, sieve
from hexscan.redaction import masked, redact
from hexscan.scanner import Scanner

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import ClassVar

    from hexscan.match import Data, Match
    from hexscan.scanner import Doubts


# What no label and no run goes over from one blob to the next.
_APART = b"\0\n"


class DecodingScanner(Scanner):
    """Finds keys in plain text and in every reading of :mod:`hexscan.decoders`."""

    __slots__ = ()

    context: ClassVar[int] = nest.CONTEXT

    def suspects(self, data: Data) -> bool:
        """Tell whether ``data`` could hold what this scanner looks for; ``False`` is certain."""
        plainly = self.unprefixed or (self.lookalikes and matcher.sift(data))
        return plainly or sieve.sift(data, by_default=not self.lookalikes)

    def doubts(self, data: Data) -> Doubts:
        """Ask about many blobs at once: the sieve says where in all of them there may be a key.

        It looks beyond a blob. Where neither a NUL nor a line's end keeps two apart, each of them
        is asked for itself.
        """
        if self.unprefixed or self.lookalikes:
            return lambda start, _stop: start
        if skim.encoded:
            return skim.places(skim.encoded, data)
        view, size = memoryview(data), len(data)
        spans = [span for spans in sieve.hits(view).values() for span in spans]
        spans.sort(reverse=True)

        def doubt(start: int, stop: int) -> int:
            while spans and spans[-1][1] <= start:
                spans.pop()
            if stop and not (view[stop - 1] in _APART and (not start or view[start - 1] in _APART)):
                return start if self.suspects(view[start:stop]) else stop
            return spans[-1][0] if spans else size

        return doubt

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
