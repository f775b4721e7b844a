"""The one door to git: every git process is started here, and none can be made to do harm.

:mod:`hexscan.sources.git.safety` says how.

This module is on the clean path of ``hexscan staged``: what is slow to import is imported late.
"""

from __future__ import annotations

import os

from hexscan.errors import SourceError
from hexscan.sources.git.safety import VERSION, command, environment

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType
    from typing import IO, Self

OLDEST = (2, 30)
"""The oldest git whose plumbing does what is asked of it here."""

PIPE = -1
"""As ``stdin`` of :class:`Git`: a pipe, to be written to. The value is that of ``subprocess``."""

_BLOCK = 64 * 1024
_UNKNOWN_REVISION = ("fatal: bad revision", "fatal: ambiguous argument", "fatal: bad object")


class Git:
    """A git command, about the repository that ``directory`` lies in.

    Without a ``directory`` it runs in the current one and honours the variables that git sets for
    its hooks: they name the repository, and for ``git commit FILE`` an index of its own. With one,
    those variables are dropped. ``top`` is the top directory of the work tree, where it is known.

    ``stdin`` is a file, a descriptor or :data:`PIPE`, and by default nothing; ``stdout`` is by
    default a pipe. A context manager:
    the process ends with it. Raises ``SourceError``, in git's own last words, when git is missing
    or fails.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        directory: bytes | None = None,
        top: bytes | None = None,
        stdin: int | IO[bytes] | None = None,
        stdout: int | IO[bytes] | None = None,
    ) -> None:
        import subprocess  # noqa: PLC0415 - 10 ms, which the clean path does without

        from hexscan.sources.git.nameless import nameless_file  # noqa: PLC0415 - the same

        # A file and no pipe: git may complain at length while nobody but stdout is listened to.
        self._complaints = nameless_file()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - arguments are ours
                command(directory, arguments),
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                stdout=subprocess.PIPE if stdout is None else stdout,
                stderr=self._complaints,
                env=environment(directory, top),
                bufsize=0,
            )
        except OSError as error:
            self._complaints.close()
            raise _not_started(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def input(self) -> IO[bytes]:
        """Git's standard input, unbuffered, for a command that was started with a pipe there."""
        assert self._process.stdin is not None  # noqa: S101 - the caller asked for a pipe
        return self._process.stdin

    @property
    def output(self) -> IO[bytes]:
        """Git's standard output, unbuffered."""
        assert self._process.stdout is not None  # noqa: S101 - always a pipe
        return self._process.stdout

    def close(self) -> None:
        """End the process, if it still runs, and let go of its files."""
        self._complaints.close()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def records(self, end: bytes = b"\0") -> Iterator[list[bytes]]:
        """Yield what git writes, cut at NUL bytes or another ``end``, in lists as it comes.

        Raises ``SourceError`` at the end if git failed.
        """
        begun = b""
        while block := self.output.read(_BLOCK):
            *records, begun = (begun + block).split(end)
            if records:
                yield records
        status = self._process.wait()
        if status:
            raise SourceError(self._last_words(status), hint=self.hint())
        if begun:
            raise SourceError("git broke off in the middle of a name")

    def content(self) -> bytes:
        """Return all that git writes; raises ``SourceError`` if it failed."""
        output = self._process.stdout
        written = output.read() if output else b""
        status = self._process.wait()
        if status:
            raise SourceError(self._last_words(status))
        return written

    def has_ended(self) -> bool:
        """Tell, without waiting, whether git has ended."""
        return self._process.poll() is not None

    def failure(self) -> str | None:
        """Wait for git to end, and return its last words if it failed."""
        status = self._process.wait()
        return self._last_words(status) if status else None

    def lines(self) -> Iterator[bytes]:
        """Yield what git writes, line by line; :meth:`failure` tells afterwards if that was all."""
        begun = b""
        while block := self.output.read(_BLOCK):
            *lines, begun = (begun + block).split(b"\n")
            yield from lines

    def complaints(self) -> list[str]:
        """Return the lines that git has written to its standard error."""
        self._complaints.seek(0)
        return self._complaints.read().decode("utf-8", "surrogateescape").splitlines()

    def _last_words(self, status: int) -> str:
        lines = [line.strip() for line in self.complaints() if line.strip()]
        fatal = [line.removeprefix("fatal: ") for line in lines if line.startswith("fatal: ")]
        return next(iter(fatal[-1:] or lines[-1:]), f"git ended with status {status}")

    def hint(self) -> str:
        """Return what to do about the failure of a command that has ended."""
        # A repository of another owner: git says in a line of its own how to trust it.
        lines = [line.strip() for line in self.complaints()]
        trust = [line for line in lines if line.startswith("git config --global --add safe.")]
        if trust:
            return f"to trust it: {trust[0]}"
        if any(line.startswith(_UNKNOWN_REVISION) for line in lines):
            return "no such branch, tag or commit is here; `git fetch` may bring it"
        return "run `git status` there to see more"


def answer(arguments: Sequence[str], *, directory: bytes | None = None) -> bytes:
    """Run a git command that gives one short answer, and return it without its line end."""
    with Git(arguments, directory=directory) as git:
        return b"\n".join(line for lines in git.records(b"\n") for line in lines)


def require_version() -> None:
    """Raise ``SourceError`` unless the installed git is new enough."""
    words = answer(VERSION)
    if not is_new_enough(words):
        raise SourceError(
            f"{os.fsdecode(words) or 'this git'} is too old",
            hint=f"git {_needed()} or later is needed",
        )


def _needed() -> str:
    return ".".join(map(str, OLDEST))


def is_new_enough(words: bytes, oldest: tuple[int, int] = OLDEST) -> bool:
    """Tell by the answer to :data:`VERSION` whether a git is at least as new as ``oldest``.

    An answer that makes no sense is that of a git too old.
    """
    parts = words.removeprefix(b"git version ").split(b".")
    try:
        return (int(parts[0]), int(parts[1])) >= oldest
    except (ValueError, IndexError):
        return False


def spawn(arguments: Sequence[str], *, feeds: bool = False) -> tuple[int, int, int]:
    """Start a git command as ``Git(arguments)`` does, without anything slow to import.

    Returns the process's identity, and the descriptors that its input is written to (with
    ``feeds``; else it is empty, and -1 stands here) and its output is read from. They are the
    caller's to wait for and to close. What git complains of is lost. POSIX only; raises
    ``OSError``.
    """
    output, theirs_out = os.pipe()
    theirs_in, feed = os.pipe() if feeds else (os.open(os.devnull, os.O_RDONLY), -1)
    try:
        process = os.posix_spawnp(
            "git",
            command(None, arguments),
            environment(None, None),
            file_actions=(
                (os.POSIX_SPAWN_DUP2, theirs_in, 0),
                (os.POSIX_SPAWN_DUP2, theirs_out, 1),
                (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            ),
        )
    except BaseException:
        os.close(output)
        if feeds:
            os.close(feed)
        raise
    finally:
        os.close(theirs_in)
        os.close(theirs_out)
    return process, feed, output


def _not_started(error: OSError) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return SourceError("git is not installed", hint=f"install git {_needed()} or later")
    return SourceError(f"git cannot be started: {str(error.strerror).lower()}")
