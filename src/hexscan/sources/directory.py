"""The names in one directory, by what they name."""

from __future__ import annotations

import os
from itertools import islice

from hexscan import skim

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    Names: TypeAlias = tuple[bytes, bytes, bytes]
    """Of regular files, of directories, and of what is neither: sorted, and a NUL behind each."""

# A directory is read in batches, so that one with a million files takes no more memory than this.
BATCH = 4096


def listed(path: bytes) -> Iterator[Names]:
    """Yield the names in a directory, in batches; links are not followed.

    Raises ``OSError`` where it cannot be read, or not to its end.
    """
    if skim.listing and (names := skim.listing(path, BATCH)):
        yield names
        return
    with os.scandir(path) as entries:
        while batch := list(islice(entries, BATCH)):
            yield _parted(batch)


def _parted(batch: list[os.DirEntry[bytes]]) -> Names:
    files, directories, others = [], [], []
    for entry in batch:
        if entry.is_file(follow_symlinks=False):
            files.append(entry.name)
        elif entry.is_dir(follow_symlinks=False):
            directories.append(entry.name)
        else:
            others.append(entry.name)
    return _joined(files), _joined(directories), _joined(others)


def _joined(names: Iterable[bytes]) -> bytes:
    return b"".join([name + b"\0" for name in sorted(names)])
