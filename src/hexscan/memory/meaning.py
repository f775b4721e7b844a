"""What "clean" means to a run: all that can change which objects are found to be so."""

import hashlib
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import stringzilla

from hexscan.config import Config
from hexscan.values import fields_of

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

# What is left out by path is never an object of git's, and whoever judges a finding has one: no
# object with a finding is clean. A strict run fails for findings and marks alone, and how many
# processes share the work, and where they come from, is no matter to what they find.
_NO_MATTER = frozenset({"cache_dir", "exclude", "forks", "ignore", "jobs", "strict", "suppression"})


def options(config: Config) -> str:
    """Return the options that decide what is found in an object, as one text."""
    # All but those that are known not to: what is added one day counts unless somebody says no.
    values = {name: value for name, value in fields_of(config).items() if name not in _NO_MATTER}
    return repr(sorted(values.items()))


def program() -> bytes | None:
    """Return a digest of hexscan itself and of what it searches and unpacks with.

    Every byte of the source, its version among them: who works on hexscan changes one and not the
    other, and neither size nor time of a file is sure to tell. ``None`` where there is no source
    to read. It takes 4 ms.
    """
    digest = hashlib.sha256()
    digest.update(repr((sys.version, stringzilla.__version__, _reads_zstd())).encode())
    count = 0
    try:
        for path in _sources():
            with open(os.path.join(_PACKAGE, path), "rb") as file:  # noqa: PTH118, PTH123
                content = file.read()
            digest.update(f"\0{path}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            digest.update(content)
            count += 1
    except OSError:
        return None
    return digest.digest() if count else None


def _sources() -> Iterator[str]:
    """Yield the path of each source file from the package's directory."""
    for folder, names, files in os.walk(_PACKAGE, onerror=_raise):
        names.sort()
        for file in sorted(files):
            if file.endswith(".py"):
                yield os.path.join(folder, file)[len(_PACKAGE) + 1 :]  # noqa: PTH118


def _raise(error: OSError) -> None:
    raise error


def _reads_zstd() -> bool:
    """Tell whether zstd can be read; without it such a file is a failure, and never clean."""
    return find_spec("zstandard") is not None or sys.version_info >= (3, 14)
