"""A range that is empty the way it is written, and is not the other way round."""

import os

from hexscan.errors import SourceError
from hexscan.sources.git.door import Git


def wrong_way(revision: bytes, directory: bytes | None = None) -> str | None:
    """Return what to say of an empty range ``A..B`` where ``B..A`` is not empty.

    ``directory`` is that of :class:`hexscan.sources.git.door.Git`.
    """
    old, dots, new = revision.partition(b"..")
    if not dots or new.startswith(b"."):
        return None
    turned = os.fsdecode((new or b"HEAD") + b".." + (old or b"HEAD"))
    arguments = ("rev-list", "--count", "--end-of-options", turned, "--")
    try:
        with Git(arguments, directory=directory) as git:
            count = int(git.content())
    except (SourceError, ValueError):
        return None
    if not count:
        return None
    commits = "1 commit" if count == 1 else f"{count:,} commits"
    return f"{os.fsdecode(revision)} holds nothing, and {turned} {commits}: is it the wrong way?"
