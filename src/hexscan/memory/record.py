"""A file of clean objects: how it is laid out, read and written.

========  ===========  =========================================================================
offset    length       what
========  ===========  =========================================================================
0         16           ``hexscan memory 2``: the format and its version
16        32           a digest of what "clean" means and of whose objects they are
48        32           ``others`` of :class:`Record`
80        8            number of ids, big-endian
88        8            number of tips
96        8            length of the places
104                    the ids, sorted, 20 or 32 bytes each; then the tips; then the places
the last  32           SHA-256 of everything before
========  ===========  =========================================================================

There is nothing in it but ids, digests and numbers: no path, no name, no content.
"""

import hashlib
import os
import stat
import struct
from contextlib import suppress

from hexscan.values import dataclass, replace

_MAGIC = b"hexscan memory 2"
_HEADER = struct.Struct(">16s32s32sQQQ")
_DIGEST = 32
_NO_DIGEST = bytes(_DIGEST)

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_READ |= getattr(os, "O_BINARY", 0)
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)

TEMPORARY = ".part"


class UnusableError(Exception):
    """A file that is not used; the message says why, in a few words."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a repository.

    ``ids`` are those of clean objects, packed and sorted. ``tips`` are the objects, packed, that
    refs named when everything they reach was there: clean, or among the objects with the digest
    ``others``, see :func:`digest_of`. Without tips nothing is known of that. ``places`` are those
    of the others in the history, as :mod:`hexscan.memory.places` packs them.
    """

    ids: bytes = b""
    tips: bytes = b""
    others: bytes = _NO_DIGEST
    places: bytes = b""

    def with_ids(self, ids: bytes) -> "Record":
        """Return what is known if these are clean.

        A commit among those that are new may be a place of what is not.
        """
        return replace(self, ids=ids, places=self.places if ids == self.ids else b"")


def digest_of(names: set[bytes]) -> bytes:
    """Return a digest of a set of ids, which stands for them where they must not."""
    return hashlib.sha256(b"".join(sorted(names))).digest()


def read(path: str, meaning: bytes, size: int) -> Record | None:
    """Read a file, if there is one, whose ids are of ``size`` bytes each.

    Raises :class:`UnusableError` for what is not whole, was written under another meaning or is
    not this user's own: somebody else's could call anything clean.
    """
    try:
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnusableError(_why(error)) from None
    try:
        return _read(descriptor, meaning, size)
    except OSError as error:
        raise UnusableError(_why(error)) from None
    finally:
        os.close(descriptor)


def _read(descriptor: int, meaning: bytes, size: int) -> Record:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise UnusableError("it is no plain file")
    if hasattr(os, "geteuid") and status.st_uid != os.geteuid():
        raise UnusableError("it is another user's")
    with open(descriptor, "rb", buffering=0, closefd=False) as file:
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size or not head.startswith(_MAGIC):
            raise UnusableError("it is in no format that is known")
        _, written_under, others, count, tips, places = _HEADER.unpack(head)
        if written_under != meaning:
            raise UnusableError("it is of another version of hexscan or of something else it uses")
        length = (count + tips) * size + places
        # Before anything is read: a file may be of any length.
        if status.st_size != len(head) + length + _DIGEST:
            raise UnusableError("it is not whole")
        body = file.readall()
    digest = hashlib.sha256(head)
    digest.update(memoryview(body)[:length])
    if digest.digest() != body[length:]:
        raise UnusableError("it is corrupt")
    tips_at, places_at = count * size, (count + tips) * size
    return Record(body[:tips_at], body[tips_at:places_at], others, body[places_at:length])


def write(path: str, record: Record, meaning: bytes, size: int) -> None:
    """Write a file whole or not at all; only its owner can read it. Raises ``OSError``.

    Of two runs that write at the same time one wins. What the other knew is read again one day.
    """
    counts = len(record.ids) // size, len(record.tips) // size, len(record.places)
    head = _HEADER.pack(_MAGIC, meaning, record.others, *counts)
    digest = hashlib.sha256(head)
    parts = (record.ids, record.tips, record.places)
    for part in parts:
        digest.update(part)
    temporary = f"{path}.{os.urandom(8).hex()}{TEMPORARY}"
    descriptor = os.open(temporary, _WRITE, 0o600)
    try:
        with open(descriptor, "wb", buffering=0) as file:  # noqa: PTH123 - a descriptor
            for part in (head, *parts, digest.digest()):
                _write_all(file.fileno(), part)
        os.replace(temporary, path)  # noqa: PTH105 - paths are text here
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - the same
        raise


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def is_one(path: str) -> bool:
    """Tell whether a plain file is one of these, in this or another version of the format."""
    try:
        descriptor = os.open(path, _READ)
    except OSError:
        return False
    try:
        known = _MAGIC.rpartition(b" ")[0]
        plain = stat.S_ISREG(os.fstat(descriptor).st_mode)
        return plain and os.read(descriptor, len(known)) == known
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
