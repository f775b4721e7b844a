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
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)  # a FIFO of that name must not hang the run

CACHE_DIR = "HEXSCAN_CACHE_DIR"

# Where nothing is remembered, it is no matter where. The last one is for the build.
_NO_MATTER = (CACHE_DIR, "HEXSCAN_NO_CACHE", "HEXSCAN_NO_EXTENSION")
_NO_MATTER_TO_WHO_REMEMBERS = (CACHE_DIR, "HEXSCAN_NO_EXTENSION")

# Settings that neither add findings nor have anything said of files that are clean, by their types.
_HARMLESS = {
    "baseline": str,
    "exclude": list,
    "jobs": int,
    "no-ignore": bool,
    "no-suppress": bool,
    "no-unpack": bool,
    "no-decode": bool,
    "quiet": bool,
    "require-reason": bool,
    "use-mix-ignore": bool,
}


def in_environment(*, remembers: bool = False) -> bool:
    """Tell whether a variable of hexscan's own is set that could make a difference here.

    Who ``remembers`` clean objects reads :data:`CACHE_DIR` for itself.
    """
    no_matter = _NO_MATTER_TO_WHO_REMEMBERS if remembers else _NO_MATTER
    return any(
        (name.startswith(PREFIX) and name not in no_matter) or name == COMPLETION
        for name in os.environ
    )


def in_directory(directory: bytes) -> bool:
    """Tell whether a directory holds a configuration file; one that cannot be read counts."""
    prefix = directory + b"/"
    return os.path.lexists(prefix + os.fsencode(FILE)) or _mentions(prefix + PYPROJECT.encode())


def can_matter(directory: bytes) -> bool:
    """Tell whether a configuration file could make a difference to files that are plainly clean.

    A file that is wrong in any way can. Only what is known to be harmless is not looked at again.
    """
    if _mentions(directory + b"/" + PYPROJECT.encode()):
        return True
    try:
        descriptor = os.open(directory + b"/" + FILE.encode(), os.O_RDONLY | _NO_WAIT)
    except FileNotFoundError:
        return os.path.lexists(directory + b"/" + FILE.encode())
    except OSError:
        return True
    try:
        text = os.read(descriptor, _SOME)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return len(text) == _SOME or not _is_harmless(text)


def _is_harmless(text: bytes) -> bool:
    import tomllib  # noqa: PLC0415 - 8 ms, and only where there is a file to read

    try:
        settings = tomllib.loads(text.decode())
    except (ValueError, RecursionError):
        return False
    return all(type(value) is _HARMLESS.get(key) for key, value in settings.items())


def baseline_in(directory: bytes) -> bool:
    """Tell whether a directory holds a baseline."""
    return os.path.lexists(directory + b"/" + os.fsencode(BASELINE))


def _mentions(path: bytes) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | _NO_WAIT)
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
