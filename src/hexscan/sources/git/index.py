"""What the index holds that ``HEAD`` does not: entries, and no content yet.

This module is on the clean path of ``hexscan staged`` and imports nothing slow.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Plumbing: no setting of the user or of the repository changes what it lists. An entry that is
# only intended (`git add -N`) is listed as a new and empty file, which is what the index holds.
DIFFERING = (
    "diff-index",
    "--cached",
    "--raw",
    "-z",
    "--no-renames",
    "--no-abbrev",
    "--no-ext-diff",
    "--ignore-submodules=none",
)
# Every version of the unmerged paths, wherever in the work tree the command runs.
UNMERGED = ("ls-files", "--unmerged", "-z", "--full-name", "--", ":/")

LINK = b"120000"
SUBMODULE = b"160000"
_NOTHING = b"000000"
_UNMERGED_STATUS = b"U"


class Entry:
    """One version of a path in the index: its mode, as git writes it, and the object's name.

    An unmerged path has no version here (``is_unmerged``): ask git for :data:`UNMERGED`.
    """

    __slots__ = ("is_unmerged", "mode", "object", "path")

    def __init__(
        self, mode: bytes, object_name: bytes, path: bytes, *, is_unmerged: bool = False
    ) -> None:
        self.mode = mode
        self.object = object_name
        self.path = path
        self.is_unmerged = is_unmerged


def differing(records: Sequence[bytes]) -> Iterator[Entry]:
    """Read the records of :data:`DIFFERING`: twice as many as there are paths.

    ``:old-mode new-mode old-object new-object status``, and the path. A path that the commit takes
    out is left out here: there is nothing of it in the index.
    """
    for at in range(0, len(records) - 1, 2):
        _, mode, _, name, status = records[at].split(b" ")
        if status == _UNMERGED_STATUS:
            yield Entry(mode, name, records[at + 1], is_unmerged=True)
        elif mode != _NOTHING:
            yield Entry(mode, name, records[at + 1])


def unmerged(records: Sequence[bytes]) -> Iterator[Entry]:
    """Read the records of :data:`UNMERGED`: ``mode object stage``, a tab, and the path."""
    for record in records:
        facts, _, path = record.partition(b"\t")
        mode, name, _ = facts.split(b" ")
        yield Entry(mode, name, path)
