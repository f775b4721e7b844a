"""Where keys are in a buffer: the hot loop, and its streaming form. Offsets only.

A buffer is folded once through a table that lower-cases letters and turns separators into ``_``.
In the folded bytes two needles cover everything: ``hex_`` every spelling of the prefix and every
label that names Hex, ``_key_`` the terms of a hex.config. A buffer without either holds no key.
At a hit the original bytes decide, and only those within :data:`CONTEXT` of it.
"""

from __future__ import annotations

from stringzilla import find as _search
from stringzilla import translate as _fold

from hexscan import rule as rules
from hexscan.key import DIGITS, has_right_checksum, is_hex
from hexscan.match import Match
from hexscan.window import windows

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hexscan.match import Data, Span

CONTEXT = 2048
"""Bytes on either side of an offset that decide whether a match starts there."""

# What may stand between "hex" or "key" and the next word of a label. "p" is among them so that
# HEXPM_ is found by the needle for hex_, without a needle of its own, and "&" for the sake of
# ``hex&lowbar;``. The other merges let the needles of hexscan.decoders.sieve share this fold: what
# starts an escape becomes ``%``, and the digits that a letter of the prefix is escaped with ``5``.
_MERGED = {
    ord(byte): merged
    for members, merged in (
        ("_.:- ,='\t\r\npP&\x1b", "_"),
        ("\\", "%"),
        ("12345678fF", "5"),
        ("{", "0"),
        ("uU", "x"),
    )
    for byte in members
}
FOLD = bytes(ord(_MERGED.get(byte, chr(byte).lower())) for byte in range(128)) + bytes(
    range(128, 256)
)
HEX = b"hex_"
KEY = b"_key_"

# Folding a block at a time keeps the folded bytes in the processor's cache. A block reads on into
# the next one so that no needle falls between them.
_BLOCK = 1 << 18
_OVERLAP = len(KEY) - 1
_STEP = _BLOCK - _OVERLAP

# Past this many hits in one block, a pattern picks out the few that can be something.
_DENSE = 64

# A label has one of these close to its hit; asking first spares the import of patterns.
_LABEL_HINTS = (
    b"_key",
    b"token",
    b"mix hex.",
    b"rebar3 hex ",
    b"hex:",
    b"hex-organization",
    b"hex-repository",
)
_TERMS = (b"api", b"auth", b"read", b"repo", b"repos", b"write")


def sift(data: Data) -> bool:
    """Tell whether ``data`` could hold a key: ``False`` is certain, ``True`` calls for a look.

    This is all that a clean file costs. It speaks for the default rules and for lookalikes, not
    for bare digits without a label.
    """
    if len(data) <= _BLOCK:
        folded = _fold(data, FOLD)
        return _search(folded, HEX) >= 0 or _search(folded, KEY) >= 0
    return any(sift(folded) for _, folded in _folded_blocks(data))


def find(data: Data, *, unprefixed: bool = False, lookalikes: bool = False) -> list[Match]:
    """Return the matches in ``data``, in order of their offsets.

    ``data`` is any contiguous buffer of bytes and is only read. With ``unprefixed`` 40 bare digits
    with a right checksum count without a label too, as a note; with ``lookalikes`` so does what
    is shaped like a key and is none.
    """
    if type(data) is not bytes:
        data = memoryview(data).cast("B")
    if len(data) <= _BLOCK and not unprefixed and not sift(data):
        return []
    matches, reaches = _look_at_hits(data, lookalikes=lookalikes)
    if reaches or unprefixed:
        from hexscan import labels  # noqa: PLC0415 - compiles patterns that few buffers need

        matches += labels.labelled_keys(data, reaches)
        if unprefixed:
            matches += labels.bare_keys(data, known={match.start for match in matches})
    matches.sort()
    return matches


def find_chunks(
    chunks: Iterable[Data], *, unprefixed: bool = False, lookalikes: bool = False
) -> Iterator[Match]:
    """Yield the matches in a stream, the same however it is cut into chunks.

    A chunk has to hold only until the next one is asked for. Memory does not grow with the stream.
    """
    for window in windows(chunks, CONTEXT):
        for match in find(window.data, unprefixed=unprefixed, lookalikes=lookalikes):
            match.start += window.base
            match.end += window.base
            if window.owns(match.start):
                yield match


def _folded_blocks(data: Data) -> Iterator[tuple[int, bytes]]:
    """Yield ``data`` folded, in blocks that overlap by less than a needle, with their offsets."""
    view = memoryview(data)
    for base in range(0, len(data), _STEP):
        yield base, _fold(view[base : base + _BLOCK], FOLD)


def _look_at_hits(data: Data, *, lookalikes: bool) -> tuple[list[Match], list[Span]]:
    """Return the prefixed keys of ``data``, and the spans within reach of a label."""
    matches: list[Match] = []
    reaches: list[Span] = []
    for base, folded in _folded_blocks(data):
        for at in _hits(folded, data, base):
            match = _match_at(data, at, lookalikes=lookalikes)
            if match is not None:
                matches.append(match)
            elif _hints_at_label(data, at):
                from hexscan import labels  # noqa: PLC0415 - see find

                reaches += labels.reach(data, at)
        at = _search(folded, KEY)
        while at >= 0:
            start = base + at
            if bytes(data[max(0, start - 5) : start]).lower().endswith(_TERMS):
                from hexscan import labels  # noqa: PLC0415 - see find

                reaches += labels.reach_of_term(data, start)
            at = _search(folded, KEY, at + _OVERLAP)
    return matches, reaches


def _hits(folded: bytes, data: Data, base: int) -> Iterator[int]:
    """Yield the offsets in ``data`` of the needle ``hex_`` that one folded block owns."""
    at = _search(folded, HEX)
    for _ in range(_DENSE):
        if not 0 <= at < _STEP:
            return
        yield base + at
        at = _search(folded, HEX, at + len(HEX))
    if at >= 0:
        from hexscan import labels  # noqa: PLC0415 - only for a block full of hits

        yield from labels.plausible_hits(data, base + at, base + min(len(folded), _STEP))


def _match_at(data: Data, at: int, *, lookalikes: bool) -> Match | None:
    """Return the match whose prefix stands at ``at``, if there is one."""
    start = at + len(HEX)
    end = start + DIGITS
    if data[at + 3] != ord("_"):
        return None
    digits = bytes(data[start:end])
    if len(digits) == DIGITS and is_hex(digits):
        if has_right_checksum(digits):
            return Match(rules.API_KEY, at, end)
        if lookalikes:
            return Match(rules.LOOKALIKE, at, end, rules.NOTE)
    elif lookalikes:
        from hexscan import labels  # noqa: PLC0415 - see find

        return labels.lookalike(data, at)
    return None


def _hints_at_label(data: Data, at: int) -> bool:
    around = bytes(data[max(0, at - 7) : at + 40]).lower()
    return any(hint in around for hint in _LABEL_HINTS)
