"""The settled configuration of a run: frozen, and free of the command line that made it."""

from dataclasses import dataclass, field

from hexscan.suppression.judge import Policy


@dataclass(frozen=True, slots=True)
class Config:
    """What to scan for and what to leave out.

    ``exclude`` holds patterns in gitignore syntax, relative to each scanned directory;
    ``ignore`` is whether ``.gitignore``, ``.hexscanignore`` and git's own list are honoured;
    ``unprefixed`` also reports 40 bare digits with a right checksum and no label;
    ``lookalikes`` also reports what is shaped like a key and is none;
    ``decode`` also finds keys in base 64, UTF-16, escapes and the like, which costs time.
    ``suppression`` says which findings count as judged. A ``strict`` run fails for a mark that
    allows nothing, if its policy looks for those.
    """

    exclude: tuple[str, ...] = ()
    ignore: bool = True
    unprefixed: bool = False
    lookalikes: bool = False
    decode: bool = False
    suppression: Policy = field(default_factory=Policy)
    strict: bool = False
