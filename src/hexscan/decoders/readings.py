"""What the needles' hits in some data call for: each reading where it applies, and there alone."""

from __future__ import annotations

import re
from collections import defaultdict

from hexscan.decoders import (
    base16,
    base64,
    entities,
    escapes,
    integers,
    interrupted,
    percent,
    quoted_printable,
    sieve,
    utf,
)
from hexscan.decoders.decoded import LONGEST
from hexscan.decoders.runs import run_at
from hexscan.key import DIGITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.decoders.decoded import Decoded
    from hexscan.match import Span

_BEFORE = 1024 + 64
"""What is decoded before a hit: the reach of a label."""

_HEX_DIGITS = b"0123456789abcdefABCDEF"
_BROKEN_OFF = re.compile(
    rb"(?i:hex)(?:_[0-9A-Fa-f]{0,39}(?=[^0-9A-Za-z_,;:)(\[\]{}/<>?!.$*#@|+-])|(?=[=&\"'\s]))"
)
_GLUE_STARTS = b"\"'`\\\r\n\t \x1b\xe2\xc2\xef"

# What the byte after the digits that stand in plain text calls for.
_BY_BYTE = {
    b"%": percent.NAME,
    b"\\": escapes.NAME,
    b"&": entities.NAME,
    b"=": quoted_printable.NAME,
}
_SUBSTITUTIONS = {
    percent.NAME: percent.read,
    escapes.NAME: escapes.read,
    entities.NAME: entities.read,
    quoted_printable.NAME: quoted_printable.read,
}


def readings(data: bytes) -> Iterator[Decoded]:
    """Yield every text that one reading makes of a part of ``data``.

    No reading decodes the same bytes twice, but for what stands around a hit.
    """
    hits = _hits(data)
    for name, read in _SUBSTITUTIONS.items():
        for span in _neighbourhoods(hits[name], len(data)):
            decoded = read(data, span)
            if decoded is not None:
                yield decoded
    for at, _ in hits[interrupted.NAME]:
        decoded = interrupted.read(data, at)
        if decoded is not None:
            yield decoded
    for span in _neighbourhoods(hits[sieve.NUMBERS], len(data)):
        yield from integers.read(data, span)
    for span in _neighbourhoods(hits[sieve.NULS], len(data)):
        yield from utf.read(data, span)
    end = 0
    for at, _ in sorted(hits[sieve.RUN]):
        if at >= end:
            run = run_at(data, at, end)
            end = run.end
            yield from base64.read(run)
            yield from base16.read(run)


def _hits(data: bytes) -> dict[str, list[Span]]:
    """Return where each reading has something to look at, by its name or by its trigger."""
    hits: dict[str, list[Span]] = defaultdict(list)
    for base, block in sieve.blocks(data):
        for kind, (low, high) in sieve.triggers(block):
            span = base + low, base + high
            if kind == sieve.PREFIX:
                _look_behind_prefix(data, span, hits)
            elif kind == sieve.PREFIXES:
                for found in _BROKEN_OFF.finditer(data, *span):
                    _look_behind_prefix(data, found.span(), hits)
            else:
                _assign(data, kind, span, hits)
    return hits


def _assign(data: bytes, kind: str, span: Span, hits: dict[str, list[Span]]) -> None:
    start, end = span
    if kind == sieve.ESCAPE:
        hits[percent.NAME].append(span)
        hits[escapes.NAME].append(span)
    elif kind == sieve.ENTITY:
        hits[entities.NAME].append(span)
    elif kind in (sieve.BASE64, sieve.RUN):
        hits[sieve.RUN].append(span)
        if data[end : end + 1] == b"=":
            hits[quoted_printable.NAME].append(span)
    elif kind == sieve.NUMBERS:
        if data.find(b"=", start, end) >= 0:
            hits[quoted_printable.NAME].append(span)
        hits[kind].append(span)
    else:
        hits[kind].append(span)


def _look_behind_prefix(data: bytes, span: Span, hits: dict[str, list[Span]]) -> None:
    """Note what breaks off the digits behind a prefix, if it is something that can be read."""
    at = span[0]
    behind = data[at + 3 : at + 4 + DIGITS]
    rest = behind[1:].lstrip(_HEX_DIGITS) if behind[:1] == b"_" else behind
    first = rest[:1]
    if not first or len(behind) - len(rest) > DIGITS:
        return
    if first in _BY_BYTE:
        hits[_BY_BYTE[first]].append(span)
    if first in _GLUE_STARTS:
        hits[interrupted.NAME].append(span)


def _neighbourhoods(spans: list[Span], size: int) -> Iterator[Span]:
    """Yield what is to be decoded for some hits, without overlap."""
    low = high = -1
    for start, end in sorted(spans):
        begin = max(0, start - _BEFORE)
        if begin > high:
            if high > 0:
                yield low, high
            low = begin
        high = max(high, min(size, end + LONGEST))
    if high > 0:
        yield low, high
