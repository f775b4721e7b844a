"""The compiled part, where there is one: the first place in some data that calls for a look.

It is made when hexscan is installed, if there is a compiler. Without it :mod:`hexscan.matcher` and
:mod:`hexscan.decoders.sieve` do the same with needles and folds, and :mod:`hexscan.sources` lists
and reads files one by one; :mod:`hexscan.sources.git.columns` and
:mod:`hexscan.sources.git.families` order git's objects. The functions here are ``None`` then.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from hexscan.match import Data

    class Search(Protocol):
        """Gives the first place in ``[start, stop)`` of some data, or -1."""

        def __call__(self, data: Data, start: int = 0, stop: int = ..., /) -> int:
            """Look from ``start`` on, and around ``stop`` for what starts before it."""


def places(search: Search, data: Data) -> Callable[[int, int], int]:
    """Return a function that tells where, from an offset on, the next place is.

    It gives ``len(data)`` where none follows, and has no use for a second offset. Offsets have to
    grow from call to call; all calls together read the data about once.
    """
    at, size = -1, memoryview(data).nbytes

    def place(start: int, _stop: int) -> int:
        nonlocal at
        if at < start:
            found = search(data, start)
            at = found if found >= 0 else size
        return at

    return place


plain: Search | None
"""Where the digits of a key could stand in plain text, by the default rules."""
digits: Search | None
"""Where hex digits enough for any key start, in a row."""
encoded: Search | None
"""Where a key could stand in any form."""
text: Callable[[str], bool] | None
"""Whether a key could stand in a text, which is to be ASCII; as :data:`plain`."""
openers: Callable[[Data, list[int], int, int, bytes], list[int]] | None
"""Which of many files may be containers: see :mod:`hexscan.containers.sniff`."""
gather: (
    Callable[[bytes, int, int, int, int, memoryview, int, int, list[int]], tuple[int, int, int]]
    | None
)
"""Read small files of many directories into a buffer: see :mod:`hexscan.sources.slab`."""
listing: Callable[[bytes, int], tuple[bytes, bytes, bytes] | None] | None
"""List a directory, if it can be done at once: see :mod:`hexscan.sources.directory`."""
tree: Callable[[list[bytes], int], tuple[bytes, bytes, int]] | None
"""List directories and those in them, as long as nothing else is there than files and these."""
newlines: Callable[[Data], int] | None
"""How many line ends are in some data: tens of gigabytes a second where it is in the cache."""
rows: Callable[[bytes, int, bytes], tuple[bytes, bytes, bytes, bytes]] | None
"""What git has listed of objects, in columns: see :class:`hexscan.sources.git.columns.Columns`."""
order: Callable[[Data, int, Data], bytes] | None
"""The numbers of git's objects, so that each delta comes before its base."""
taken: Callable[[Data, int, bytes], bytes] | None
"""Some rows of a column, by their numbers."""

try:
    from hexscan._skim import (
        digits,
        encoded,
        gather,
        listing,
        newlines,
        openers,
        order,
        plain,
        rows,
        taken,
        text,
        tree,
    )
except ImportError:
    digits = encoded = gather = listing = newlines = openers = None
    order = plain = rows = taken = text = tree = None
