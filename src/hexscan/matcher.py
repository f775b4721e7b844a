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
from hexscan import skim
from hexscan.key import DIGITS, RANDOM_DIGITS, has_right_checksum, is_hex
from hexscan.match import Match
from hexscan.window import windows

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hexscan.labels import Label
    from hexscan.match import Data

CONTEXT = 4096
"""Bytes on either side of an offset that decide whether a match starts there."""

# What may stand between "hex" or "key" and the next word of a label. "p" is among them so that
# HEXPM_ is found by the needle for hex_, without a needle of its own.
_SEPARATORS = b"_.:- ,='\t\r\npP"
_FOLD = bytes(ord("_") if byte in _SEPARATORS else byte for byte in bytes(range(256)).lower())
_HEX = b"hex_"
_KEY = b"_key_"

_DIGITS = bytes(ord("0") if byte in b"0123456789abcdefABCDEF" else 0 for byte in range(256))
_RUN = b"0" * RANDOM_DIGITS

# Folding a block at a time keeps the folded bytes in the processor's cache. A block reads on into
# the next one so that no needle falls between them.
_BLOCK = 1 << 18
_OVERLAP = len(_KEY) - 1
_STEP = _BLOCK - _OVERLAP

# Past this many hits in one block, a pattern picks out the few that can be something.
_DENSE = 64


def sift(data: Data) -> bool:
    """Tell whether ``data`` could hold a key: ``False`` is certain, ``True`` calls for a look.

    This is all that a clean file costs. It speaks for the default rules and for lookalikes, not
    for bare digits without a label.
    """
    if len(data) <= _BLOCK:
        folded = _fold(data, _FOLD)
        return _search(folded, _HEX) >= 0 or _search(folded, _KEY) >= 0
    return any(
        _search(folded, _HEX) >= 0 or _search(folded, _KEY) >= 0
        for _, folded in _folded_blocks(data)
    )


def may_hold(data: Data) -> bool:
    """Tell whether ``data`` could hold a key by the default rules; ``False`` is certain.

    The compiled part asks for the digits too, and so says ``False`` far more often than
    :func:`sift`.
    """
    return skim.plain(data) >= 0 if skim.plain else sift(data)


def _short_text_may_hold(text: str) -> bool:
    if len(text) > _BLOCK:
        return True
    folded = _fold(text, _FOLD)
    return _search(folded, _HEX) >= 0 or _search(folded, _KEY) >= 0


text_may_hold: Callable[[str], bool] = skim.text or _short_text_may_hold
"""Tell the same of a text in ASCII, which need not be encoded for that."""


def places_from(data: Data) -> Callable[[int, int], int]:
    """Return a function that tells where, from an offset on, :func:`may_hold` finds a reason.

    As :func:`needles_from`, whose function it is where there is no compiled part.
    """
    return skim.places(skim.plain, data) if skim.plain else needles_from(data)


def has_digits(data: Data) -> bool:
    """Tell whether the digits of a key could stand in ``data``: at least 32 of them in a row.

    Without them there is no match of any rule but a lookalike that was mistyped. In data of many
    files this answers ``False`` more often than :func:`sift` does, and as fast.
    """
    if skim.digits:
        return skim.digits(data) >= 0
    if len(data) <= _BLOCK:
        return _search(_fold(data, _DIGITS), _RUN) >= 0
    view = memoryview(data)
    step = _BLOCK - RANDOM_DIGITS + 1
    return any(
        _search(_fold(view[base : base + _BLOCK], _DIGITS), _RUN) >= 0
        for base in range(0, len(view), step)
    )


def needles_from(data: Data) -> Callable[[int, int], int]:
    """Return a function that tells where, from an offset on, the first needle of sift starts.

    It gives ``len(data)`` where none follows, and has no use for a second offset. Offsets have to
    grow from call to call; all calls together cost what :func:`sift` does.
    """
    folded, size = _fold(data, _FOLD), len(data)
    after_hex = after_key = -1  # the next places of the two

    def next_needle(start: int, _stop: int) -> int:
        nonlocal after_hex, after_key
        if after_hex < start:
            at = _search(folded, _HEX, start)
            after_hex = at if at >= 0 else size
        if after_key < start:
            at = _search(folded, _KEY, start)
            after_key = at if at >= 0 else size
        return min(after_hex, after_key)

    return next_needle


