"""Which directory's settings hold. By itself, because the calls without click ask it, too."""

from __future__ import annotations

import os

from hexscan.sources.git.top import top_of

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Sequence


def root_of(paths: Sequence[str]) -> bytes:
    """Return the directory whose settings hold for a scan of ``paths``.

    That is the top of the git work tree in which the first of them lies; without one, the first
    path itself or the directory that it is in. ``-`` and no path stand for the current directory.
    """
    first = os.fsencode(paths[0]) if paths and paths[0] != "-" else b"."
    if not os.path.isdir(first):  # noqa: PTH112 - paths are bytes
        first = os.path.dirname(first) or b"."  # noqa: PTH120 - the same
    return top_of(first) or first
