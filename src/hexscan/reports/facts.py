"""What a report tells of a run beside its findings."""

import posixpath

from hexscan.values import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """The circumstances of a run.

    ``version`` is hexscan's own. ``started`` is in seconds since 1970. ``directory`` is the working
    directory, where relative paths of findings start, and ``root`` the directory that a CI service
    takes for the top of the project; both are absolute, with any key in them masked. ``commit`` is
    the commit that a CI service has checked out, or empty.
    """

    version: str
    started: float = 0.0
    directory: bytes = b"/"
    root: bytes = b"/"
    commit: str = ""

    def absolute(self, path: bytes) -> bytes:
        """Return the absolute form of a finding's path, without ``.`` and ``..`` in it."""
        return posixpath.normpath(posixpath.join(self.directory, path))

    def below_root(self, path: bytes) -> bytes | None:
        """Return a finding's path relative to the root, or ``None`` for one outside of it."""
        whole = self.absolute(path)
        base = self.root.rstrip(b"/") + b"/"
        return whole[len(base) :] if whole.startswith(base) else None
