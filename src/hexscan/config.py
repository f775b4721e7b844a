"""The settled configuration of a run: frozen, and free of the command line that made it."""

from __future__ import annotations

from hexscan.containers.budget import MAX_DEPTH, MAX_EXPANDED, MAX_MEMBERS, MAX_RATIO
from hexscan.suppression.judge import Policy
from hexscan.values import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Config:
    """What to scan for and what to leave out.

    ``exclude`` holds patterns in gitignore syntax, relative to each scanned directory;
    ``ignore`` is whether ``.gitignore``, ``.hexscanignore`` and git's own list are honoured;
    ``unprefixed`` also reports 40 bare digits with a right checksum and no label;
    ``lookalikes`` also reports what is shaped like a key and is none;
    ``decode`` is whether keys are also found in base 64, UTF-16, escapes and the like.
    ``unpack`` is whether archives and compressed files are looked into, and the limits of that
    are ``max_expanded`` bytes, ``max_ratio`` times its size and ``max_members`` members for one
    outermost file, and ``max_depth`` containers in one another. A limit that strikes is a failure.
    ``cache_dir`` is the directory in which the ids of git's clean objects are kept from run to
    run; with ``None`` every object is read every time, and nothing is written.
    ``suppression`` says which findings count as judged. A ``strict`` run fails for a mark that
    allows nothing, if its policy looks for those.
    ``jobs`` is how many processes scan side by side, 0 for as many as there are processors; with 1
    the caller's own does everything. With ``forks`` they are copies of the caller's, which is
    quicker, but asks for a program that has no threads.
    """

    exclude: tuple[str, ...] = ()
    ignore: bool = True
    unprefixed: bool = False
    lookalikes: bool = False
    unpack: bool = True
    max_expanded: int = MAX_EXPANDED
    max_ratio: int = MAX_RATIO
    max_members: int = MAX_MEMBERS
    max_depth: int = MAX_DEPTH
    decode: bool = True
    cache_dir: str | None = None
    suppression: Policy = field(default_factory=Policy)
    strict: bool = False
    jobs: int = 1
    forks: bool = False

    def for_objects(self) -> Config:
        """Return the configuration for git's objects, which have no path of their own."""
        return replace(self, suppression=self.suppression.for_objects())
