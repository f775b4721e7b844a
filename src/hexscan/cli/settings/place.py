"""The directory that settings are read from, in the working tree or at a trusted revision."""

import os
import stat

from hexscan.errors import ConfigError, SourceError
from hexscan.sources.git.door import Git
from hexscan.sources.git.top import top_of
from hexscan.values import dataclass

_MOST = 16 << 20
_REGULAR = (b"100644", b"100755")


@dataclass(frozen=True, slots=True)
class Place:
    """Files below ``root``, as they are now or, with a ``revision``, as they were then.

    Names are relative to the root, with slashes.
    """

    root: bytes
    revision: str = ""

    def shown(self, name: str) -> str:
        """Return what a message calls a file."""
        if self.revision:
            return f"{self.revision}:{name}"
        if os.path.isabs(name):  # noqa: PTH117 - text, as the system takes it
            return name
        if os.path.realpath(self.root) == os.path.realpath(b"."):
            return name
        return os.path.join(os.fsdecode(self.root), name)  # noqa: PTH118 - may not be UTF-8

    def read(self, name: str) -> bytes | None:
        """Return what a file holds, or ``None`` if there is none.

        Raises ``ConfigError`` for one that cannot be read, is no regular file, or is larger than
        a configuration can be.
        """
        if self.revision:
            return self._read_at_revision(name)
        path = os.path.join(self.root, os.fsencode(name))  # noqa: PTH118 - the same
        return read(path, self.shown(name))

    def _read_at_revision(self, name: str) -> bytes | None:
        way = os.path.normpath(name)
        if os.path.isabs(way) or way.split("/")[0] == "..":  # noqa: PTH117 - no file is meant
            raise ConfigError(f"{name} is not in the repository that --baseline-from reads")
        if self.revision.startswith("-"):
            raise self._unreadable("that is no revision")
        try:
            listed = self._git("ls-tree", "-z", "--full-tree", self.revision, "--", way)
        except SourceError as error:
            raise self._unreadable(str(error)) from None
        if not listed:
            return None
        mode, _, object_id = listed.split(b"\t")[0].split(b" ")
        if mode not in _REGULAR:
            raise ConfigError("it is no regular file there", path=self.shown(name), line=1)
        try:
            return self._git("cat-file", "blob", object_id.decode("ascii"))
        except SourceError as error:
            raise self._unreadable(str(error)) from None

    def _git(self, *arguments: str) -> bytes:
        top = top_of(self.root)
        if top is None:
            raise SourceError("there is no git repository")
        with Git(arguments, directory=top, top=top) as git:
            return git.content()

    def _unreadable(self, why: str) -> ConfigError:
        return ConfigError(
            f"--baseline-from {self.revision} cannot be read: {why}",
            hint="name a commit, branch or tag that has been fetched",
        )


def read(path: bytes, shown: str) -> bytes | None:
    """Return what the file at ``path`` holds, or ``None`` if there is none; see :class:`Place`."""
    try:
        # O_NONBLOCK: a FIFO of that name must not hang the run.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (FileNotFoundError, NotADirectoryError) as error:
        if os.path.lexists(path):
            raise _cannot_read(shown, error) from None
        return None
    except OSError as error:
        raise _cannot_read(shown, error) from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ConfigError("it is no regular file", path=shown)
    with os.fdopen(descriptor, "rb") as file:
        try:
            text = file.read(_MOST + 1)
        except OSError as error:
            raise _cannot_read(shown, error) from None
    if len(text) > _MOST:
        raise ConfigError(f"it is larger than {_MOST >> 20} MB", path=shown)
    return text


def _cannot_read(shown: str, error: OSError) -> ConfigError:
    return ConfigError(f"cannot be read: {(error.strerror or '').lower()}", path=shown)
