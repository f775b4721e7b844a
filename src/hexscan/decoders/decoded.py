"""What a reading makes of some bytes: the text it reads there, and the way back."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from hexscan.match import Span


DEPTH = 4
"""How many readings can be nested."""

LONGEST = 6144
"""The longest encoded form of a key, in bytes of the data, that is told."""


class Decoded:
    """A text that ``reading`` found in some data.

    ``place`` gives the span ``[start, end)`` of the data that encodes a span of the text. It is
    called only where a key was found, so a reading does the work of mapping there and not before.
    ``origin`` is about where in the data the text starts.
    """

    __slots__ = ("origin", "place", "reading", "text")

    def __init__(
        self, reading: str, text: bytes, origin: int, place: Callable[[int, int], Span]
    ) -> None:
        self.reading = reading
        self.text = text
        self.origin = origin
        self.place = place