def find(data: Data, *, unprefixed: bool = False, lookalikes: bool = False) -> list[Match]:
    """Return the matches in ``data``, in order of their offsets.

    ``data`` is any contiguous buffer of bytes and is only read. With ``unprefixed`` 40 bare digits
    with a right checksum count without a label too, as a note; with ``lookalikes`` so does what
    is shaped like a key and is none.
    """
    if type(data) is not bytes:
        data = memoryview(data).cast("B")
    if not unprefixed and _is_clean(data, lookalikes=lookalikes):
        return []
    matches, labels = _look_at_hits(data, lookalikes=lookalikes)
    if labels or unprefixed:
        from hexscan import labelled  # noqa: PLC0415 - compiles patterns that few buffers need

        if labels:
            matches += labelled.labelled_keys(data, labels)
        if unprefixed:
            matches += labelled.bare_keys(data, known={match.start for match in matches})
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


def _is_clean(data: Data, *, lookalikes: bool) -> bool:
    """Tell at once that there is nothing to be found, where that costs less than to look for it."""
    if skim.plain and not lookalikes:
        return skim.plain(data) < 0
    return len(data) <= _BLOCK and not sift(data)


def _folded_blocks(data: Data) -> Iterator[tuple[int, bytes]]:
    """Yield ``data`` folded, in blocks that overlap by less than a needle, with their offsets."""
    view = memoryview(data)
    for base in range(0, len(data), _STEP):
        yield base, _fold(view[base : base + _BLOCK], _FOLD)


def _look_at_hits(data: Data, *, lookalikes: bool) -> tuple[list[Match], list[Label]]:
    """Return the prefixed keys of ``data``, and the labels in it."""
    matches: list[Match] = []
    labels: list[Label] = []
    for base, folded in _folded_blocks(data):
        others: list[int] = []
        for at in _hits(folded, data, base):
            match = _match_at(data, at, lookalikes=lookalikes)
            if match is not None:
                matches.append(match)
            else:
                others.append(at)
        terms = [base + at for at in _places(folded, _KEY)]
        if (others or terms) and _digits_near(data, base):
            from hexscan.labels import find_labels  # noqa: PLC0415 - see find

            labels += find_labels(data, others, terms)
    return matches, labels


def _places(folded: bytes, needle: bytes) -> Iterator[int]:
    """Yield the offsets of a needle, which may share its last byte with the next one's first."""
    at = _search(folded, needle)
    while at >= 0:
        yield at
        at = _search(folded, needle, at + len(needle) - 1)


def _hits(folded: bytes, data: Data, base: int) -> Iterator[int]:
    """Yield the offsets in ``data`` of the needle ``hex_`` that one folded block owns."""
    at = _search(folded, _HEX)
    for _ in range(_DENSE):
        if not 0 <= at < _STEP:
            return
        yield base + at
        at = _search(folded, _HEX, at + len(_HEX))
    if at >= 0:
        from hexscan.labels import plausible_hits  # noqa: PLC0415 - only for a block full of hits

        yield from plausible_hits(data, base + at, base + min(len(folded), _STEP))


def _match_at(data: Data, at: int, *, lookalikes: bool) -> Match | None:
    """Return the match whose prefix stands at ``at``, if there is one."""
    start = at + len(_HEX)
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
        from hexscan.lookalikes import lookalike  # noqa: PLC0415 - see find

        return lookalike(data, at)
    return None


def _digits_near(data: Data, base: int) -> bool:
    """Tell whether the digits of a legacy key stand in the block at ``base`` or close to it.

    Without them a label does not matter. Most files that speak of Hex hold none, and need no
    patterns.
    """
    return has_digits(memoryview(data)[max(0, base - CONTEXT) : base + _BLOCK + CONTEXT])
