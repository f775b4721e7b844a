"""Files that somebody else listed, as pre-commit does: what a commit of them would record."""

from __future__ import annotations

import os
import stat

from hexscan.blob import FAILURE, Files, Origin, Skip
from hexscan.matcher import sift
from hexscan.sources.entries import Entries, left_out, name
from hexscan.sources.files import reason
from hexscan.sources.ignored import Ignored

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hexscan.sources.entries import Suspects
    from hexscan.sources.scope import InScope

SUBMODULE = "a directory, of which a commit records no content"


class Listed:
    """The files behind some paths, which are relative to the repository's top directory.

    Not what a person names but what a program lists: links are not followed, a directory is a
    submodule and is not entered, and ``.hexscanignore`` holds here too. ``exclude`` and ``ignore``
    and ``suspects`` are those of :class:`hexscan.sources.paths.Paths`.
    """

    def __init__(
        self,
        paths: Sequence[bytes],
        *,
        exclude: Sequence[str] = (),
        ignore: bool = True,
        suspects: Suspects = sift,
    ) -> None:
        self._suspects = suspects
        self.warnings: list[str] = []
        self._paths = tuple(paths)
        self._ignored = Ignored(exclude, ignore=ignore)

    def items(self) -> Iterator[InScope]:
        """Yield a blob or a skip for every path; bytes hold until the next item is asked for."""
        entries = Entries(self._suspects)
        try:
            for path in self._paths:
                yield from self._item(path, entries)
        finally:
            entries.close()

    def _item(self, path: bytes, entries: Entries) -> Iterator[InScope]:
        try:
            mode = os.lstat(path).st_mode
        except OSError as error:
            yield Skip(Origin(path), FAILURE, reason(error))
            return
        why = self._ignored.reason(path)
        if why:
            yield left_out(path, why)
            return
        if entries.suspects(path):
            yield name(path, path)
        if stat.S_ISREG(mode):
            yield Files(b"", path + b"\0", named=True)
        elif stat.S_ISDIR(mode):
            yield left_out(path, SUBMODULE)
        else:
            yield entries.of_mode(path, mode)
