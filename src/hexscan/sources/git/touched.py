"""Commits that may have brought something in or taken it out, told by the trees in packs.

Git compares two trees for each commit to tell that, and takes most of the time to read both of them
again and again. Here each tree is read once. What is wanted in it, and in the trees in it, comes to
one number, which is the same wherever all of that is there under the same names; and where a commit
and all its parents have the same number nothing has come or gone.
"""

from __future__ import annotations

from hexscan import skim
from hexscan.sources.git.columns import KINDS
from hexscan.sources.git.unpacker import LEAD, Unpacker

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from types import TracebackType

    from hexscan.sources.git.commits import Commits
    from hexscan.sources.git.families import Batch
    from hexscan.sources.git.repository import Repository

_WORD = 8
_LINKING = (KINDS[b"tree"], KINDS[b"commit"])

Links = tuple[bytes, bytes]
"""What trees link to, and what commits do, as :func:`hexscan.skim.links` has it."""


def has_links(batch: Batch) -> bool:
    """Tell whether trees or commits are in a batch."""
    return any(kind in batch.kinds for kind in _LINKING)


class LinkReader:
    """Reads what the trees and commits of batches link to. A context manager that gives that.

    ``blobs`` are the hex names of those that are wanted. What is read is ``None`` for a batch that
    was not to be read whole.
    """

    def __init__(self, repository: Repository, blobs: Collection[str]) -> None:
        self._width = repository.name_length // 2
        self._wanted = b"".join(sorted(map(bytes.fromhex, blobs)))
        self._unpacker = Unpacker(repository.name_length)

    def __enter__(self) -> Callable[[Batch], Links | None]:
        return self.read

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unpacker.close()

    def read(self, batch: Batch) -> Links | None:
        """Return what is linked to."""
        trees, commits = [], []
        assert skim.links  # noqa: S101 - the packs are read with the same
        try:
            for part in self._unpacker.parts(batch, batch.packed) if batch.packed else ():
                first, last = part.first, part.first + part.layout.count
                if any(batch.kinds[number] in _LINKING for number in part.failed):
                    return None
                names = batch.names[first * self._width : last * self._width]
                kinds = batch.kinds[first:last]
                found = skim.links(
                    *(part.data, part.starts, len(LEAD), names, kinds, self._wanted, self._width)
                )
                trees.append(found[0])
                commits.append(found[1])
        except (OSError, ValueError):
            return None
        return b"".join(trees), b"".join(commits)


def touched(commits: Commits, links: Iterable[Links]) -> Commits:
    """Return the commits that may have touched anything: those of which it is not certain."""
    every = list(links)
    assert skim.untouched  # noqa: S101 - as above
    try:
        words = skim.untouched(
            b"".join(trees for trees, _ in every), b"".join(found for _, found in every)
        )
    except ValueError:
        return commits
    idle = {words[at : at + _WORD] for at in range(0, len(words), _WORD)}
    return commits.without(idle)
