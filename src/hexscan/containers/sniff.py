"""Whether bytes look like a container: all that most files ever pay for containers.

This is on the hook's clean path and imports next to nothing. A look is not a proof: that is what
the formats' own ``accepts`` is for.
"""

from __future__ import annotations

from hexscan import skim

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Final

_BY_MAGIC: Final[dict[bytes, tuple[str, bytes | tuple[bytes, ...]]]] = {
    b"\x1f\x8b": ("gzip", b"\x1f\x8b\x08"),
    b"BZ": ("bzip2", b"BZh"),
    b"\xfd7": ("xz", b"\xfd7zXZ\0"),
    b"\x5d\0": ("xz", b"\x5d\0\0"),
    b"\x28\xb5": ("zstd", b"\x28\xb5\x2f\xfd"),
    b"x\x01": ("zlib", b"x\x01"),
    b"x\x5e": ("zlib", b"x\x5e"),
    b"x\x9c": ("zlib", b"x\x9c"),
    b"x\xda": ("zlib", b"x\xda"),
    b"PK": ("zip", b"PK"),
    b"!<": ("ar", b"!<arch>\n"),
    b"FO": ("beam", b"FOR1"),
    b"\x83\x50": ("term", b"\x83\x50"),
    # And not "# v1.0", as the changes of a version start.
    b"# ": ("bundle", (b"# v2 git", b"# v3 git")),
    b"PA": ("pack", b"PACK\0\0\0"),
    **{
        bytes((0x50 + number, 0x2A)): ("zstd", bytes((0x50 + number, 0x2A, 0x4D, 0x18)))
        for number in range(16)
    },
}
MAGICS: Final = frozenset(_BY_MAGIC)
"""The first two bytes of what may be a container, but for a tar and a zip behind a prefix."""

_PAIRS: Final = {int.from_bytes(pair, "big") for pair in _BY_MAGIC}
# Made when it is wanted first.
_set: list[bytes] = []
_NAMED_MEMBERS: Final = {"ar", "beam", "bundle", "pack", "tar", "zip"}

END_OF_DIRECTORY: Final = b"PK\x05\x06"
END_REACH: Final = 22 + 0xFFFF
"""How far from the end of a zip archive the record of its end starts at most."""

_SMALL: Final = 1 << 16
_TAR_BLOCK: Final = 512
USTAR: Final = b"ustar"
# A header without magic has at least its checksum: octal digits, then in this order.
OLD_CHECKSUM_ENDS: Final = (b"\0 ", b" \0")
_SPACE: Final = 0x20


def format_of(head: memoryview, *, whole: bool) -> str | None:
    """Name the format that a file with this head may have; ``whole`` if the head is all of it.

    The name is that of the module in this package.
    """
    start = bytes(head[:262])  # once: to slice a view costs more than to slice bytes
    found = _BY_MAGIC.get(start[:2])
    if found is not None and start.startswith(found[1]):
        return found[0]
    if len(head) >= _TAR_BLOCK:
        if start[257:] == USTAR:
            return "tar"
        if start[154:156] in OLD_CHECKSUM_ENDS and start[148:154].strip().isdigit():
            return "tar"
    if whole and contains_directory(head[-END_REACH:]):
        return "zip"
    return None


def may_open(data: memoryview, ends: list[int], *, first: int = -1, gap: int = 1) -> list[int]:
    """Return the numbers of the files in ``data`` that :func:`format_of` may name by their heads.

    They end at ``ends``, and ``gap`` bytes behind that the next one starts; ``first`` is where one
    before the first would end. For most a few bytes decide, which takes a quarter of the time that
    the call for each would.
    """
    if skim.openers:
        return skim.openers(data, ends, first, gap, _set_of_pairs())
    found = []
    start = first + gap
    for number, end in enumerate(ends):
        size = end - start
        pair = data[start] << 8 | data[start + 1] if size > 1 else 0
        is_like_tar = size >= _TAR_BLOCK and (
            data[start + 257] == USTAR[0]
            # The sum of a space and a NUL, in either order.
            or data[start + 154] + data[start + 155] == _SPACE
        )
        if is_like_tar or pair in _PAIRS:
            found.append(number)
        start = end + gap
    return found


def _set_of_pairs() -> bytes:
    """Return :data:`_PAIRS` as a bit for each pair that there could be."""
    if not _set:
        bits = bytearray(1 << 13)
        for pair in _PAIRS:
            bits[pair >> 3] |= 1 << (pair & 7)
        _set.append(bytes(bits))
    return _set[0]


def contains_directory(data: memoryview) -> bool:
    """Tell whether a zip's end could be in there, of any of the files that ``data`` holds."""
    if len(data) < _SMALL:
        return END_OF_DIRECTORY in bytes(data)
    from stringzilla import rfind  # noqa: PLC0415 - to load it costs more than to search this

    return int(rfind(data, END_OF_DIRECTORY)) >= 0


def directories(data: memoryview) -> Callable[[int], int]:
    """Return a function that tells where, from an offset on, the next zip's end could be, or -1."""
    from stringzilla import find  # noqa: PLC0415 - see above

    return lambda start: int(find(data, END_OF_DIRECTORY, start))


def has_named_members(head: memoryview) -> bool:
    """Tell whether a container of this head gives its members names of their own."""
    return format_of(head, whole=False) in _NAMED_MEMBERS
