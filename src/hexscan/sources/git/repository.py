"""A git repository: where its parts are, and what it leaves out."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Sequence

from hexscan.errors import SourceError
from hexscan.sources.git.door import Git
from hexscan.sources.git.top import top_of
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import IO

OLDEST_GIT = (2, 30)

_UNSHALLOW = "run `git fetch --unshallow`, or pass --allow-partial"
_REFETCH = "run `git fetch --refetch --no-filter`, or make a full clone, or pass --allow-partial"


_KINDS = ("--is-shallow-repository", "--show-object-format")
_EVERYTHING = (
    *("rev-parse", "--is-inside-work-tree", *_KINDS),
    *("--absolute-git-dir", "--git-common-dir", "--show-toplevel"),
)
_TOLD = 6
"""The number of pieces that the answers to all but the last of these are cut into at line ends."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What git tells of a repository, in its own words; paths are absolute."""

    shallow: bytes
    object_format: bytes
    git_dir: bytes
    common_dir: bytes
    work_tree: bytes | None


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository that git has found and trusts.

    ``path`` is how the user called it. ``git_dir`` and ``common_dir`` are absolute; they differ in
    a linked work tree. ``work_tree`` is ``None`` for a bare repository. ``name_length`` is that of
    an object's name in hex digits, ``git_version`` git's own, as far as its second number.
    """

    path: bytes
    git_dir: bytes
    common_dir: bytes
    work_tree: bytes | None
    name_length: int
    shallow: bool
    partial: bool
    git_version: tuple[int, int]

    def git(
        self,
        arguments: Sequence[str],
        stdin: int | IO[bytes] | None = None,
        stdout: int | IO[bytes] | None = None,
    ) -> Git:
        """Start git on this repository, as a context manager; see :class:`Git`."""
        return _in_git_dir(self.git_dir, arguments, stdin, stdout)

    def lines(self, arguments: Sequence[str], stdin: IO[bytes] | None = None) -> list[bytes]:
        """Return what a command prints, by lines. Raises ``SourceError`` if it fails."""
        with self.git(arguments, stdin) as command:
            return self.told(command)

    def told(self, command: Git) -> list[bytes]:
        """Return what a command that runs prints, by lines. Raises ``SourceError`` if it fails."""
        output = _read_all(command)
        if failure := command.failure():
            raise SourceError(f"{shown(self.path)}: {failure}", hint=command.hint())
        return output.splitlines()

    def ask_bare(self) -> Git:
        """Ask whether it is configured as bare; :meth:`is_bare` waits for the answer."""
        return self.git(("config", "--type=bool", "--get", "core.bare"))

    def is_bare(self, asked: Git) -> bool:
        """Tell whether it is made to be fetched from and pushed to: it is configured as bare."""
        return _read_all(asked).strip() == b"true"

    def has_promisor(self) -> bool:
        """Tell whether a remote is named from which git would fetch what a partial clone lacks."""
        return self.partial and _has_promisor(self.git_dir)

    def missing(self) -> tuple[str, str] | None:
        """Return in words what the repository does not hold, and how to get it."""
        if self.shallow:
            return "a shallow clone: it holds only the last commits of its history", _UNSHALLOW
        if self.partial:
            return "a partial clone: objects were left out when it was fetched", _REFETCH
        return None


def find(path: bytes) -> Repository:
    """Find the repository at a path, or around it.

    The path may be a work tree, a directory in it, a git directory or a bare repository. Raises
    ``SourceError``, in git's own words, where there is none or git does not trust it.
    """
    _require_directory(path)
    real = os.path.realpath(path)
    if os.path.basename(real) == b".git":  # noqa: PTH119 - paths are bytes
        real = os.path.dirname(real)  # noqa: PTH120 - paths are bytes
    top = top_of(real) or real
    with _start(real, top, ("version",)) as version, _start(real, top, _EVERYTHING) as told:
        # Both at a time, since each takes a git that has hardly anything to do.
        number = _required_version(path, version)
        facts = _facts_at_once(told, real)
    # Asked without naming the git directory: only then does git look at who owns it.
    git_dir = facts.git_dir if facts else _ask(path, real, top, "--absolute-git-dir")
    if facts is None:
        inside = _ask(path, real, top, "--is-inside-work-tree") == b"true"
        work_tree = _ask(path, real, top, "--show-toplevel") if inside else None
        return at_git_dir(path, git_dir, number, work_tree)
    return _made(path, number, facts)


def at_git_dir(
    path: bytes, git_dir: bytes, version: tuple[int, int], work_tree: bytes | None = None
) -> Repository:
    """Return the repository whose git directory is known; raises ``SourceError`` if it is none."""
    with _in_git_dir(git_dir, ("rev-parse", *_KINDS, "--git-common-dir")) as command:
        output = _read_all(command)
        if failure := command.failure():
            raise SourceError(f"{shown(path)}: {failure}", hint=command.hint())
    shallow, object_format, common_dir = output.removesuffix(b"\n").split(b"\n", 2)
    common = os.path.join(git_dir, common_dir)  # noqa: PTH118 - bytes
    return _made(path, version, _Facts(shallow, object_format, git_dir, common, work_tree))


def _made(path: bytes, version: tuple[int, int], facts: _Facts) -> Repository:
    common = os.path.realpath(facts.common_dir)
    return Repository(
        path=path,
        git_dir=facts.git_dir,
        common_dir=common,
        work_tree=facts.work_tree,
        name_length=64 if facts.object_format == b"sha256" else 40,
        shallow=facts.shallow == b"true",
        partial=_is_partial(facts.git_dir, common),
        git_version=version,
    )


def _facts_at_once(command: Git, directory: bytes) -> _Facts | None:
    """Return what git tells of :data:`_EVERYTHING`, or ``None`` if each has to be asked for alone.

    So it is where a path has a line's end in it, and where git fails. ``directory`` is the one that
    git is asked in, which an answer may be relative to.
    """
    lines = _read_all(command).split(b"\n")
    is_told = command.failure() is None
    if not lines or len(lines) != _TOLD + is_told:
        return None
    inside, shallow, object_format, git_dir, common_dir, *top = lines[:-1]
    # Git fails at the last question outside of a work tree, behind the answers to all others.
    if is_told != (inside == b"true"):
        return None
    common = os.path.join(directory, common_dir)  # noqa: PTH118 - bytes
    return _Facts(shallow, object_format, git_dir, common, top[0] if top else None)


def shown(path: bytes) -> str:
    """Return a path as it stands in a message; the command line escapes it."""
    return os.fsdecode(path)


def _in_git_dir(
    git_dir: bytes,
    arguments: Sequence[str],
    stdin: int | IO[bytes] | None = None,
    stdout: int | IO[bytes] | None = None,
) -> Git:
    # The work tree is named as well, because that of a submodule's configuration may be gone.
    where = os.fsdecode(git_dir)
    return Git(
        (f"--git-dir={where}", f"--work-tree={where}", *arguments),
        directory=git_dir,
        top=git_dir,
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=subprocess.PIPE if stdout is None else stdout,
    )


def _require_directory(path: bytes) -> None:
    if not os.path.lexists(path):
        raise SourceError(f"{shown(path)}: no such file or directory")
    if not os.path.isdir(path):  # noqa: PTH112 - paths are bytes
        raise SourceError(
            f"{shown(path)}: a file, and no repository", hint="name the directory it is in"
        )


def _required_version(path: bytes, command: Git) -> tuple[int, int]:
    told = _answer(path, command).decode("ascii", "replace")
    numbers = re.search(r"(\d+)\.(\d+)", told)
    version = (int(numbers[1]), int(numbers[2])) if numbers else (0, 0)
    if version < OLDEST_GIT:
        wanted = ".".join(map(str, OLDEST_GIT))
        raise SourceError(f"{told} is too old", hint=f"git {wanted} or later is needed")
    return version


def _start(directory: bytes, top: bytes, arguments: Sequence[str]) -> Git:
    return Git(arguments, directory=directory, top=top)


def _ask(path: bytes, directory: bytes, top: bytes, question: str) -> bytes:
    with _start(directory, top, ("rev-parse", question)) as command:
        return _answer(path, command)


def _answer(path: bytes, command: Git) -> bytes:
    output = _read_all(command)
    if failure := command.failure():
        raise SourceError(f"{shown(path)}: {failure}", hint=command.hint())
    return output.removesuffix(b"\n")


def _read_all(command: Git) -> bytes:
    return b"".join(iter(lambda: command.output.read(1 << 16), b""))


def _is_partial(git_dir: bytes, common_dir: bytes) -> bool:
    packs = common_dir + b"/objects/pack"
    if os.path.isdir(packs) and any(name.endswith(b".promisor") for name in os.listdir(packs)):  # noqa: PTH112, PTH208 - bytes
        return True
    return _has_promisor(git_dir)


def _has_promisor(git_dir: bytes) -> bool:
    wanted = r"^(extensions\.partialclone|remote\..*\.promisor)$"
    with _in_git_dir(git_dir, ("config", "--get-regexp", wanted)) as command:
        return bool(_read_all(command))
