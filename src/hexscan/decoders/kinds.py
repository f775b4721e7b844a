"""What the sieve hits: the kinds of triggers. A trigger is a kind and the span it speaks for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from hexscan.match import Span

    Trigger: TypeAlias = tuple[str, Span]
    Hits: TypeAlias = dict[str, list[Span]]

PLAIN = "plain"
"""What the matcher has to look at."""
PREFIX = "prefix"
"""The prefix in plain text, with something between it and its digits, or between these."""
ESCAPED = "escaped"
"""A part that has escapes in it, and digits enough for a key."""
QUOTED = "quoted"
"""A run that a soft line break of quoted-printable may be behind."""
RUN = "run"
"""A run of letters and digits."""
NUMBERS = "numbers"
"""A run of numbers and commas."""
NULS = "nuls"
"""A run in which every second byte, or three of four, are NUL."""

ESCAPE_SIGNS = b"%\\&="
"""What the escapes of a text start with."""

SHORTEST_LIST = 127
"""A list of numbers of this length cannot be missed, and no shorter one counts; the same for what
is nothing but escapes."""

FEWEST_COMMAS = 43
"""Between the numbers that stand for a key; and no fewer signs are in a key of escapes alone."""
