"""Files that somebody else listed, as pre-commit does: what a commit of them would record."""

import os
import stat
from collections.abc import Iterator, Sequence

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.matcher import sift
from hexscan.sources.entries import Entries, left_out, name
from hexscan.sources.files import reason
from hexscan.sources.ignore import HEXSCANIGNORE, Rules, excluding
from hexscan.sources.scope import Item

SUBMODULE = "a directory, of which a commit records no content"


class Listed:
    """The files behind some paths, which are relative to the repository's top directory.

    Not what a person names but what a program lists: links are not followed, a directory is a
    submodule and is not entered, and ``.hexscanignore`` holds here too. ``exclude`` and ``ignore``
    are those of :class:`hexscan.sources.paths.Paths`.
    """

    def __init__(
        self, paths: Sequence[bytes], *, exclude: Sequence[str] = (), ignore: bool = True
    ) -> None:
        self.warnings: list[str] = []
        self._paths = tuple(paths)
        self._ignore_files = (HEXSCANIGNORE,) if ignore else ()
        # For every directory that was met, the rules in it, or why nothing in it is in scope.
        top = Rules(excluding(exclude)).below(b"", b"", self._ignore_files)
        self._places: dict[bytes, Rules | str] = {b"": top}

    def items(self) -> Iterator[Item]:
        """Yield a blob or a skip for every path; bytes hold until the next item is asked for."""
        entries = Entries()
        try:
            for path in self._paths:
                yield from self._item(path, entries)
        finally:
            entries.close()

    def _item(self, path: bytes, entries: Entries) -> Iterator[Item]:
        try:
            mode = os.lstat(path).st_mode
        except OSError as error:
            yield Skip(Origin(path), FAILURE, reason(error))
            return
        why = self._left_out(path)
        if why:
            yield left_out(path, why)
            return
        if sift(path):
            yield name(path, path)
        if stat.S_ISDIR(mode):
            yield left_out(path, SUBMODULE)
        else:
            yield entries.of_mode(path, mode)

    def _left_out(self, path: bytes) -> str | None:
        place = self._place(path[: path.rfind(b"/") + 1])
        if isinstance(place, str):
            return place
        return place.reason(path, is_directory=False) if place else None

    def _place(self, directory: bytes) -> Rules | str:
        """Return what holds in a directory; its path ends in a slash or is empty."""
        known = self._places.get(directory)
        if known is None:
            above = self._place(directory[: directory[:-1].rfind(b"/") + 1])
            known = self._places[directory] = self._below(above, directory)
        return known

    def _below(self, above: Rules | str, directory: bytes) -> Rules | str:
        if isinstance(above, str):
            return above
        if above and (why := above.reason(directory[:-1], is_directory=True)):
            return why
        return above.below(directory, directory, self._ignore_files)
