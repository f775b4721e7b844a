"""Whether a buffer can hold an encoded key, and where: needles alone, at memory speed.

Two kinds of needles cover all readings.

What is written in plain text but for a few characters has its prefix in plain text, which the
needles of the matcher find, or an escape in its prefix: more needles over the same fold. The fold
is the matcher's with more merged, so that whatever the matcher finds passes the sieve.

What is encoded as a whole is a long run of bytes of one class: letters and digits (base 64, base
16), numbers and separators (lists of integers, quoted-printable), or every second byte a NUL
(UTF-16). Runs are looked for in a **sample** of the buffer: eight bytes of every 24, in which each
class is folded to one byte. A run of 55 bytes cannot pass between two samples, and prose has none.
Base 64 of a prefix in lower case has three needles of its own, for blocks in narrow lines.

Measured on 16 MiB of English-like text on one core that others were using too, beside
``re.compile(rb"hex_[0-9a-f]{40}").findall`` (``python -m benchmarks.bench_decoders``).
"""

from __future__ import annotations

from array import array

from stringzilla import find as _search
from stringzilla import find_first_not_of as _first_not_of
from stringzilla import find_last_not_of as _last_not_of
from stringzilla import translate as _translate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from hexscan.match import Data, Span

    Trigger: TypeAlias = tuple[str, Span]

PREFIX = "prefix"
"""``hex_`` in plain text, or ``hex`` and what may be an encoded ``_``."""
PREFIXES = "prefixes"
"""A part of a block that is full of prefixes."""
ESCAPE = "escape"
"""An escaped byte that starts with ``%`` or a backslash."""
ENTITY = "entity"
"""``&#``, a numeric character reference."""
BASE64 = "base64"
"""The prefix in lower case, in base 64."""
RUN = "run"
"""A run of letters and digits."""
NUMBERS = "numbers"
"""A run of numbers and what separates them, or of escapes."""
NULS = "nuls"
"""A run in which every second byte, or three of four, are NUL."""

BLOCK = 1 << 18
OVERLAP = 256
"""Bytes that a block shares with the next one, so that no needle and no run is cut in two."""

SHORTEST_RUN = 55
"""A run of letters and digits of this length cannot be missed, and no shorter one counts."""

SHORTEST_LIST = 103
"""The same for numbers and what separates them."""

# As in the matcher, and "&" for the sake of ``hex&lowbar;``. What starts an escape becomes ``%``,
# the digits that a letter of the prefix is escaped with ``5``.
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
_FOLD = bytes(ord(_MERGED.get(byte, chr(byte).lower())) for byte in range(128)) + bytes(
    range(128, 256)
)
_HEX = b"hex_"
_KEY = b"_key_"

# The last is for octal escapes of digits, \060 to \071.
_ESCAPES = (b"%55", b"%x5", b"%x0", b"%055%")
_ENTITY = b"&#"
_BASE64 = (b"aGV4X", b"hleF", b"oZXhf")
# A hit speaks for its neighbourhood: the readings that it calls decode that whole, so the search
# for the next hit goes on behind it.
_NEIGHBOURHOOD = 1024
# Past this many prefixes in a block it takes a pattern to look at them one by one.
_DENSE = 64

_WORD = 8
_STRIDE = 3
_ALPHANUMERIC = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _class_table(members: bytes) -> bytes:
    return bytes(1 if byte in members else byte if byte != 1 else 2 for byte in range(256))


_RUN_BYTES = _ALPHANUMERIC + b"+/"
_RUNS = _class_table(_RUN_BYTES)
_RUN = b"\1" * (2 * _WORD)
_LIST_BYTES = b"0123456789abcdefABCDEFxX, \r\n\t=%\\&#;"
_LISTS = _class_table(_LIST_BYTES)
_LIST = b"\1" * (4 * _WORD)
# Members, the length that counts, and the bytes over which a run then goes on: what is behind the
# line breaks of a wrapped block belongs to it.
_RUN_RULES = (_RUN_BYTES, SHORTEST_RUN, _RUN_BYTES + b"\r\n")
_LIST_RULES = (_LIST_BYTES, SHORTEST_LIST, _LIST_BYTES)
_PRINTABLE = _class_table(bytes(range(0x20, 0x7F)) + b"\t\r\n")
_UTF16 = b"\1\0" * 11 + b"\1"
_UTF32 = b"\1\0\0\0" * 7 + b"\1"


def sift(data: Data) -> bool:
    """Tell whether ``data`` could hold a key in any form: ``False`` is certain."""
    if len(data) <= BLOCK:
        return _may_hold(data)
    return any(_may_hold(block) for _, block in blocks(data))


def blocks(data: Data) -> Iterator[tuple[int, memoryview]]:
    """Yield ``data`` in blocks that overlap, with their offsets."""
    view = memoryview(data)
    if view.format != "B" or view.ndim != 1:
        view = view.cast("B")
    size = len(view)
    if size <= BLOCK:
        yield 0, view
        return
    step = BLOCK - OVERLAP
    for base in range(0, size - OVERLAP, step):
        yield base, view[base : base + BLOCK]


