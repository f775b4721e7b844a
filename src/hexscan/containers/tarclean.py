"""The members of a tar that hold nothing, passed over where they stand: what nearly all are.

All of it serves to spend little on each: a member is a header, a few numbers in it, and a look at
its first bytes. Whatever is not plainly clean is left to the caller, who reads it with care.
"""

from __future__ import annotations

import zlib
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING

from hexscan.containers.sniff import MAGICS, OLD_CHECKSUM_ENDS, USTAR, contains_directory, format_of
from hexscan.containers.tarheader import BLOCK, adler_low, pax_records

if TYPE_CHECKING:
    from hexscan.containers.budget import Budget

# Size, checksum and kind in a header; then, of what follows it, the bytes that a container has:
# its magic, and the end of the checksum and the magic of another tar.
_LOOK = Struct("<124x12s12x8sB355x2s152x2s101x5s")

_ENDS = b"\0 "
_FILES = frozenset(b"0\0")
_EXTENDED = frozenset(b"xX")

# Fields repeat: of 20,000 members a few hundred differ.
_expected_low = lru_cache(8192)(adler_low)


class Chunk:
    """Some bytes of a tar that are at hand, and what is known of them all.

    ``view`` has to hold as long as this is asked.
    """

    __slots__ = ("_budget", "_doubt", "_has_zip", "_next_doubt", "view")

    def __init__(self, view: memoryview, budget: Budget) -> None:
        self.view = view
        self._budget = budget
        self._has_zip = contains_directory(view)
        self._next_doubt = budget.gate.doubts(view)
        self._doubt = self._next_doubt(0, 0)

    def end_of_clean(self, start: int) -> int:
        """Return where the clean members end that start at ``start``, which is a header's place.

        They are regular files, and records of pax that say nothing of the next member.
        """
        # In local names, and in one function: there may be a million members.
        view, doubt, has_zip = self.view, self._doubt, self._has_zip
        look, adler32, low_of = _LOOK.unpack_from, zlib.adler32, _expected_low
        at, count, last = start, 0, len(view) - _LOOK.size
        while at <= last:
            size_field, checksum, kind, magic, checksum_end, ustar = look(view, at)
            data = at + BLOCK
            try:
                size = int(size_field.rstrip(_ENDS), 8)
            except ValueError:
                break
            end = data + (size + BLOCK - 1 & -BLOCK)
            if size < 0 or end > len(view) or adler32(view[at:data]) & 0xFFFF != low_of(checksum):
                break
            if end > doubt:
                self._doubt = doubt = self._next_doubt(at, end)
                if doubt < end:
                    break
            if kind not in _FILES:
                if kind not in _EXTENDED or pax_records(bytes(view[data : data + size])):
                    break
            elif (
                (has_zip or magic in MAGICS or ustar == USTAR or checksum_end in OLD_CHECKSUM_ENDS)
                and size
                and format_of(view[data : data + size], whole=has_zip) is not None
            ):
                break
            at = end
            count += 1
        self._budget.member(count)
        return at
