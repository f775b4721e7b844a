"""The file that ``--output`` names: written whole or not at all."""

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from hexscan.cli.output import put, reason
from hexscan.errors import ReportError

# Behind these can be a file that somebody else holds open and that must not be replaced.
_DESCRIPTORS = re.compile(r"/dev/(fd/.*|std(out|err))|/proc/[^/]+/fd/.*")


def check(file: str) -> None:
    """Raise :class:`ReportError` where it is plain that ``file`` cannot be written.

    Asked before a scan, so that nobody waits for a report that has nowhere to go.
    """
    if not file:
        raise _error(file, "the name is empty")
    if Path(file).is_dir():
        raise _error(file, "that is a directory")
    if not _target(file).parent.is_dir():
        raise _error(file, "its directory does not exist")


def write(lines: Iterator[str], file: str) -> None:
    """Write the lines of a report to ``file``, in UTF-8.

    Raises :class:`ReportError` if that fails, and then the file is as it was before. The lines
    go to a temporary file beside it, which takes its place when all of them are on the disk. A
    symbolic link stays one, an existing file keeps its mode, and a device or FIFO is written to
    as it is.
    """
    try:
        if _is_device(file):
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND), "wb") as stream:
                put(lines, stream)
        else:
            replace(lines, _target(file))
    except OSError as error:
        raise _error(file, reason(error)) from None


def append(lines: Iterator[str], file: str) -> None:
    """Add lines to a file that others write to as well, in one piece; raises as :func:`write`."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        with os.fdopen(descriptor, "wb") as stream:
            put(iter(["\n".join(lines)]), stream)
    except OSError as error:
        raise _error(file, reason(error)) from None


def _target(file: str) -> Path:
    return Path(os.path.realpath(file))


def _is_device(file: str) -> bool:
    path = Path(file).absolute()
    if _DESCRIPTORS.fullmatch(str(path)):
        return True
    return path.exists() and not path.is_file()


def replace(lines: Iterator[str], file: Path) -> None:
    """Put the lines in the place of a regular file, whole or not at all; raises ``OSError``."""
    # Not the file's own name with something added, which could be too long for the file system.
    temporary = file.with_name(f".hexscan-{os.urandom(8).hex()}.tmp")
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else None
    # A new file gets what the umask leaves of 0666; a private one must not be public meanwhile.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    descriptor = os.open(temporary, flags, 0o666 if mode is None else 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            put(lines, stream)
            if mode is not None:
                temporary.chmod(mode)
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _error(file: str, why: str) -> ReportError:
    return ReportError(f"cannot write the report to {file or 'a file'}: {why}")
