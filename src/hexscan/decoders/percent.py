"""Percent-encoding, as in addresses: ``hex%5F…``, in whole or in part."""

from __future__ import annotations

import re

from hexscan.decoders.substitution import substituted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.decoders.decoded import Decoded
    from hexscan.match import Span

NAME = "percent"

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")


def read(data: bytes, span: Span) -> Decoded | None:
    """Return what a span of ``data`` reads with its percent-escapes replaced."""
    if data.find(b"%", *span) < 0:
        return None
    return substituted(NAME, data, span, _ESCAPE, _value)


def _value(escape: re.Match[bytes]) -> bytes:
    return bytes((int(escape[1], 16),))
