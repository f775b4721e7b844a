"""Whether there is any setting to read, asked at the cost of a few system calls.

The calls that load neither click nor TOML ask here first whether they may. So this module is on
the hook's clean path, and imports nothing that takes longer than the scan of a commit.
"""

from __future__ import annotations

import os

FILE = ".hexscan.toml"
PYPROJECT = "pyproject.toml"
BASELINE = ".hexscan-baseline.json"
PREFIX = "HEXSCAN_"
COMPLETION = "_HEXSCAN_COMPLETE"

# A pyproject.toml that has no table of hexscan's does not hold this word either.
_WORD = b"hexscan"
_SOME = 1 << 20


def in_environment() -> bool:
    """Tell whether a variable of hexscan's own is set."""
    return any(name.startswith(PREFIX) or name == COMPLETION for name in os.environ)


def in_directory(directory: bytes) -> bool:
    """Tell whether a directory holds a configuration file; one that cannot be read counts."""
    prefix = directory + b"/"
    return os.path.lexists(prefix + os.fsencode(FILE)) or _mentions(prefix + PYPROJECT.encode())


def baseline_in(directory: bytes) -> bool:
    """Tell whether a directory holds a baseline."""
    return os.path.lexists(directory + b"/" + os.fsencode(BASELINE))


def _mentions(path: bytes) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        text = os.read(descriptor, _SOME)
        return _WORD in text or len(text) == _SOME
    except OSError:
        return True
    finally:
        os.close(descriptor)
