"""The objects of a repository, listed once and given out in batches.

What git lists is in the order of the packs; :mod:`hexscan.sources.git.families` puts it into a
better one, for which all of it has to be known. Commits and tags are hardly ever deltas, and git
lists them early, so they are given out at once and keep the readers busy until then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.sources.git.columns import FORMAT, KINDS, Columns
from hexscan.sources.git.families import Batch, batches
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.output import whole_lines
from hexscan.sources.git.relisting import remaining
from hexscan.sources.git.repository import Repository
from hexscan.values import dataclass, field

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import IO

    from hexscan.sources.git.door import Git
    from hexscan.sources.git.packs import Packs

# At the most so many objects are held to be put in order: 50 MB. What is beyond starts anew, and
# costs git a fifth more.
_HELD = 1 << 19

_MISSING = b" missing\n"
_EARLY = 1 << 13
_COMMITS = bytes((KINDS[b"commit"], KINDS[b"tag"]))
_OTHERS = bytes((KINDS[b"blob"], KINDS[b"tree"]))


@dataclass(slots=True)
class Listing:
    """The objects of a repository in batches.

    ``names`` is a file with an object's name on each line to narrow it to these; by default all
    objects are listed that any pack, loose file or alternate holds. ``failures`` grows while
    batches are asked for: what git could not even list. ``wanted`` is asked about the name of each
    object, and others are left out: to list all and choose costs less than to look up many names.
    ``packs``, which are read without git, hold all objects, but for those that they name.
    """

    repository: Repository
    names: IO[bytes] | None = None
    failures: list[Skip] = field(default_factory=list)
    wanted: Callable[[bytes], bool] | None = None
    packs: Packs | None = None

    def batches(self) -> Iterator[Batch]:
        """Yield the batches. What git cannot list becomes a failure, and the rest still comes."""
        if self.packs is None:
            yield from self._listed()
            return
        yield from self.packs.batches()
        if self.packs.left:
            with nameless_file() as names:
                names.writelines(name.hex().encode("ascii") + b"\n" for name in self.packs.left)
                names.seek(0)
                yield from Listing(self.repository, names, self.failures).batches()

    def _listed(self) -> Iterator[Batch]:
        width = self.repository.name_length // 2
        early, held = Columns(width), Columns(width)
        for read in self._lines():
            lines = self._chosen(read)
            early.read(lines, _COMMITS)
            held.read(lines, _OTHERS)
            if len(early) > _EARLY:
                yield from batches(early)
                early = Columns(width)
            if len(held) > _HELD:
                yield from batches(held)
                held = Columns(width)
        # A small repository should be a single batch.
        held.add(early)
        yield from batches(held)

    def _lines(self) -> Iterator[bytes]:
        """Yield what git lists, without what it knows nothing of."""
        listed = 0
        with self._git() as command:
            for read in whole_lines(command):
                listed += read.count(b"\n")
                yield self._known(read) if _MISSING in read else read
            failure = command.failure()
        if failure and self.names:
            self._fail(f"git cannot list all objects: {failure}")
        elif failure:
            for read in remaining(self.repository, listed, FORMAT, self._unlisted):
                yield self._known(read) if _MISSING in read else read

    def _git(self) -> Git:
        which = ["--buffer"] if self.names else ["--batch-all-objects", "--unordered"]
        return self.repository.git(("cat-file", f"--batch-check={FORMAT}", *which), self.names)

    def _known(self, lines: bytes) -> bytes:
        """Return the lines without those of objects that git knows nothing of."""
        kept = []
        for line in lines.splitlines(keepends=True):
            if line.endswith(_MISSING):
                self._fail(unreadable(line.split()[0].decode("ascii", "replace")))
            else:
                kept.append(line)
        return b"".join(kept)

    def _unlisted(self, name: str, why: str) -> None:
        self._fail(unreadable(name, why) if name else f"git cannot list all objects: {why}")

    def _chosen(self, lines: bytes) -> bytes:
        if self.wanted is None:
            return lines
        wanted, length = self.wanted, self.repository.name_length
        return b"".join(line for line in lines.splitlines(keepends=True) if wanted(line[:length]))

    def _fail(self, reason: str) -> None:
        self.failures.append(Skip(Origin(self.repository.path), FAILURE, reason))


def unreadable(name: str, why: str = "") -> str:
    """Return the reason of an object's failure."""
    return f"object {name} is missing or corrupt{f': {why}' if why else ''}"
