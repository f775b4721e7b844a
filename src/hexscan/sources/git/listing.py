"""The files of a git work tree, as git lists them."""

from __future__ import annotations

import os
from contextlib import ExitStack

from hexscan.errors import SourceError
from hexscan.sources.git.door import Git

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

_UNREADABLE = "warning: could not open directory '"
_WARNING = "warning: "

_TOP = ("rev-parse", "--show-toplevel")
_NAMES = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
_IGNORED = ("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")


class Listing:
    """What git lists below one directory of a work tree; names are relative to that directory.

    Two git processes run at the same time: one lists, the other finds what is ignored. A context
    manager, which ends them. Entering it, and every iterator, raises ``SourceError`` where git is
    missing or fails; nothing has been listed if that comes before the first name.
    """

    def __init__(self, directory: bytes, top: bytes) -> None:
        self._directory = directory
        self._top = top
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as running:
            self._shown = running.enter_context(self._git(_TOP))
            self._names = running.enter_context(self._git(_NAMES))
            self._ignored = running.enter_context(self._git(_IGNORED))
            self._running = running.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()

    def _git(self, arguments: tuple[str, ...]) -> Git:
        return Git(arguments, directory=self._directory, top=self._top)

    def _check_top(self) -> None:
        """Raise ``SourceError`` where git looks at another work tree than the one that is read.

        A repository's ``core.worktree`` can name any directory, and where ``.git`` is no repository
        git goes on upwards to one that is.
        """
        lines = [line for lines in self._shown.records(b"\n") for line in lines]
        if os.path.realpath(b"\n".join(lines)) != self._top:
            raise SourceError("the repository's work tree is another directory")

    def names(self) -> Iterator[list[bytes]]:
        """Yield the files in scope: tracked ones, and others that no rule of git's ignores.

        A tracked file may be absent or listed several times. A name may be a submodule's, or a
        nested repository's, which ends in a slash.
        """
        self._check_top()
        for names in self._names.records():
            if listed := [name for name in names if name != b"./"]:
                yield listed

    def ignored(self) -> Iterator[bytes]:
        """Yield what git ignores; a directory that is ignored as a whole once, with a slash."""
        for names in self._ignored.records():
            yield from names

    def unreadable(self) -> Iterator[tuple[bytes, str]]:
        """Yield the directories that git could not look into, and why, after all names.

        Git only warns of them. They are relative to the listed directory, without a slash.
        """
        prefix = self._prefix()
        for line in self._names.complaints():
            if line.startswith(_UNREADABLE):
                path, _, why = line.removeprefix(_UNREADABLE).rpartition("': ")
                yield os.fsencode(path.removeprefix(prefix).rstrip("/")), why.lower()

    def warnings(self) -> Iterator[str]:
        """Yield whatever else git warned of, after all names."""
        for line in self._names.complaints():
            if line.startswith(_WARNING) and not line.startswith(_UNREADABLE):
                yield f"git: {line.removeprefix(_WARNING)}"

    def _prefix(self) -> str:
        """Return the way from the work tree's top to the directory: git names paths from there."""
        real = os.path.realpath(self._directory)
        return "" if real == self._top else os.fsdecode(os.path.relpath(real, self._top)) + "/"
