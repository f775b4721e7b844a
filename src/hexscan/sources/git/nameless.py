"""Files without a name, for what git reads or writes: nobody can open them, or find them left."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import IO


def nameless_file(buffering: int = -1) -> IO[bytes]:
    """Return an empty file, in memory where the system has such a thing; the caller closes it."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("hexscan"), "w+b", buffering)
    import tempfile  # noqa: PLC0415 - 8 ms

    return tempfile.TemporaryFile(buffering=buffering)
