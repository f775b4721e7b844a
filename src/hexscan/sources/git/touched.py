"""Commits that may have brought something in or taken it out, told by the trees in packs.

Git compares two trees for each commit to tell that, and takes most of the time to read both of them
again and again. Here each tree is read once. What is wanted in it, and in the trees in it, comes to
one number, which is the same wherever all of that is there under the same names; and where a commit
and all its parents have the same number nothing has come or gone.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial

from hexscan._packs import list_untouched, read_links
from hexscan.sources.git.columns import KINDS
from hexscan.sources.git.unpacker import LEAD, Unpacker, UnpackError

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from hexscan.sources.git.commits import Commits
    from hexscan.sources.git.families import Batch
    from hexscan.sources.git.repository import Repository

_WORD = 8
_LINKING = (KINDS[b"tree"], KINDS[b"commit"])

Links = tuple[bytes, bytes]
"""What trees link to, and what commits do, as :func:`hexscan._packs.read_links` has it."""


def has_links(batch: Batch) -> bool:
    """Tell whether trees or commits are in a batch."""
    return any(kind in batch.kinds for kind in _LINKING)


@contextmanager
def link_reader(
    repository: Repository, blobs: Collection[str]
) -> Iterator[Callable[[Batch], Links | None]]:
    """Give what reads the links of trees and commits in a batch, while packs are held open for it.

    ``blobs`` are the hex names of those that are wanted. ``None`` comes of a batch that cannot be
    read whole.
    """
    wanted = b"".join(sorted(map(bytes.fromhex, blobs)))
    with closing(Unpacker(repository.name_length)) as unpacker:
        yield partial(_links, unpacker, wanted, repository.name_length // 2)


def _links(unpacker: Unpacker, wanted: bytes, width: int, batch: Batch) -> Links | None:
    trees, commits = [], []
    try:
        for part in unpacker.parts(batch, batch.packed) if batch.packed else ():
            if any(batch.kinds[number] in _LINKING for number in part.failed):
                return None
            first, last = part.first, part.first + part.layout.count
            names, kinds = batch.names[first * width : last * width], batch.kinds[first:last]
            found = read_links(part.data, part.starts, len(LEAD), names, kinds, wanted, width)
            trees.append(found[0])
            commits.append(found[1])
    except UnpackError:
        return None
    return b"".join(trees), b"".join(commits)


def touched(commits: Commits, links: Sequence[Links]) -> Commits:
    """Return the commits that may have touched anything: those of which it is not certain."""
    trees = b"".join(trees for trees, _ in links)
    words = list_untouched(trees, b"".join(found for _, found in links))
    idle = {words[at : at + _WORD] for at in range(0, len(words), _WORD)}
    return commits.without(idle)
