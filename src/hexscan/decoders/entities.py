"""HTML's character references: ``&#95;``, ``&#x5f;``, ``&lowbar;``.

Of the names only those are known that stand for a character of a key, or for one that can stand
between two of them.
"""

from __future__ import annotations

import re

from hexscan.decoders.substitution import substituted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.decoders.decoded import Decoded
    from hexscan.match import Span

NAME = "entities"

_NAMED = {
    b"lowbar": b"_",
    b"UnderBar": b"_",
    b"amp": b"&",
    b"apos": b"'",
    b"gt": b">",
    b"lt": b"<",
    b"quot": b'"',
    b"shy": b"\xc2\xad",
    b"ZeroWidthSpace": b"\xe2\x80\x8b",
    b"zwj": b"\xe2\x80\x8d",
    b"zwnj": b"\xe2\x80\x8c",
    b"NewLine": b"\n",
}
_ESCAPE = re.compile(
    rb"&(?:#0{0,8}([0-9]{1,7})|#[xX]0{0,8}([0-9A-Fa-f]{1,6})|(" + b"|".join(_NAMED) + rb"));"
)
_LAST_CHARACTER = 0x10FFFF


def read(data: bytes, span: Span) -> Decoded | None:
    """Return what a span of ``data`` reads with its character references replaced."""
    if data.find(b"&", *span) < 0:
        return None
    return substituted(NAME, data, span, _ESCAPE, _value)


def _value(escape: re.Match[bytes]) -> bytes:
    decimal, digits, name = escape.groups()
    if name is not None:
        return _NAMED[name]
    character = int(decimal) if decimal is not None else int(digits, 16)
    if character > _LAST_CHARACTER:
        return escape[0]
    return chr(character).encode("utf-8", "surrogatepass")
