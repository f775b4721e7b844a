"""The one door to git: every git process is started here, and none can be made to do harm.

A repository's own configuration can name programs for git to run. The options here turn off those
that a read-only command would reach, keep git from fetching objects that are missing, and from
writing anything.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import IO, Self

from hexscan.errors import SourceError

_SAFE_CONFIGURATION = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.pager=cat",
    "core.untrackedCache=false",
    "protocol.allow=never",
)

_SAFE_ENVIRONMENT = {
    "GIT_DISCOVERY_ACROSS_FILESYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}

# Git sets these for its hooks. They would turn a command about one directory to the repository
# that the hook runs in (`git rev-parse --local-env-vars` names them).
_REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)

_BLOCK = 64 * 1024


def _command(directory: bytes, arguments: Sequence[str]) -> list[str]:
    options = [part for setting in _SAFE_CONFIGURATION for part in ("-c", setting)]
    return ["git", "--no-pager", *options, "-C", os.fsdecode(directory), *arguments]


def _environment(top: bytes) -> dict[str, str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in _REPOSITORY_VARIABLES
    }
    environment.update(_SAFE_ENVIRONMENT)
    above = os.path.dirname(top)  # noqa: PTH120 - paths are bytes
    if above != top:
        # Where the repository at `top` is broken, git has to fail: it would go on upwards, and
        # list nothing where an outer repository knows the directory as a submodule.
        environment["GIT_CEILING_DIRECTORIES"] = os.fsdecode(above)
    return environment


class Git:
    """A git command that runs in the work tree whose top directory is ``top``.

    A context manager: the process ends with it. Raises ``SourceError``, in git's own last words,
    when git is missing or fails.
    """

    def __init__(
        self,
        arguments: Sequence[str],
        *,
        directory: bytes,
        top: bytes,
        stdin: int | IO[bytes] = subprocess.DEVNULL,
        stdout: int | IO[bytes] = subprocess.PIPE,
    ) -> None:
        # A file and no pipe: git may complain at length while nobody but stdout is listened to.
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - see close
        try:
            self._process = subprocess.Popen(  # noqa: S603 - arguments are ours
                _command(directory, arguments),
                stdin=stdin,
                stdout=stdout,
                stderr=self._complaints,
                env=_environment(top),
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

    def close(self) -> None:
        """End the process, if it still runs, and let go of its files."""
        self._complaints.close()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                stream.close()
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def records(self) -> Iterator[list[bytes]]:
        """Yield what git writes, cut at NUL bytes, in lists as it comes.

        Raises ``SourceError`` at the end if git failed.
        """
        output = self._process.stdout
        begun = b""
        while block := output.read(_BLOCK) if output else b"":
            *records, begun = (begun + block).split(b"\0")
            if records:
                yield records
        status = self._process.wait()
        if status or begun:
            raise SourceError(self._last_words(status), hint="run `git status` there to see more")

    @property
    def input(self) -> IO[bytes]:
        """Git's standard input, unbuffered, for a command that was started with a pipe there."""
        assert self._process.stdin is not None  # noqa: S101 - the caller asked for a pipe
        return self._process.stdin

    @property
    def output(self) -> IO[bytes]:
        """Git's standard output, unbuffered, unless it was started with another one."""
        assert self._process.stdout is not None  # noqa: S101 - the same
        return self._process.stdout

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


def _not_started(error: OSError) -> SourceError:
    if isinstance(error, FileNotFoundError):
        return SourceError("git is not installed", hint="install git, or pass --no-ignore")
    return SourceError(f"git cannot be started: {str(error.strerror).lower()}")
