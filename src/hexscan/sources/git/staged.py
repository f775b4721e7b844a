"""What ``git commit`` would record: every entry of the index that ``HEAD`` does not have."""

from __future__ import annotations

import os

from hexscan.blob import CONTENT, TARGET, Origin
from hexscan.errors import SourceError
from hexscan.matcher import sift
from hexscan.sources.entries import left_out, name
from hexscan.sources.git import index
from hexscan.sources.git.door import Git, answer, require_version
from hexscan.sources.git.stored import Objects, Wanted
from hexscan.sources.ignored import Ignored
from hexscan.sources.listed import SUBMODULE

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hexscan.sources.entries import Suspects
    from hexscan.sources.git.known import Known
    from hexscan.sources.scope import Item

# What `git hash-object -t tree` says of nothing. Git knows these trees without having them.
_EMPTY_TREES = {
    b"sha1": "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    b"sha256": "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
}


class Staged:
    """The staged content of one repository, from the index and never from the working tree.

    ``directory`` is in the repository; ``None`` is the current directory, as a git hook runs in
    it. Paths are told from the top of the work tree. ``exclude``, ``ignore`` and ``suspects`` are
    those of :class:`hexscan.sources.paths.Paths`.

    Of an entry that is only intended (``git add -N``) a commit records nothing and the index holds
    an empty file, so only its path is read.
    """

    def __init__(
        self,
        directory: bytes | None,
        *,
        exclude: Sequence[str] = (),
        ignore: bool = True,
        suspects: Suspects = sift,
    ) -> None:
        self._directory = directory
        self._exclude = exclude
        self._ignore = ignore
        self._suspects = suspects

    def items(self, known: Known | None = None) -> Iterator[Item]:
        """Yield a blob or a skip for everything staged; bytes hold until the next is asked for.

        Files whose content is ``known`` are passed over, but for their names.
        Raises ``SourceError`` where git is missing, too old or refuses the repository.
        """
        require_version()
        entries = list(self._entries())
        ignored = Ignored(self._exclude, ignore=self._ignore, top=self._top())
        wanted: list[Wanted] = []
        last = None
        for entry in entries:
            if why := ignored.reason(entry.path):
                yield left_out(entry.path, why)
                continue
            if entry.path != last and self._suspects(entry.path):
                yield name(entry.path, entry.path)
            last = entry.path
            if entry.mode == index.SUBMODULE:
                yield left_out(entry.path, SUBMODULE)
            else:
                place = TARGET if entry.mode == index.LINK else CONTENT
                if known is None or place == TARGET or not known.holds(entry.object):
                    wanted.append((entry.object, Origin(entry.path, place)))
        with Objects(self._directory) as objects:
            for item in objects.read(wanted):
                yield item
                # The text of a link was not looked into as a file of that content would be.
                if known is not None and item.origin.place == CONTENT and item.origin.git_object:
                    known.told(item.origin.git_object[0].encode("ascii"))

    def _entries(self) -> Iterator[index.Entry]:
        listed = self._records((*index.DIFFERING, self._base(), "--"))
        entries = list(index.differing(listed))
        yield from (entry for entry in entries if not entry.is_unmerged)
        if any(entry.is_unmerged for entry in entries):
            yield from index.unmerged(self._records(index.UNMERGED))

    def _base(self) -> str:
        """Return what the index is compared with: ``HEAD``, or nothing before the first commit.

        Nothing, too, where ``HEAD`` is broken: then more is read than asked for, and not less.
        """
        object_format = answer(("rev-parse", "--show-object-format"), directory=self._directory)
        try:
            return answer(
                ("rev-parse", "--verify", "--quiet", "HEAD^{tree}"), directory=self._directory
            ).decode("ascii")
        except SourceError:
            return _EMPTY_TREES[object_format]

    def _top(self) -> bytes:
        """Return what paths are behind, where the ignore files stand; a bare repository has none.

        A work tree's name may end in a line's end, and git's answer does.
        """
        try:
            up = answer(("rev-parse", "--show-cdup"), directory=self._directory)
        except SourceError:
            return b""
        return os.path.join(self._directory or b"", up)  # noqa: PTH118 - paths are bytes

    def _records(self, arguments: Sequence[str]) -> list[bytes]:
        with Git(arguments, directory=self._directory) as git:
            return [record for records in git.records() for record in records]
