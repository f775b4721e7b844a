"""Read one directory of a git work tree: the files that git lists."""

from __future__ import annotations

import os
import stat

from hexscan.blob import FAILURE, Files, Origin, Skip
from hexscan.errors import SourceError
from hexscan.sources.entries import (
    ABSENT,
    BEHIND_LINK,
    IGNORED_BY_GIT,
    failed,
    left_out,
    name,
)
from hexscan.sources.files import is_gone
from hexscan.sources.git.listing import Listing
from hexscan.sources.ignore import HEXSCANIGNORE
from hexscan.sources.scope import Directory

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.sources.ignore import Rules
    from hexscan.sources.scope import InScope, Scope

# How git writes the directory that it is asked to list.
ITSELF = b"./"


class WorkTree:
    """The part of a git work tree below one directory.

    Memory grows with the number of directories, not with that of files.
    """

    def __init__(self, scope: Scope, directory: Directory, top: bytes) -> None:
        self._scope = scope
        self._suspects = scope.entries.suspects
        self._directory = directory
        self._prefix = directory.prefix
        self._top = top
        self._started = False
        self._last = b""
        # For every directory that was met, the rules in it, or why nothing in it is in scope.
        self._places: dict[bytes, Rules | str] = {b"": self._rules(b"", directory.rules)}

    def items(self) -> Iterator[InScope]:
        """Yield what git lists; where git fails, leave the directory to a walk."""
        try:
            with Listing(self._directory.path, self._top) as listing:
                for names in listing.names():
                    self._started = True
                    yield from self._batch(names)
                for path, why in listing.unreadable():
                    yield Skip(Origin(self._prefix + path), FAILURE, why)
                for ignored in listing.ignored():
                    if ignored == ITSELF and not self._started:
                        self._read_itself()
                    else:
                        yield left_out(self._printed(ignored), IGNORED_BY_GIT)
                for warning in listing.warnings():
                    self._scope.warn(warning)
        except SourceError as error:
            if self._started:
                yield Skip(Origin(self._directory.path), FAILURE, str(error))
            else:
                self._read_everything(error)

    def _read_itself(self) -> None:
        """Leave a directory to a walk that git ignores as a whole: it would not be here unnamed."""
        rules = self._directory.rules.without_gitignore()
        self._scope.pending.append(Directory(self._prefix, rules, asks_git=False))

    def _read_everything(self, error: SourceError) -> None:
        where = os.fsdecode(self._directory.path)
        self._scope.warn(f"git cannot list {where}: {error}; files that it ignores were read too")
        self._read_itself()

    def _printed(self, listed: bytes) -> bytes:
        """Return the path to print."""
        return self._directory.path if listed == ITSELF else self._prefix + listed.rstrip(b"/")

    def _rules(self, prefix: bytes, above: Rules) -> Rules:
        path = self._prefix + prefix
        rules = above.without_gitignore()
        return rules.below(path, self._scope.anchored(path), (HEXSCANIGNORE,))

    def _batch(self, names: list[bytes]) -> Iterator[InScope]:
        suspect = self._suspects(b"\n".join(names))
        files: list[bytes] = []
        for listed in names:
            if listed == self._last:
                continue  # an unmerged path is listed once for each of its versions
            self._last = listed
            relative = listed.rstrip(b"/")  # a nested repository is listed with a slash
            base = relative.rfind(b"/") + 1
            parent = relative[:base]
            if parent not in self._places:
                yield from self._enter(parent)
            yield from self._entry(
                relative, self._places[parent], relative[base:] if suspect else b"", files
            )
        if files:
            yield Files(self._prefix, b"\0".join(files) + b"\0")

    def _enter(self, parent: bytes) -> Iterator[InScope]:
        """Find out about a directory and those above it that were not met before."""
        place = self._places[b""]
        end = parent.find(b"/") + 1
        while end:
            prefix = parent[:end]
            known = self._places.get(prefix)
            if known is None:
                known = self._places[prefix] = self._place(prefix, place)
                base = prefix.rstrip(b"/").rpartition(b"/")[2]
                if not isinstance(known, str) and self._suspects(base):
                    yield name(self._prefix + prefix[:-1], base)
            place = known
            end = parent.find(b"/", end) + 1

    def _place(self, prefix: bytes, above: Rules | str) -> Rules | str:
        if isinstance(above, str):
            return above
        path = (self._prefix + prefix)[:-1]
        if above and (why := above.reason(self._scope.anchored(path), is_directory=True)):
            return why
        try:
            if stat.S_ISLNK(os.lstat(path).st_mode):
                return BEHIND_LINK
        except OSError:
            return above  # the files in it tell what is wrong
        return self._rules(prefix, above)

    def _entry(
        self, relative: bytes, place: Rules | str, base: bytes, files: list[bytes]
    ) -> Iterator[InScope]:
        """Yield what there is under one listed path, or add it to ``files``.

        ``base`` is its name if that could hold a key.
        """
        path = self._prefix + relative
        if isinstance(place, str):
            yield left_out(path, place)
            return
        try:
            mode = os.lstat(path).st_mode
        except OSError as error:
            yield left_out(path, ABSENT) if is_gone(error) else failed(path, error)
            return
        is_directory = stat.S_ISDIR(mode)
        if place and (why := place.reason(self._scope.anchored(path), is_directory=is_directory)):
            yield left_out(path, why)
            return
        if base and self._suspects(base):
            yield name(path, base)
        if stat.S_ISREG(mode):
            files.append(relative)
        elif not is_directory:
            yield self._scope.entries.of_mode(path, mode)
        elif relative + b"/" in self._places:
            # A directory stands where a file was tracked, and its files are listed themselves.
            yield left_out(path, ABSENT)
        else:
            self._scope.pending.append(Directory(path + b"/", place, asks_git=True))