def _may_hold(block: Data) -> bool:
    folded = _translate(block, _FOLD)
    if _search(folded, _HEX) >= 0 or _search(folded, _KEY) >= 0:
        return True
    # Where no escape starts, one search is enough; where one does, it ends soon.
    if _search(folded, b"%") >= 0 and any(_search(folded, needle) >= 0 for needle in _ESCAPES):
        return True
    if _search(block, _ENTITY) >= 0:
        return True
    if len(block) < SHORTEST_RUN:
        return False
    sample = _sample(block)
    return (
        _search(block, _BASE64[0]) >= 0
        or _search(block, _BASE64[1]) >= 0
        or _search(block, _BASE64[2]) >= 0
        or any(True for _ in _sampled(block, sample))
    )


def triggers(block: memoryview) -> Iterator[Trigger]:
    """Yield what the needles hit in a block: the kind, and the span it speaks for.

    The spans of a kind are in order and do not overlap.
    """
    folded = _translate(block, _FOLD)
    yield from _prefixes(folded)
    for needle in _ESCAPES:
        yield from _hits(ESCAPE, folded, needle, _NEIGHBOURHOOD)
    yield from _hits(ENTITY, block, _ENTITY, _NEIGHBOURHOOD)
    for needle in _BASE64:
        yield from _hits(BASE64, block, needle, _NEIGHBOURHOOD)
    if len(block) < SHORTEST_RUN:
        return
    yield from _sampled(block, _sample(block))


def _sampled(block: Data, sample: bytes) -> Iterator[Trigger]:
    """Yield what the sample of a block shows."""
    folded = _translate(sample, _RUNS)
    if _search(folded, _RUN) >= 0:
        for span in _runs(folded, _RUN, block, _RUN_RULES):
            yield RUN, span
    folded = _translate(sample, _LISTS)
    if _search(folded, _LIST) >= 0:
        for span in _runs(folded, _LIST, block, _LIST_RULES):
            yield NUMBERS, span
    if _search(sample, b"\0") >= 0:
        printable = _translate(sample, _PRINTABLE)
        hits = [_search(printable, needle) for needle in (_UTF16, _UTF32)]
        at = min((at for at in hits if at >= 0), default=-1)
        if at >= 0:
            yield NULS, (min(at * _STRIDE, len(block) - 1), len(block))


def _sample(block: Data) -> bytes:
    """Return every third word of a block, and the last words of it whole."""
    whole = len(block) // _WORD * _WORD
    words = array("Q")
    words.frombytes(block[:whole])
    # What ends with the block may end within a word.
    return words[::_STRIDE].tobytes() + bytes(block[-_STRIDE * _WORD * 2 :])


def _hits(kind: str, text: Data, needle: bytes, step: int) -> Iterator[Trigger]:
    at = _search(text, needle)
    while at >= 0:
        yield kind, (at, min(len(text), at + step))
        at = _search(text, needle, at + step)


def _prefixes(folded: bytes) -> Iterator[Trigger]:
    at = _search(folded, _HEX)
    for _ in range(_DENSE):
        if at < 0:
            return
        yield PREFIX, (at, at + len(_HEX))
        at = _search(folded, _HEX, at + len(_HEX))
    if at >= 0:
        yield PREFIXES, (at, len(folded))


def _runs(
    sample: bytes, needle: bytes, block: Data, rules: tuple[bytes, int, bytes]
) -> Iterator[Span]:
    """Yield the runs of a class in ``block`` that its sample points at.

    The ``rules`` are the members of the class, how long a run of them must be to count, and the
    bytes over which it then goes on. Words that stand side by side in the sample are 16 bytes
    apart in the block: it decides.
    """
    members, shortest, beyond = rules
    size = len(block)
    at = _search(sample, needle)
    while at >= 0:
        aligned = -(-at // _WORD) * _WORD
        if _first_not_of(sample, b"\1", aligned, aligned + len(needle)) >= 0:
            at = _search(sample, needle, aligned + 1)
            continue
        # The last words of the sample are the last of the block, and not every third one.
        middle = min(aligned * _STRIDE, size - 2 * _WORD)
        if _first_not_of(block, members, middle, middle + 4 * _WORD) >= 0:
            at = _search(sample, needle, aligned + _WORD)
            continue
        low = max(0, middle - _NEIGHBOURHOOD)
        start = _last_not_of(block, members, low, middle)
        end = _first_not_of(block, members, middle)
        start, end = (low if start < 0 else start + 1), (size if end < 0 else end)
        if end - start >= shortest:
            end = _first_not_of(block, beyond, end - 1)
            end = size if end < 0 else end
            yield start, end
        at = _search(sample, needle, max(aligned + _WORD, end // _STRIDE))
