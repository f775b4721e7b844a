"""The hook: a commit without a key passes in the time that Python takes to start.

The files are first read with nothing loaded but the compiled part, or the sieve where there is
none. Only if one of them is not plainly clean does the engine come in, which scans all again and
tells what it found.
"""

from __future__ import annotations

import os
import stat
import sys

from hexscan import skim
from hexscan.cli.settings import presence
from hexscan.containers.sniff import format_of
from hexscan.sources.files import Reader


def main(argv: list[str] | None = None) -> int:
    """Check the files that pre-commit names, and return the exit status."""
    arguments = settled(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[0] == "--" and not _is_configured() and all_clean(arguments[1:]):
            return _done(at_once=argv is None)
    except KeyboardInterrupt:
        return 130
    from hexscan.cli.main import told  # noqa: PLC0415 - seldom wanted, and slow to load

    return told(lambda: _scan(arguments))


def _done(*, at_once: bool) -> int:
    """Return 0, or end the process: nothing was written, and Python's own end takes 2 ms."""
    if at_once:
        os._exit(0)
    return 0


def settled(arguments: list[str]) -> list[str]:
    """Return a command line in which a file cannot be taken for an option.

    pre-commit puts file names behind the hook's ``args`` without a ``--`` between them, and a
    file may be called ``--quiet``. So whatever exists under such a name is a file. A command line
    of files alone comes back with ``--`` before them.
    """
    if arguments[:1] == ["--"]:
        return arguments
    if not any(argument.startswith("-") for argument in arguments):
        return ["--", *arguments]
    return [
        f"./{argument}" if argument.startswith("-") and os.path.lexists(argument) else argument
        for argument in arguments
    ]


def _is_configured() -> bool:
    """Tell whether there is a setting that could add findings.

    The baseline cannot, nor can most keys of a file: they are not read where nothing is found.
    pre-commit calls in the top directory of the repository.
    """
    return presence.in_environment() or presence.can_matter(b".")


def all_clean(files: list[str]) -> bool:
    """Tell whether all of these are small regular files without a key in content or name.

    ``False`` says only that a closer look is needed.
    """
    reader = Reader()
    try:
        for file in files:
            path = os.fsencode(file)
            if not stat.S_ISREG(os.lstat(path).st_mode) or has_match(path):
                return False
            head, rest = reader.read(path)
            if rest is not None or format_of(head, whole=True) or has_match(head):
                return False
    except OSError:
        return False
    finally:
        reader.close()
    return True


def has_match(data: bytes | memoryview) -> bool:
    """Tell whether there is a key, or what needs a closer look, in a small piece of data."""
    if not _may_hold(data):
        return False
    from hexscan.decoders.nest import find  # noqa: PLC0415 - seldom wanted

    return bool(find(data))


def _may_hold(data: bytes | memoryview) -> bool:
    if skim.encoded:
        return skim.encoded(data) >= 0
    from hexscan.decoders.sieve import sift  # noqa: PLC0415 - not where there is a compiled part

    return sift(data)


def _scan(arguments: list[str]) -> int:
    from hexscan.cli.commands.group import parse  # noqa: PLC0415 - see main
    from hexscan.cli.commands.hook import command  # noqa: PLC0415 - the same

    return parse(arguments, command)()
