"""The hook: a commit without a key passes in the time that Python takes to start.

The files are first read with nothing loaded but the matcher. Only if one of them is not plainly
clean does the engine come in, which scans all of them again and tells what it found.
"""

from __future__ import annotations

import os
import stat
import sys

from hexscan.decoders.nest import find
from hexscan.sources.files import Reader


def main(argv: list[str] | None = None) -> int:
    """Check the files that pre-commit names, and return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    options, files = split(arguments)
    if not options and all_clean(files):
        return 0
    from hexscan.cli.main import told  # noqa: PLC0415 - seldom wanted, and slow to load

    return told(lambda: _scan(options, files))


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Split a command line into options and files.

    pre-commit puts its file names behind the hook's ``args`` without a ``--`` between them, and a
    file may be called ``--quiet``. So whatever exists as a file is one, unless ``--`` settles it.
    """
    if "--" in arguments:
        end = arguments.index("--")
        return arguments[:end], arguments[end + 1 :]
    options: list[str] = []
    for position, argument in enumerate(arguments):
        if not argument.startswith("-") or os.path.lexists(argument):
            return options, arguments[position:]
        options.append(argument)
    return options, []


def all_clean(files: list[str]) -> bool:
    """Tell whether all of these are small regular files without a key in content or name.

    ``False`` says only that a closer look is needed.
    """
    reader = Reader()
    try:
        for file in files:
            path = os.fsencode(file)
            if not stat.S_ISREG(os.lstat(path).st_mode) or _has_match(path):
                return False
            head, rest = reader.read(path)
            if rest is not None or _has_match(head):
                return False
    except OSError:
        return False
    finally:
        reader.close()
    return True


def _has_match(data: bytes | memoryview) -> bool:
    return bool(find(data))


def _scan(options: list[str], files: list[str]) -> int:
    from hexscan.cli.commands.group import parse  # noqa: PLC0415 - see main
    from hexscan.cli.commands.hook import command  # noqa: PLC0415 - the same

    return parse([*options, "--", *files], command)()
