"""A block that is full of prefixes: a pattern picks out the few that can be something."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.match import Data

_GLUE = rb"\"'`\\\r\n\t \x1b\xe2\xc2\xef"
_WORTH_A_LOOK = re.compile(
    rb"(?i:hex)(?:"
    # The "_" or what is between it and "hex" ...
    rb"_[0-9A-Fa-f]{40}|_[0-9A-Fa-f]{1,39}(?=[%&=" + _GLUE + rb"])"
    # ... no digit yet ...
    rb"|_?(?:[%=][0-9A-Fa-f]{2}|\\[xXuU01\\]|&[#A-Za-z])|_?[" + _GLUE + rb"][^0-9A-Za-z_]{0,64}_"
    rb"|_[" + _GLUE + rb"][^0-9A-Za-z_]{0,64}[0-9A-Fa-f]"
    rb")"
)

# As in the labels.
_WORDS = (
    rb"(?:read_)?api|auth|ci|deploy|org|organi[sz]ation|pm|publish|pull|push|read|repos?|user|write"
)
_LABEL = re.compile(
    rb"(?i:hex(?=(?:pm)?_(?:(?:"
    + _WORDS
    + rb")_|token|key)|pm:|\.pm/repos/|:\s{0,64}\[|,\s{0,64}api"
    rb"|-organization|-repository)|(?:mix|rebar3)[ \t\"',\[]{1,8}(?:do[ \t\"',]{1,8})?hex)"
)


def worth_a_look(data: Data, start: int, end: int) -> Iterator[int]:
    """Yield the offsets in a span of ``data`` at which more than the bare prefix stands."""
    for found in _WORTH_A_LOOK.finditer(data, start, end):
        yield found.start()
    for found in _LABEL.finditer(data, start, end):
        yield found.end() - len(b"hex")
