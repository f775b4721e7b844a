"""Where what is not clean was found to be in a history: names of commits, and bits, as bytes.

========  =========================================================================================
length    what
========  =========================================================================================
8 each    numbers of commits, of tips, and of rows, big-endian
          the commits that touched what is not clean, 20 or 32 bytes each; then the tips
          the rows: a commit, and a bit for each tip that says whether it reaches the commit, in
          whole bytes and as one big-endian number
========  =========================================================================================
"""

import struct

from hexscan.memory import ids
from hexscan.sources.git.reached import Reached
from hexscan.sources.git.traces import Traces

_HEADER = struct.Struct(">QQQ")

_MOST = 1 << 20
"""Bytes of rows; with as many refs and keys as that the history is walked through again."""


def packed(traces: Traces | None) -> bytes:
    """Return the traces as bytes, none if there are no traces."""
    if traces is None:
        return b""
    tips, rows = traces.reached.tips, traces.reached.rows
    width = _width(len(tips))
    if len(rows) * width > _MOST:
        tips, rows = (), {}
    return b"".join(
        [
            _HEADER.pack(len(traces.commits), len(tips), len(rows)),
            *map(_raw, traces.commits),
            *map(_raw, tips),
            *(_raw(commit) + row.to_bytes(width) for commit, row in rows.items()),
        ]
    )


def unpacked(data: bytes, size: int) -> Traces | None:
    """Return what was packed; ids are of ``size`` bytes each."""
    if not data:
        return None
    commits, tips, rows = _HEADER.unpack_from(data)
    names_end = _HEADER.size + (commits + tips) * size
    names = [one.hex().encode("ascii") for one in ids.apart(data[_HEADER.size : names_end], size)]
    every = ids.apart(data[names_end:], size + _width(tips))
    reached = {row[:size].hex().encode("ascii"): int.from_bytes(row[size:]) for row in every}
    if len(reached) != rows:
        return None
    return Traces(tuple(names[:commits]), Reached(tuple(names[commits:]), reached))


def _width(tips: int) -> int:
    return (tips + 7) // 8


def _raw(name: bytes) -> bytes:
    return bytes.fromhex(name.decode("ascii"))
