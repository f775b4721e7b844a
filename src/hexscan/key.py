"""What a Hex.pm API key is: its format, checksum, fingerprint and preview.

A key of today is ``hex_`` and 40 hex digits: 16 random bytes, then their CRC-32 as four bytes,
most significant first. The registry's server strips the prefix before it looks a key up
(``lib/hexpm/accounts/auth.ex`` in hexpm/hexpm), so the bare 40 digits work as well. A legacy key
is 32 hex digits without prefix and without checksum.
"""

from __future__ import annotations

import zlib

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import NoReturn, Self, SupportsIndex

PREFIX = "hex_"
RANDOM_BYTES = 16
RANDOM_DIGITS = 32
DIGITS = 40

_HEX_DIGITS = b"0123456789abcdefABCDEF"


def is_hex(digits: bytes) -> bool:
    """Tell whether ``digits`` holds nothing but hex digits, in either case."""
    return not digits.translate(None, _HEX_DIGITS)


def has_right_checksum(digits: bytes) -> bool:
    """Tell whether the last eight of 40 hex digits are the CRC-32 of the 16 bytes before them."""
    raw = bytes.fromhex(digits.decode("ascii"))
    return zlib.crc32(raw[:RANDOM_BYTES]) == int.from_bytes(raw[RANDOM_BYTES:], "big")


def preview(digits: str, *, prefixed: bool) -> str:
    """Return the part of a key that may be shown: prefix, first four and last four digits."""
    return f"{PREFIX if prefixed else ''}{digits[:4]}…{digits[-4:]}".lower()


def fingerprint(digits: str) -> str:
    """Return the SHA-256, in lower-case hex, of a key's digits in lower case without prefix.

    128 random bits stand behind it, so it can be published; the same key has the same fingerprint
    however it was written.
    """
    import hashlib  # noqa: PLC0415 - 11 ms, and wanted only once something is found

    return hashlib.sha256(digits.lower().encode("ascii")).hexdigest()


class Key:
    """A Hex.pm API key that does not show itself.

    ``repr``, ``str`` and ``format`` give the preview, and a key cannot be pickled: its text
    leaves only through :meth:`reveal`.

    >>> key = Key.from_random(bytes.fromhex("0123456789abcdef0123456789abcdef"))
    >>> key
    <Key hex_0123…6628>
    >>> Key.parse(key.reveal()) == key
    True
    """

    __slots__ = ("_digits", "_prefixed")

    _digits: str
    _prefixed: bool

    def __init__(self) -> None:
        raise TypeError("make a Key with Key.parse or Key.from_random")

    @classmethod
    def _make(cls, digits: str, *, prefixed: bool) -> Self:
        key = object.__new__(cls)
        key._digits = digits.lower()
        key._prefixed = prefixed
        return key

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """Read a key: ``hex_`` and 40 digits, 40 bare digits, or the 32 of a legacy key.

        Either case is taken. Raises ``TypeError`` for anything but ``str`` or ``bytes``, and
        ``ValueError`` for a wrong length, a digit that is none, or a wrong checksum. The message
        never quotes the text.
        """
        raw = _as_bytes(text)
        prefixed = raw[:4].lower() == b"hex_"
        digits = raw[4:] if prefixed else raw
        if len(digits) != DIGITS and (prefixed or len(digits) != RANDOM_DIGITS):
            wanted = "40 hex digits after hex_" if prefixed else "hex_ and 40 hex digits"
            raise ValueError(f"a key has {wanted}; this has {len(digits)} characters")
        if not is_hex(digits):
            raise ValueError("a key has only hex digits (0-9, a-f)")
        if len(digits) == DIGITS and not has_right_checksum(digits):
            raise ValueError("the checksum is wrong: the last 8 digits are not those of this key")
        return cls._make(digits.decode("ascii"), prefixed=prefixed)

    @classmethod
    def from_random(cls, random: bytes) -> Self:
        """Make the key that the registry would make from 16 random bytes.

        For tests and fixtures: a repository that makes its keys at run time scans clean.
        """
        if not isinstance(random, bytes):
            raise TypeError(f"the random part is bytes, not {type(random).__name__}")
        if len(random) != RANDOM_BYTES:
            raise ValueError(f"the random part has 16 bytes; this has {len(random)}")
        checksum = zlib.crc32(random).to_bytes(4, "big")
        return cls._make((random + checksum).hex(), prefixed=True)

    @property
    def is_legacy(self) -> bool:
        """Whether this is a key of the old format, which has no checksum."""
        return len(self._digits) == RANDOM_DIGITS

    @property
    def checksum(self) -> int | None:
        """The CRC-32 that the key carries; ``None`` for a legacy key."""
        return None if self.is_legacy else int(self._digits[RANDOM_DIGITS:], 16)

    @property
    def preview(self) -> str:
        """The part that may be shown, as in ``hex_89ab…c4d2``."""
        return preview(self._digits, prefixed=self._prefixed)

    @property
    def fingerprint(self) -> str:
        """The name of the key that can be published; see :func:`fingerprint`."""
        return fingerprint(self._digits)

    def reveal(self) -> str:
        """Return the key itself, in lower case, with the prefix if it was given one."""
        return (PREFIX if self._prefixed else "") + self._digits

    def __eq__(self, other: object) -> bool:
        """Compare digits alone: the prefix is no part of what the server looks up."""
        return isinstance(other, Key) and self._digits == other._digits

    def __hash__(self) -> int:
        return hash(self._digits)

    def __repr__(self) -> str:
        return f"<Key {self.preview}>"

    def __str__(self) -> str:
        return self.preview

    def __format__(self, spec: str) -> str:
        return format(self.preview, spec)

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a Key cannot be pickled or copied: it would leave its mask behind")


def _as_bytes(text: str | bytes) -> bytes:
    if isinstance(text, str):
        # A character outside ASCII becomes one byte that is no hex digit.
        return text.encode("ascii", "replace")
    if isinstance(text, bytes):
        return text
    raise TypeError(f"a key is str or bytes, not {type(text).__name__}")
