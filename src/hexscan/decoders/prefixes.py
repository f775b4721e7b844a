"""The prefix in plain text: what stands behind it, and whether that can be a key.

Only a few bytes are looked at, with patterns only where these leave it open: ``hex`` is a word, and
nearly all of its places are nothing.
"""

from __future__ import annotations

from itertools import islice

from stringzilla import find as _search

from hexscan.decoders.decoded import LONGEST
from hexscan.decoders.kinds import ESCAPE_SIGNS, ESCAPED, PLAIN, PREFIX
from hexscan.key import DIGITS
from hexscan.matcher import CONTEXT, has_digits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.decoders.kinds import Trigger
    from hexscan.match import Data

_HEX = b"hex"
_KEY = b"_key"
# What may stand behind these in a key or a label: a separator, an escape or glue.
_BEHIND_HEX = frozenset(b"_.:- ,='\t\r\npP%\\&\"`\x1b\xe2\xc2\xef")
_BEHIND_KEY = frozenset(b"', =\t\r\n%\\&")
# Past this many hits in a block it takes a pattern to look at them one by one.
_DENSE = 512
# Past this many terms in a block it is cheaper to look for digits in all of it.
_FEW = 8
# What is looked at behind the digits.
_MORE = 4
_UNDERSCORE = ord("_")

_HEX_DIGITS = b"0123456789abcdefABCDEF"
_GLUE = b"\"'`\\\r\n\t \x1b\xe2\xc2\xef"
# What glue is made of, but for letters and digits.
_PUNCTUATION = b" \t\r\n\\\"'`+.<>&|~,@$#*/;%-[]"
_OTHER_GLUE = b"\x1b\xe2\xc2\xef"
_QUOTES = b"\"'`"
# The reach of a label.
_AROUND = 1024 + 64
# An escape this near to a label may be all that keeps it from being one.
_BESIDE = 24
_LONGEST_LABEL = 80
_LABEL_WORDS = (
    *(b"key", b"token", b"mix", b"rebar3", b"hexpm", b"/repos/", b"hex:"),
    *(b"hex-organization", b"hex-repository"),
)
_STARTED_WITHIN = 512


def prefixes(data: Data, base: int, folded: memoryview) -> Iterator[Trigger]:
    """Yield what the prefixes and the labels in a block of ``data`` call for.

    ``folded`` is the block in lower case, which starts at ``base``.
    """
    hits = _places(folded, _HEX, _BEHIND_HEX)
    for at in islice(hits, _DENSE):
        yield from look(data, base + at)
    for at in hits:
        from hexscan.decoders import dense  # noqa: PLC0415 - for a block full of hits

        for plausible in dense.worth_a_look(data, base + at, base + len(folded)):
            yield from look(data, plausible)
        break
    terms = [base + at for at in _places(folded, _KEY, _BEHIND_KEY)]
    if terms and has_digits(memoryview(data)[max(0, base - CONTEXT) : terms[-1] + CONTEXT]):
        for at in terms:
            if _digits_around(data, at):
                yield from _labelled(data, [], [at])


def _places(folded: memoryview, needle: bytes, behind: frozenset[int]) -> Iterator[int]:
    """Yield the offsets of a needle behind which one of some bytes stands."""
    last = len(folded) - len(needle)
    at = _search(folded, needle)
    while 0 <= at < last:
        if folded[at + len(needle)] in behind:
            yield at
        at = _search(folded, needle, at + len(needle))


def look(data: Data, at: int) -> Iterator[Trigger]:
    """Yield what the ``hex`` at ``at`` calls for, be it a prefix or the start of a label."""
    behind = bytes(data[at + 3 : at + 4 + DIGITS + _MORE])
    rest = behind[1:].lstrip(_HEX_DIGITS) if behind[:1] == b"_" else behind
    digits = len(behind) - len(rest) - 1 if behind[:1] == b"_" else -1
    if digits >= DIGITS:
        yield PLAIN, (at, at + 4 + DIGITS)
        return
    if not rest:
        return
    if rest[0] in _GLUE and _may_go_on(rest, digits) and _is_interrupted(data, at):
        yield PREFIX, (at, at + len(_HEX) + 1)
    elif (
        (_may_be_escape(rest) if rest[0] in ESCAPE_SIGNS else rest[0] in _GLUE and digits > 0)
        and (digits > 0 or _starts_key(data, at))
        and _holds_key(data, at)
    ):
        yield ESCAPED, (at, at + len(_HEX) + 1)
    if _may_be_label(data, at) and _digits_around(data, at):
        yield from _labelled(data, [at], [])


def _may_be_label(data: Data, at: int) -> bool:
    """Tell whether ``hex`` could be that of a label, by words that are in every label."""
    around = bytes(data[max(0, at - _BESIDE) : at + _LONGEST_LABEL]).lower()
    return any(word in around for word in _LABEL_WORDS) or _has_escape(around[:_BESIDE])


def _may_be_escape(rest: bytes) -> bool:
    """Tell whether an escape starts here, as far as two bytes tell."""
    sign, next_one = rest[:1], rest[1:2]
    if sign == b"\\":
        return next_one in b"xXuU01\\\"'/nrte"
    if sign == b"&":
        return next_one == b"#" or next_one.isalpha()
    if sign == b"=" and next_one in (b" ", b"\t", b"\r", b"\n"):
        return True
    return not rest[1:3].strip(_HEX_DIGITS)


def _may_go_on(rest: bytes, digits: int) -> bool:
    """Tell whether what stands behind a prefix that breaks off could be glue and more of a key."""
    stripped = rest.lstrip(_PUNCTUATION)
    if not stripped or stripped[0] in _OTHER_GLUE:
        return True
    # The next digit, or the "_" that is still to come, or the time that starts a line.
    if stripped[0] in (b"_0123456789abcdefABCDEF" if digits >= 0 else b"_0123456789"):
        return True
    # A letter before a literal: f"…", @"…".
    return any(quote in stripped[:3] for quote in _QUOTES)


def _is_interrupted(data: Data, at: int) -> bool:
    from hexscan.decoders import interrupted  # noqa: PLC0415 - patterns that few files need

    return interrupted.read(data, at) is not None


def _holds_key(data: Data, at: int) -> bool:
    from hexscan.decoders import spelling  # noqa: PLC0415 - the same

    return spelling.holds_key(bytes(data[at : at + LONGEST]))


def _starts_key(data: Data, at: int) -> bool:
    from hexscan.decoders import spelling  # noqa: PLC0415 - the same

    return spelling.starts_key(bytes(data[at : at + _STARTED_WITHIN]))


def _digits_around(data: Data, at: int) -> bool:
    return has_digits(memoryview(data)[max(0, at - CONTEXT) : at + CONTEXT])


def _labelled(data: Data, hits: list[int], terms: list[int]) -> Iterator[Trigger]:
    """Yield what a label, or what may be one, calls for, near which there are digits."""
    from hexscan.labels import find_labels  # noqa: PLC0415 - the same

    (at,) = hits or terms
    found = find_labels(data, hits, terms)
    if found:
        yield PLAIN, (at, at + len(_HEX) + 1)
    low, high = max(0, at - _AROUND), min(len(data), at + _AROUND)
    beside = bytes(data[max(0, at - _BESIDE) : at + _BESIDE])
    if (found or _has_escape(beside)) and _has_escape(bytes(data[low:high])):
        from hexscan.decoders import spelling  # noqa: PLC0415 - the same

        if spelling.holds_key(bytes(data[low:high])):
            yield ESCAPED, (low, high)


def _has_escape(text: bytes) -> bool:
    return len(text.translate(None, b"%\\&")) < len(text)
