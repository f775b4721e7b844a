"""Which of some listed paths the ignore files and ``--exclude`` leave out."""

from collections.abc import Sequence

from hexscan.sources.ignore import HEXSCANIGNORE, Rules, excluding


class Ignored:
    """Judges paths relative to a top directory, in any order.

    ``top`` is what such a path has to be put behind to be opened: empty for the current directory,
    else it ends in a slash. ``exclude`` and ``ignore`` are those of
    :class:`hexscan.sources.paths.Paths`; raises ``ConfigError`` for a pattern that is none.
    """

    def __init__(
        self, exclude: Sequence[str] = (), *, ignore: bool = True, top: bytes = b""
    ) -> None:
        self._top = top
        self._ignore_files = (HEXSCANIGNORE,) if ignore else ()
        # For every directory that was met, the rules in it, or why nothing in it is in scope.
        rules = Rules(excluding(exclude)).below(top, b"", self._ignore_files)
        self._places: dict[bytes, Rules | str] = {b"": rules}

    def reason(self, path: bytes) -> str | None:
        """Say why a path is left out, or return ``None`` if it is in scope."""
        place = self._place(path[: path.rfind(b"/") + 1])
        if isinstance(place, str):
            return place
        return place.reason(path, is_directory=False) if place else None

    def _place(self, directory: bytes) -> Rules | str:
        """Return what holds in a directory; its path ends in a slash or is empty."""
        place = self._places[b""]
        end = directory.find(b"/") + 1
        while end:
            part = directory[:end]
            known = self._places.get(part)
            if known is None:
                known = self._places[part] = self._below(place, part)
            place = known
            end = directory.find(b"/", end) + 1
        return place

    def _below(self, above: Rules | str, directory: bytes) -> Rules | str:
        if isinstance(above, str):
            return above
        if above and (why := above.reason(directory[:-1], is_directory=True)):
            return why
        return above.below(self._top + directory, directory, self._ignore_files)
