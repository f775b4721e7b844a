"""Whether a few bytes hold a key once their escapes are replaced, in any order, four times over.

That is what the readings will do to find it. Asked of the few bytes around a hit it keeps them from
being started for nothing.
"""

from __future__ import annotations

import re

from hexscan import matcher
from hexscan.decoders import entities, escapes, interrupted, percent, quoted_printable
from hexscan.decoders.decoded import DEPTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SUBSTITUTIONS = (percent.read, escapes.read, entities.read, quoted_printable.read)

# A letter of the prefix, escaped; what an escape starts with may itself be an escape.
_LETTER = re.compile(
    rb"(?:%|\\+[xX]\{?0{0,6}|\\+[uU]\{?0{0,6}|#[xX]0{0,6}|=|25|5[cC]x|5[cC]u00|3[dD])"
    rb"(?:[46][58]|[57]8)"
    rb"|\\(?:1[15]0|1[04]5|1[37]0)|#0{0,6}(?:72|104|69|101|88|120);"
)


def spells_prefix(data: bytes) -> bool:
    """Tell whether the prefix, or that of a label, stands in ``data`` with a letter escaped."""
    if _LETTER.search(data) is None:
        return False
    return _any_layer(data, matcher.sift)


def holds_key(data: bytes) -> bool:
    """Tell whether ``data`` could hold a key in plain text after replacing escapes."""
    return _any_layer(data, _may_hold)


def starts_key(data: bytes) -> bool:
    """Tell whether ``data`` starts with a prefix and a digit, however these are written."""
    return _any_layer(data, interrupted.starts)


def _any_layer(data: bytes, asked: Callable[[bytes], bool]) -> bool:
    """Tell whether something is so after replacing escapes of one kind or several, in any order."""
    texts = {data}
    for _ in range(DEPTH):
        texts = {text for outer in texts for text in _decoded(outer)}
        if any(map(asked, texts)):
            return True
    return False


def _decoded(text: bytes) -> Iterator[bytes]:
    for read in _SUBSTITUTIONS:
        decoded = read(text, (0, len(text)))
        if decoded is not None:
            yield decoded.text


def _may_hold(text: bytes) -> bool:
    return matcher.sift(text) and (
        bool(matcher.find(text, lookalikes=True)) or interrupted.is_in(text)
    )
