"""Whether a buffer can hold an encoded key, and where: needles and folds alone, at memory speed.

Three things are looked for.

A key that is written in plain text but for a few characters has its prefix in plain text. The
needles of the matcher find it, over a fold that also takes the first character of an escape for a
separator; what stands behind it decides (:mod:`hexscan.decoders.prefixes`).

A key that has an escape in its prefix, or nothing but escapes, is 46 bytes or more of hex digits
and of what escapes are made of.

What is encoded as a whole is a long run of bytes of one class: letters and digits (base 64, base
16), numbers and separators (lists of integers), or every second byte a NUL (UTF-16).

Runs are looked for in a **sample** of the buffer: eight bytes of every 16. A run of 39 bytes holds
two such words whole, a run of 55 three side by side. The classes of a word's bytes are put together
in a handful of passes over the sample; a search for runs in the buffer itself would stop at every
other byte of prose. Base 64 of a prefix in lower case has three needles of its own, for narrow
lines.
"""

from __future__ import annotations

from binascii import a2b_hex

from stringzilla import count as _count
from stringzilla import find as _search
from stringzilla import find_first_not_of as _first_not_of
from stringzilla import find_last_not_of as _last_not_of
from stringzilla import translate as _translate

from hexscan import skim
from hexscan.decoders.kinds import (
    ESCAPE_SIGNS,
    ESCAPED,
    FEWEST_COMMAS,
    NULS,
    NUMBERS,
    QUOTED,
    RUN,
    SHORTEST_LIST,
)
from hexscan.decoders.plausible import may_be_escaped, may_be_text
from hexscan.decoders.prefixes import prefixes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator

    from hexscan.decoders.kinds import Hits, Trigger
    from hexscan.match import Data, Span

BLOCK = 1 << 18
OVERLAP = 512
"""Bytes that a block shares with the next one, so that no needle and no run is cut in two."""

MARGIN = 8192
"""Bytes on either side of a block that the compiled part is asked about with it, as many as decide
whether there is a key: see :data:`hexscan.decoders.nest.CONTEXT`."""

SHORTEST_RUN = 55
"""A run of letters and digits of this length cannot be missed, and no shorter one counts."""

SHORTEST_ESCAPED = 46
"""The same for digits with escapes among them: a key with two bytes more for an escape."""

# The prefix in lower case, for narrow lines and for runs with signs in them.
_BASE64 = (b"aGV4X", b"hleF", b"oZXhf")
_WORD = 8
_STRIDE = 2


_HEX_DIGITS = b"0123456789abcdefABCDEF"
_BASE64_LETTERS = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"
_WRAPPED = _BASE64_LETTERS + b"\r\n"
_LINE_BREAKS = (b"\r", b"\n")
_ESCAPES = (b"%", b"\\", b"&")


