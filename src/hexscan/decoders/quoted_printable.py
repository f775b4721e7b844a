"""Quoted-printable, as in mails: ``hex=5F…`` and soft line breaks (RFC 2045, section 6.7)."""

from __future__ import annotations

import re

from hexscan.decoders.substitution import substituted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.decoders.decoded import Decoded
    from hexscan.match import Span

NAME = "quoted-printable"

# The standard wants capital digits; mail readers take small ones too.
_ESCAPE = re.compile(rb"=(?:([0-9A-Fa-f]{2})|[ \t]{0,64}\r?\n)")


def read(data: bytes, span: Span) -> Decoded | None:
    """Return what a span of ``data`` reads as quoted-printable."""
    if data.find(b"=", *span) < 0:
        return None
    return substituted(NAME, data, span, _ESCAPE, _value)


def _value(escape: re.Match[bytes]) -> bytes:
    digits = escape[1]
    return b"" if digits is None else bytes((int(digits, 16),))
