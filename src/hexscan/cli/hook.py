"""The hook: a commit without a key passes in the time that Python takes to start.

The files are first read with nothing loaded but the matcher. Only if one of them is not plainly
clean does the engine come in, which scans all of them again and tells what it found.
"""

from __future__ import annotations

import os
import stat
import sys

from hexscan.matcher import find, sift
from hexscan.sources.files import BUFFER_SIZE


def main(argv: list[str] | None = None) -> int:
    """Check the files that pre-commit names, and return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if all_clean(arguments):
        return 0
    return 1
