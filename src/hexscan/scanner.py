"""A blob in, findings out."""

from __future__ import annotations

from itertools import chain

from hexscan import matcher
from hexscan.blob import CONTENT, ReadError
from hexscan.finding import Finding, GitPlace, Location
from hexscan.lines import Lines
from hexscan.redaction import excerpt, redact
from hexscan.store import views
from hexscan.suppression import inline
from hexscan.values import dataclass
from hexscan.window import Window, windows

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import ClassVar, TypeAlias

    from hexscan.blob import Blob
    from hexscan.match import Data, Match
    from hexscan.store import Store

    Doubts: TypeAlias = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Scanner:
    """Finds keys in blobs. It keeps nothing between two of them.

    ``unprefixed`` and ``lookalikes`` switch on what :func:`hexscan.matcher.find` leaves out.
    """

    unprefixed: bool = False
    lookalikes: bool = False

    # Bytes on either side of an offset that decide whether a match starts there.
    context: ClassVar[int] = matcher.CONTEXT

    def suspects(self, data: Data) -> bool:
        """Tell whether ``data`` could hold what this scanner looks for; ``False`` is certain."""
        if self.unprefixed:
            return True
        return matcher.sift(data) if self.lookalikes else matcher.may_hold(data)

    def doubts(self, data: Data) -> Doubts:
        """Ask at once about many blobs that lie in ``data`` one after the other.

        The function that comes back is to be asked about each, in their order, by where it starts
        and stops. It returns a place: if that is before the stop, the blob could have a finding.
        If not, it has none, and nor has any other that ends at that place or before. A NUL
        should keep two blobs apart, or a line with a byte that is in no run.
        """
        if self.unprefixed:
            return self._doubts_of_bare_digits(memoryview(data))
        return matcher.needles_from(data) if self.lookalikes else matcher.places_from(data)

    def _doubts_of_bare_digits(self, data: memoryview) -> Doubts:
        def doubt(start: int, stop: int) -> int:
            piece = data[start:stop]
            doubtful = matcher.has_digits(piece) or (self.lookalikes and matcher.sift(piece))
            return start if doubtful else stop

        return doubt

    def scan(self, blob: Blob) -> Iterator[Finding]:
        """Yield what is found in a blob, in order of offsets.

        Of a blob that can be read at any place nothing but line ends is counted until something is
        found, and not even these without the compiled part.
        Raises :class:`hexscan.blob.ReadError` where reading the blob breaks off; what was found
        until then has been yielded.
        """
        if blob.rest is None:
            if self.suspects(blob.head):
                size = len(blob.head)
                yield from self._findings(blob, [Window(blob.head, 0, 0, size)], Lines())
        else:
            chunks = chain([blob.head], blob.rest)
            yield from self._findings(blob, windows(chunks, self.context), Lines())

    def scan_section(self, blob: Blob, over: Iterable[Window], lines: Lines) -> Iterator[Finding]:
        """Yield what is found in some windows of a blob that can be read at any place.

        ``lines`` is the same for all sections of a blob, which come in their order.
        """
        return self._findings(blob, over, lines)

    def finds_in(self, window: Window) -> bool:
        """Tell whether there is anything to be found in a window of which there are suspicions."""
        return any(window.owns(window.base + match.start) for match in self._matches(window.data))

    def may_find(self, data: memoryview) -> bool:
        """Tell whether anything is found in ``data``; ``False`` is certain, and ``True`` nearly so.

        Of a blob of which doubt was cast, and has passed for a blob before.
        """
        return (self.lookalikes or matcher.has_digits(data)) and bool(self._matches(data))

    def masked(self, name: bytes) -> bytes:
        """Return the name of a file, or what is said of it, with every key in it masked."""
        return redact(name)

    def _findings(self, blob: Blob, over: Iterable[Window], lines: Lines) -> Iterator[Finding]:
        marked = blob.origin.place == CONTENT and inline.is_text(blob.head)
        passes = blob.rest is not None and blob.store is None
        for window in over:
            view = memoryview(window.data)
            matches = self._matches(window.data)
            for match in matches:
                if window.owns(window.base + match.start):
                    if blob.store is not None:
                        _catch_up(lines, blob.store, window.base)
                    lines.advance(view[lines.offset - window.base : match.start])
                    found = self._finding(blob, window, matches, match, lines)
                    yield inline.judged(found, view, match.start) if marked else found
            if passes:
                lines.advance(view[lines.offset - window.base : window.stop - window.base])
            elif blob.store is not None:
                lines.look_over(window)

    def _matches(self, data: Data) -> list[Match]:
        return matcher.find(data, unprefixed=self.unprefixed, lookalikes=self.lookalikes)

    def _finding(
        self, blob: Blob, window: Window, matches: list[Match], match: Match, lines: Lines
    ) -> Finding:
        """Tell one of the matches without its text; ``lines`` stands at its first byte."""
        view = memoryview(window.data)
        origin, masked = blob.origin, self.masked
        if not match.fingerprint:
            match.describe(bytes(view[match.start : match.end]))
        return Finding(
            rule=match.rule,
            severity=match.severity,
            location=Location(
                path=masked(origin.path),
                container=tuple(map(masked, origin.container)),
                offset=window.base + match.start,
                length=match.end - match.start,
                line=lines.line,
                column=lines.column,
                place=origin.place,
            ),
            preview=match.preview,
            fingerprint=match.fingerprint,
            decoding=match.decoding,
            excerpt=excerpt(view, match, matches) if origin.place == CONTENT else None,
            git=GitPlace(*origin.git_object) if origin.git_object else None,
        )


def _catch_up(lines: Lines, store: Store, offset: int) -> None:
    """Count the lines of what has passed without a finding; raises :class:`ReadError`."""
    try:
        for view in views(store, lines.offset, offset):
            lines.advance(view)
    except OSError as error:
        raise ReadError((error.strerror or str(error)).lower()) from None
    if lines.offset < offset:
        raise ReadError("it was cut short while it was read")
