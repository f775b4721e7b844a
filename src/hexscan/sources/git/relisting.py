"""The rest of a listing that git has broken off, as it does at an object of a type of its own.

Git stores such an object when it is told to, and then cannot list what comes after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.output import whole_lines
from hexscan.sources.git.repository import Repository

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import IO

_NAMES = ("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objectname)")

Fail = Callable[[str, str], None]


def remaining(repository: Repository, listed: int, line_format: str, fail: Fail) -> Iterator[bytes]:
    """Yield whole lines of ``line_format`` about all objects but the first ``listed`` ones.

    ``fail`` is told the name of each object that git cannot tell anything of, and why; an empty
    name if not even names can be listed.
    """
    # Unbuffered: git reads on from where this process stands in it.
    with nameless_file(buffering=0) as names:
        with repository.git(_NAMES, stdout=names) as command:
            if failure := command.failure():
                fail("", failure)
                return
        length = repository.name_length + 1
        at, size = listed * length, names.seek(0, 2)
        while at < size:
            names.seek(at)
            with repository.git(("cat-file", f"--batch-check={line_format}"), names) as command:
                for lines in whole_lines(command):
                    at += lines.count(b"\n") * length
                    yield lines
                failure = command.failure()
            if failure is None:
                return
            fail(_name_at(names, at, length), failure)
            at += length


def _name_at(names: IO[bytes], at: int, length: int) -> str:
    names.seek(at)
    return names.read(length).decode("ascii").strip()
