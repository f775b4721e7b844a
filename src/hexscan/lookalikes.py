"""What is shaped like a key and is none: a key that was cut short or mistyped by little."""

from __future__ import annotations

import re

from hexscan import rule as rules
from hexscan.match import Match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.match import Data

# Cut short by up to eight digits, or 40 characters of which one or two are no hex digits.
_CUT_SHORT = re.compile(rb"(?i:hex)_[0-9A-Fa-f]{32,39}(?![0-9A-Za-z])")
_MISTYPED = re.compile(rb"(?i:hex)_[0-9A-Za-z]{40}(?![0-9A-Za-z])")
_MOST_MISTYPED = 2


def lookalike(data: Data, at: int) -> Match | None:
    """Return the key at ``at`` that was cut short or mistyped by little, if it is one."""
    shape = _CUT_SHORT.match(data, at)
    if shape is None:
        shape = _MISTYPED.match(data, at)
        if shape is None:
            return None
        letters = shape[0][4:].translate(None, b"0123456789abcdefABCDEF")
        if len(letters) > _MOST_MISTYPED:
            return None
    return Match(rules.LOOKALIKE, *shape.span(), rules.NOTE)
