r"""Backslash escapes of the usual languages: ``\x5f``, ``\x{5f}``, ``\u005f``, ``\137``.

Also the escapes of single characters, ``\"``, ``\\``, ``\/`` and ``\n``, which stand between the
pieces of a key or before it. A backslash before a line's end is left to the interrupted keys.
"""

from __future__ import annotations

import re

from hexscan.decoders.substitution import substituted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.decoders.decoded import Decoded
    from hexscan.match import Span

NAME = "escapes"

_ESCAPE = re.compile(
    rb"\\(?:[xX]([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|[xu]\{0{0,8}([0-9A-Fa-f]{1,6})\}"
    rb"|U([0-9A-Fa-f]{8})|([0-3]?[0-7]{1,2})|([\\\"'/nrte]))"
)
_SINGLE = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"e": b"\x1b"}
_OCTAL = 5
_ASCII = 0x80
_LAST_CHARACTER = 0x10FFFF


def read(data: bytes, span: Span) -> Decoded | None:
    """Return what a span of ``data`` reads with its backslash escapes replaced."""
    if data.find(b"\\", *span) < 0:
        return None
    return substituted(NAME, data, span, _ESCAPE, _value)


def _value(escape: re.Match[bytes]) -> bytes:
    kind = escape.lastindex or 0
    digits = escape[kind]
    if kind > _OCTAL:
        return _SINGLE.get(digits, digits)
    character = int(digits, 8 if kind == _OCTAL else 16)
    if character < _ASCII:
        return bytes((character,))
    if character > _LAST_CHARACTER:
        return escape[0]
    return chr(character).encode("utf-8", "surrogatepass")