class _Class:
    """Bytes of which a run is looked for, how long it must be, and how many words show it."""

    __slots__ = ("in_whole_words", "members", "needle", "shortest")

    def __init__(self, members: bytes, shortest: int, words: int, bit: int) -> None:
        self.members = members
        self.shortest = shortest
        self.needle = b"\1" * words
        self.in_whole_words = bytes((pair >> 4 & pair & bit) // bit for pair in range(256))


_LETTERS = _Class(_BASE64_LETTERS, SHORTEST_RUN, 3, bit=1)
_ESCAPED_DIGITS = _Class(_HEX_DIGITS + b"hHxXuU_{}#;" + ESCAPE_SIGNS, SHORTEST_ESCAPED, 2, bit=2)
_LISTS = _Class(_HEX_DIGITS + b"xX, \r\n\t", SHORTEST_LIST, 7, bit=4)

# A byte's classes as a set of bits, written as a hex digit, and what two bytes have in common.
_CLASSES = bytes(
    b"01234567"[
        (byte in _LETTERS.members)
        + 2 * (byte in _ESCAPED_DIGITS.members)
        + 4 * (byte in _LISTS.members)
    ]
    for byte in range(256)
)
_IN_BOTH = bytes(b"0123456789abcdef"[pair >> 4 & pair & 15] for pair in range(256))

# Room for a block, to be taken and given back: to get it anew costs as much as to fill it.
_SPARE: list[array[int]] = []
# To load the module "array" costs more than to search files of this size, for it loads another.
_SMALL = 1 << 15
_LOWER = bytes(range(256)).lower()

_TEXT = b"\t\r\n" + bytes(range(ord(" "), ord("~") + 1))
_PRINTABLE = bytes(
    1 if byte in _TEXT else byte if byte != 1 else 2
    for byte in range(256)  # not to be taken for it
)
_UTF16 = b"\1\0" * 11 + b"\1"
_UTF32 = b"\1\0\0\0" * 7 + b"\1"


def sift(data: Data, *, by_default: bool = True) -> bool:
    """Tell whether ``data`` could hold a key in any form: ``False`` is certain.

    The compiled part is asked for the default rules alone.
    """
    if skim.encoded and by_default:
        return skim.encoded(data) >= 0
    view = _bytes_of(data)
    return any(True for span in blocks(len(view)) for _ in triggers(view, span))


def hits(data: Data, *, by_default: bool = True) -> Hits:
    """Return what is hit in ``data``, by kind; nothing at all where there can be no key.

    As :func:`sift`.
    """
    view = _bytes_of(data)
    found: Hits = {}
    for block in blocks(len(view)):
        # A list may lie across the end of a block.
        low, high = max(0, block[0] - MARGIN), block[1] + MARGIN
        if skim.encoded and by_default and skim.encoded(view, low, high) < 0:
            continue
        for kind, span in triggers(view, block):
            found.setdefault(kind, []).append(span)
            if kind == RUN and (goes_on := _goes_on(view, span[1])):
                found.setdefault(goes_on, []).append(span)
    return found


def _goes_on(data: memoryview, end: int) -> str | None:
    """Return the kind of what is behind a run, if that may be a soft line break in base 64.

    It may itself be written with escapes.
    """
    if bytes(data[end : end + 1]) != b"=" or bytes(data[end - 1 : end]) in _LINE_BREAKS:
        return None
    return ESCAPED if bytes(data[end + 1 : end + 2]) in _ESCAPES else QUOTED


def blocks(size: int) -> Iterator[Span]:
    """Yield the spans of the blocks of so many bytes, which overlap."""
    for base in range(0, max(1, size - OVERLAP), BLOCK - OVERLAP):
        yield base, min(size, base + BLOCK)


def _bytes_of(data: Data) -> memoryview:
    view = memoryview(data)
    return view if view.format == "B" and view.ndim == 1 else view.cast("B")


def triggers(data: Data, span: Span) -> Iterator[Trigger]:
    """Yield what is hit in a block of ``data``: the kind, and the span that it speaks for.

    The spans of a kind are in order. What stands behind the block is looked at where it matters.
    """
    size = span[1] - span[0]
    if size < _SMALL:
        small = memoryview(bytearray(-(-size // _WORD) * _WORD)).cast("Q")
        yield from _triggers(data, span, small)
        return
    words = _SPARE.pop() if _SPARE else _room()
    try:
        yield from _triggers(data, span, words)
    finally:
        _SPARE.append(words)


def _room() -> array[int]:
    from array import array  # noqa: PLC0415 - see _SMALL

    return array("Q", bytes(BLOCK))


def _triggers(data: Data, span: Span, words: array[int] | memoryview) -> Iterator[Trigger]:
    base, end = span
    block = memoryview(data)[base:end]
    folded = memoryview(words).cast("B")[: end - base]
    folded[:] = block
    _translate(folded, _LOWER, inplace=True)
    yield from prefixes(data, base, folded)
    if len(block) < SHORTEST_ESCAPED:
        return
    for needle in _BASE64:
        at = _search(block, needle)
        while at >= 0:
            yield RUN, (base + at, base + at + len(needle))
            # The hit speaks for the line that it is in.
            behind = _first_not_of(block, _BASE64_LETTERS, at)
            at = _search(block, needle, behind) if behind >= 0 else -1
    sample = _sample(words, folded)
    for kind, low, high in _runs(data, span, _classes(sample)):
        yield kind, (base + low, base + high)
    if _search(sample, b"\0") >= 0:
        at = _nuls(sample)
        if at >= 0:
            # The run may have begun up to a stride before the word that shows it.
            yield NULS, (base + max(0, (at // _WORD - 2) * _STRIDE * _WORD), end)


def _sample(words: array[int] | memoryview, folded: memoryview) -> memoryview:
    """Return every second word of a block that lies in ``words``."""
    sample = words[: len(folded) // _WORD : _STRIDE]
    # An array is cut several times as fast as a view, and is in one piece then.
    return memoryview(sample.tobytes() if isinstance(sample, memoryview) else sample).cast("B")


def _classes(sample: memoryview) -> bytes:
    """Return for each word of a sample two sets of classes: what is in each half of it.

    Python has no operation on all bytes of a buffer but to translate them. So the sets are written
    as hex digits, and reading these as base 16 puts two neighbours into a byte, for the next
    translation to say what they have in common.
    """
    sets = _translate(sample, _CLASSES)
    pairs = _translate(a2b_hex(sets), _IN_BOTH)
    return a2b_hex(_translate(a2b_hex(pairs), _IN_BOTH))


def _runs(data: Data, span: Span, classes: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield the runs of each class that count, with their kind, as parts of the block."""
    base, end = span
    block = memoryview(data)[base:end]
    for start, stop in _members(block, classes, _LETTERS):
        if may_be_text(block, start, stop):
            yield RUN, start, stop
    for start, stop in _members(block, classes, _ESCAPED_DIGITS):
        if may_be_escaped(data, base + start, base + stop):
            yield ESCAPED, start, stop
    for start, stop in _members(block, classes, _LISTS):
        if _count(block[start:stop], b",") >= FEWEST_COMMAS:
            yield NUMBERS, start, stop


def _members(block: memoryview, classes: bytes, kind: _Class) -> Iterator[Span]:
    """Yield the runs of a class in ``block`` that its words point at, if they are long enough.

    Words that stand side by side in the sample are 16 bytes apart in the block: it decides.
    """
    members, needle, shortest, size = kind.members, kind.needle, kind.shortest, len(block)
    words = _translate(classes, kind.in_whole_words)
    at = _search(words, needle)
    while at >= 0:
        middle = at * _STRIDE * _WORD
        end = _first_not_of(block, members, middle)
        if end < 0:
            end = size
        # No sampled word before these is in the run, or it would have been found with that.
        low = max(0, middle - _STRIDE * _WORD)
        if end - low >= shortest:
            start = _last_not_of(block, members, low, middle) + 1 or low
            if end - start >= shortest:
                if kind is _LETTERS and block[end : end + 1] in _LINE_BREAKS:
                    # What is behind the line breaks of a wrapped block belongs to it.
                    end = _first_not_of(block, _WRAPPED, end)
                    end = size if end < 0 else end
                yield start, end
        at = _search(words, needle, max(at + 1, end // (_STRIDE * _WORD)))


def _nuls(sample: Data) -> int:
    """Return where in a sample characters and NULs take turns, or -1."""
    printable = _translate(sample, _PRINTABLE)
    hits = [_search(printable, needle) for needle in (_UTF16, _UTF32)]
    return min((at for at in hits if at >= 0), default=-1)
