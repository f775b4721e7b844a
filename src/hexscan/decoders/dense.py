"""A block that is full of prefixes: a pattern picks out the few that can be something."""

from __future__ import annotations

import re

from hexscan.decoders.prefixes import look

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.decoders.kinds import Trigger
    from hexscan.match import Data, Span

_WORTH_A_LOOK = re.compile(
    rb"(?i:hex)(?:_[0-9A-Fa-f]{0,39}(?=[^0-9A-Za-z_,;:)(\[\]{}/<>?!.$*#@|+-])|_[0-9A-Fa-f]{40}"
    rb"|(?=[=&%\\\"'`\s\x1b]))"
)


def prefixes(data: Data, span: Span) -> Iterator[Trigger]:
    """Yield what the prefixes in a span of ``data`` call for."""
    for found in _WORTH_A_LOOK.finditer(data, *span):
        yield from look(data, found.start())
