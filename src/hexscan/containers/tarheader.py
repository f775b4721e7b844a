"""The headers of tar: blocks of 512 bytes, and the records of pax.

Sources: POSIX ``pax``, "ustar Interchange Format"; the manual of GNU tar, "Basic Tar Format".
"""

from __future__ import annotations

import zlib

BLOCK = 512

_CHECKSUM = slice(148, 156)
_BLANKS = 8 * ord(" ")
_PRIME = 65521
_ENDS = b"\0 "
_ASCII = bytes(range(0x80))
_POSIX = b"ustar\0"
_BASE_256 = 0x80

# Where a GNU header keeps the map of a sparse file, and how many pairs there are.
_SPARSE_MAP, _SPARSE_PAIRS, _IS_EXTENDED, _WHOLE_SIZE = 386, 4, 482, 483
_NUMBER = 12

_TELLING = (b"path", b"linkpath", b"size", b"GNU.sparse.")


class Header:
    """What one header says of a member.

    ``kind`` is the type flag; ``size`` the bytes of data that follow, negative where that is what
    it says or where it is no number.
    """

    __slots__ = ("_block", "kind", "size")

    def __init__(self, block: bytes) -> None:
        self._block = block
        self.kind = block[156]
        self.size = number(block[124:136])

    @classmethod
    def parse(cls, block: bytes) -> Header | None:
        """Read a header; ``None`` if its checksum is wrong, or part of it is missing."""
        if len(block) < BLOCK:
            return None
        difference = (adler_low(block[_CHECKSUM]) - (zlib.adler32(block) & 0xFFFF)) % _PRIME
        if difference:
            # Some old programs took bytes for signed numbers.
            high = len((block[: _CHECKSUM.start] + block[_CHECKSUM.stop :]).translate(None, _ASCII))
            if (difference + 256 * high) % _PRIME:
                return None
        return cls(block)

    @property
    def name(self) -> bytes:
        """The path of the member."""
        block = self._block
        name = block[:100].partition(b"\0")[0]
        if block[257:263] == _POSIX and block[345]:
            return block[345:500].partition(b"\0")[0] + b"/" + name
        return name

    @property
    def link(self) -> bytes:
        """What a link leads to."""
        return self._block[157:257].partition(b"\0")[0]

    @property
    def chunks(self) -> list[tuple[int, int]]:
        """The map of a GNU sparse file as far as it stands in the header: offset and size."""
        return sparse_pairs(self._block[_SPARSE_MAP:], _SPARSE_PAIRS)

    @property
    def is_extended(self) -> bool:
        """Whether blocks with more of the map follow."""
        return bool(self._block[_IS_EXTENDED])

    @property
    def whole_size(self) -> int:
        """The size of a GNU sparse file with its holes."""
        return number(self._block[_WHOLE_SIZE : _WHOLE_SIZE + _NUMBER])


def adler_low(checksum: bytes) -> int:
    """Return the low half of the Adler-32 that a header with this checksum field has.

    That half is 1 and the sum of the bytes modulo a prime, and it is had in a twentieth of the
    time that ``sum`` takes. The checksum is the sum with the field itself counted as blanks.
    """
    return (number(checksum) + 1 + sum(checksum) - _BLANKS) % _PRIME


def number(field: bytes) -> int:
    """Read a number in octal digits or, after a byte with the high bit, in base 256.

    An empty field is 0, and what is no number is -1.
    """
    digits = field.rstrip(_ENDS)
    if digits.isdigit():  # as nearly all are
        try:
            return int(digits, 8)
        except ValueError:
            return -1
    if field[0] & _BASE_256:
        value = int.from_bytes(field, "big") & ((1 << (8 * len(field) - 1)) - 1)
        # The next bit is the sign, of which the field is filled.
        return value - (1 << (8 * len(field) - 1)) if field[0] & 0x40 else value
    try:
        return int(field.partition(b"\0")[0].strip() or b"0", 8)
    except ValueError:
        return -1


def sparse_pairs(data: bytes, count: int) -> list[tuple[int, int]]:
    """Read pairs of offset and size, up to the first that is empty."""
    pairs = []
    for at in range(0, 2 * _NUMBER * count, 2 * _NUMBER):
        if not data[at] and not data[at + _NUMBER]:
            break
        pairs.append(
            (number(data[at : at + _NUMBER]), number(data[at + _NUMBER : at + 2 * _NUMBER]))
        )
    return pairs


def pax_records(data: bytes) -> dict[bytes, bytes]:
    r"""Read records of the form ``length key=value\n``, as far as they are well formed.

    Only those come back that say something about a member's name or bytes: mostly none does.
    Keys that come more than once, as those of a sparse map do, have their values joined by commas.
    """
    records: dict[bytes, bytes] = {}
    if not any(key in data for key in _TELLING):
        return records
    at = 0
    while at < len(data):
        digits = data[at : at + 20].partition(b" ")[0]
        if not digits.isdigit():
            break
        size = int(digits)
        key, equals, value = data[at + len(digits) + 1 : at + size - 1].partition(b"=")
        if size <= len(digits) or not equals:
            break
        if key in (b"GNU.sparse.offset", b"GNU.sparse.numbytes") and key in records:
            value = records[key] + b"," + value
        if key.startswith(_TELLING):
            records[key] = value
        at += size
    return records
