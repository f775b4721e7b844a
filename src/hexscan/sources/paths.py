"""Files and directories that were named: the source behind ``hexscan PATH...``."""

from __future__ import annotations

import os
import stat

from hexscan.blob import FAILURE, Files, Origin, Skip
from hexscan.matcher import sift
from hexscan.sources.entries import EXCLUDED, Entries, left_out, name
from hexscan.sources.files import reason
from hexscan.sources.git.top import top_of
from hexscan.sources.ignore import HEXSCANIGNORE, Rules, excluding
from hexscan.sources.scope import Directory, Scope
from hexscan.sources.walk import walk, walk_everything

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hexscan.sources.entries import Suspects
    from hexscan.sources.scope import InScope

_UPWARDS = (b"/", b"./", b"../")


class Paths:
    """Everything that is in scope below some named paths.

    Paths print as grep prints them: the name that was given, a slash, and the way below it, but
    without ``./`` below the current directory. ``exclude`` holds patterns in gitignore syntax,
    relative to each named directory; ``ignore`` is whether git's list, ``.gitignore`` and
    ``.hexscanignore`` are honoured; ``suspects`` tells which names could hold a key. Raises
    ``ConfigError`` for a pattern that is none.

    ``warnings`` fills while :meth:`items` runs. They may quote paths.
    """

    def __init__(
        self,
        paths: Sequence[bytes],
        *,
        exclude: Sequence[str] = (),
        ignore: bool = True,
        suspects: Suspects = sift,
    ) -> None:
        self.warnings: list[str] = []
        self._suspects = suspects
        self._paths = tuple(paths)
        self._exclude = tuple(exclude)
        self._ignore = ignore
        self._excluded = excluding(self._exclude)

    def items(self) -> Iterator[InScope]:
        """Yield a blob or a skip for everything in scope.

        The bytes of a blob hold until the next item is asked for: they stand in a buffer that is
        used again.
        """
        entries = Entries(self._suspects)
        try:
            for path in self._paths:
                yield from self._named(path, entries)
        finally:
            entries.close()

    def _named(self, path: bytes, entries: Entries) -> Iterator[InScope]:
        try:
            mode = os.lstat(path).st_mode
        except OSError as error:
            yield Skip(Origin(path), FAILURE, reason(error))
            return
        except ValueError:
            yield Skip(Origin(path), FAILURE, "a path cannot hold a NUL character")
            return
        is_link = stat.S_ISLNK(mode)
        if is_link:
            try:
                mode = os.stat(path).st_mode  # noqa: PTH116 - paths are bytes
            except OSError as error:
                yield from self._named_itself(path, entries, is_link=True)
                yield Skip(Origin(path), FAILURE, reason(error))
                return
        if stat.S_ISDIR(mode):
            yield from self._named_itself(path, entries, is_link=is_link)
            yield from self._tree(path, entries)
        elif self._excluded and self._excluded.leaves_out(_way_down(path)):
            yield left_out(path, EXCLUDED)
        else:
            yield from self._named_itself(path, entries, is_link=is_link)
            if stat.S_ISREG(mode) and not is_link:
                yield Files(b"", path + b"\0", named=True)
            else:
                yield entries.of_mode(path, mode, follow=is_link)

    def _named_itself(self, path: bytes, entries: Entries, *, is_link: bool) -> Iterator[InScope]:
        """Yield the name as it was given, and a link's target text."""
        if entries.suspects(path):
            yield name(path, path)
        if is_link:
            yield entries.link(path)

    def _tree(self, root: bytes, entries: Entries) -> Iterator[InScope]:
        scope = Scope(entries, self.warnings, enters_git=not self._ignore)
        prefix = b"" if root == b"." else root if root.endswith(b"/") else root + b"/"
        scope.cut = len(prefix)
        top = top_of(root) if self._ignore else None
        rules = self._rules_above(scope, root, top)
        if not self._ignore and not rules:
            yield from walk_everything(scope, prefix, rules)
            return
        scope.pending.append(Directory(prefix, rules, asks_git=self._ignore, top=top))
        while scope.pending:
            directory = scope.pending.pop()
            top = directory.top or _own_top(directory)
            if directory.asks_git and top:
                from hexscan.sources.worktree import WorkTree  # noqa: PLC0415 - where git lists

                yield from WorkTree(scope, directory, top).items()
            else:
                yield from walk(scope, directory)

    def _rules_above(self, scope: Scope, root: bytes, top: bytes | None) -> Rules:
        """Return the rules that hold at a named directory, which itself is in scope.

        The ``.hexscanignore`` files of the directories above it count, up to the work tree's top.
        """
        if top is None:
            return Rules(excluding(self._exclude))
        real = os.path.realpath(root)
        parts = [] if real == top else os.path.relpath(real, top).split(b"/")
        above = Rules()
        where = b""
        for part in parts:
            above = above.below(top + b"/" + where, where, (HEXSCANIGNORE,))
            where += part + b"/"
        scope.lead = where
        return above.excluding(excluding(self._exclude, where))


def _way_down(path: bytes) -> bytes:
    """Return a path without the part that leads upwards, which patterns know nothing of."""
    start = 0
    while path.startswith(_UPWARDS, start):
        start = path.index(b"/", start) + 1
    return path[start:]


def _own_top(directory: Directory) -> bytes | None:
    """Return the real path of a directory that is the top of a git work tree."""
    if directory.asks_git and os.path.lexists(directory.prefix + b".git"):
        return os.path.realpath(directory.path)
    return None
