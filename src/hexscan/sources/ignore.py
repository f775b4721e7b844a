"""Patterns in gitignore syntax: ``--exclude``, ``.hexscanignore``, and ``.gitignore`` outside git.

A walk asks about every entry by itself and does not enter what is left out, as git does. So a
pattern has to match the entry, never only a directory above it. Paths and patterns are bytes, as
they are to git.
"""

from __future__ import annotations

import os
import stat

from hexscan.errors import ConfigError
from hexscan.sources.entries import EXCLUDED, IGNORED_BY_GITIGNORE, IGNORED_BY_HEXSCANIGNORE
from hexscan.sources.files import Reader

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GITIGNORE = b".gitignore"
HEXSCANIGNORE = b".hexscanignore"

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _Rule:
    """One line of an ignore file."""

    __slots__ = ("directories_only", "matches", "negated", "of_path")

    def __init__(self, line: bytes) -> None:
        """Read a line; raises ``ValueError`` for a blank, a comment or what can match nothing."""
        if line.startswith(b"#"):
            raise ValueError("a comment")
        body = _without_trailing_spaces(line)
        self.negated = body.startswith(b"!")
        body = body.removeprefix(b"!")
        self.directories_only = body.endswith(b"/")
        body = body.removesuffix(b"/")
        # With a slash it is about the path from the ignore file on, else about a name anywhere.
        self.of_path = b"/" in body
        from hexscan.sources.wildmatch import translate  # noqa: PLC0415 - where there is a pattern

        self.matches = translate(body.removeprefix(b"/"))


def _without_trailing_spaces(line: bytes) -> bytes:
    stripped = line.rstrip(b" ")
    backslashes = len(stripped) - len(stripped.rstrip(b"\\"))
    return stripped + b" " if backslashes % 2 and stripped != line else stripped


class Patterns:
    """The patterns of one file, or of the command line: the last one that matches decides.

    ``where`` is the directory that they are relative to, from the anchor of all paths that
    :meth:`verdict` is asked about, with a slash at its end or empty.
    """

    def __init__(self, rules: Iterable[_Rule], where: bytes = b"") -> None:
        self._rules = list(rules)[::-1]
        self._start = len(where)

    def verdict(self, path: bytes, *, is_directory: bool) -> bool | None:
        """Return whether ``path`` is left out, or ``None`` if no pattern matches it."""
        path = path[self._start :]
        name = path[path.rfind(b"/") + 1 :]
        for rule in self._rules:
            if rule.directories_only and not is_directory:
                continue
            if rule.matches(path if rule.of_path else name):
                return not rule.negated
        return None

    def leaves_out(self, path: bytes) -> bool:
        """Tell whether a file, or a directory above it, is left out."""
        slash = path.find(b"/")
        while slash >= 0:
            if self.verdict(path[:slash], is_directory=True):
                return True
            slash = path.find(b"/", slash + 1)
        return bool(self.verdict(path, is_directory=False))


def excluding(patterns: Sequence[str], where: bytes = b"") -> Patterns | None:
    """Compile the patterns of ``--exclude``; ``None`` if there are none.

    Raises ``ConfigError`` for one that can match nothing.
    """
    rules = []
    for pattern in patterns:
        try:
            rules.append(_Rule(os.fsencode(pattern)))
        except ValueError:
            raise ConfigError(
                f"not a pattern to exclude by: {pattern!r}",
                hint="patterns are written as in a .gitignore file, for example 'docs/*.md'",
            ) from None
    return Patterns(rules, where) if rules else None


class Rules:
    """What is left out below one directory: all patterns that apply there.

    Immutable. Ignore files are held deepest first, because the deepest that matches decides.
    """

    __slots__ = ("_exclude", "_git", "_hexscan")

    def __init__(
        self,
        exclude: Patterns | None = None,
        hexscan: tuple[Patterns, ...] = (),
        git: tuple[Patterns, ...] = (),
    ) -> None:
        self._exclude = exclude
        self._hexscan = hexscan
        self._git = git

    def __bool__(self) -> bool:
        """Whether there is any pattern at all."""
        return bool(self._exclude or self._hexscan or self._git)

    def reason(self, path: bytes, *, is_directory: bool) -> str | None:
        """Say why ``path`` is left out, or return ``None`` if it is in scope.

        The directories above it have to be in scope.
        """
        if self._exclude and self._exclude.verdict(path, is_directory=is_directory):
            return EXCLUDED
        if _decided(self._hexscan, path, is_directory=is_directory):
            return IGNORED_BY_HEXSCANIGNORE
        if _decided(self._git, path, is_directory=is_directory):
            return IGNORED_BY_GITIGNORE
        return None

    def excluding(self, exclude: Patterns | None) -> Rules:
        """Return the rules with ``exclude`` in place."""
        return Rules(exclude, self._hexscan, self._git)

    def without_gitignore(self) -> Rules:
        """Return the rules for a directory whose files git lists itself."""
        return Rules(self._exclude, self._hexscan) if self._git else self

    def below(self, prefix: bytes, where: bytes, names: Sequence[bytes]) -> Rules:
        """Return the rules with those of a directory's own ignore files on top.

        ``prefix`` and a name together are the path to open, ``where`` is the directory from the
        anchor. A file that is missing or cannot be read ignores nothing.
        """
        hexscan, git = self._hexscan, self._git
        for name in names:
            patterns = _load(prefix + name, where)
            if patterns is None:
                continue
            if name == GITIGNORE:
                git = (patterns, *git)
            else:
                hexscan = (patterns, *hexscan)
        if hexscan is self._hexscan and git is self._git:
            return self
        return Rules(self._exclude, hexscan, git)


def _decided(stack: tuple[Patterns, ...], path: bytes, *, is_directory: bool) -> bool:
    for patterns in stack:
        verdict = patterns.verdict(path, is_directory=is_directory)
        if verdict is not None:
            return verdict
    return False


def _load(path: bytes, where: bytes) -> Patterns | None:
    text = _read(path).removeprefix(_BYTE_ORDER_MARK)
    if not text:
        return None
    rules = []
    for line in text.split(b"\n"):
        try:
            # Git reads up to a null byte.
            rules.append(_Rule(line.removesuffix(b"\r").partition(b"\0")[0]))
        except ValueError:
            continue  # git passes over a line that is no pattern, too
    return Patterns(rules, where) if rules else None


def _read(path: bytes) -> bytes:
    """Return the text of an ignore file, empty if there is none; git follows no link to it."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return b""
    except OSError:
        return b""  # the common case: most directories have none
    reader = Reader()
    try:
        head, rest = reader.read(path)
        return b"".join([bytes(head), *map(bytes, rest or ())])
    except OSError:
        return b""
    finally:
        reader.close()
