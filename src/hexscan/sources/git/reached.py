"""What an earlier walk has told of the commits that were asked about, and what follows from it."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_

from hexscan.values import dataclass


@dataclass(frozen=True, slots=True)
class Reached:
    """Which commits were asked about, and which tips reach them.

    All names are hex. ``tips`` are what refs named, each once. ``rows`` has a number for each
    commit: its bits say which of the tips reach it, the first one as bit 0.
    """

    tips: tuple[bytes, ...]
    rows: Mapping[bytes, int]


def put_down(tips: Sequence[bytes], masks: Mapping[bytes, int]) -> Reached:
    """Put down a walk, of which ``masks`` tells which tips reach each commit.

    A tip may stand there more than once.
    """
    places: dict[bytes, int] = {}
    bits = [1 << places.setdefault(tip, len(places)) for tip in tips]
    rows = {
        commit: reduce(or_, (bit for at, bit in enumerate(bits) if mask >> at & 1), 0)
        for commit, mask in masks.items()
    }
    return Reached(tuple(places), rows)


def passed_on(known: Reached, frontier: Mapping[bytes, int]) -> dict[bytes, int] | None:
    """Return which refs reach the commits that were asked about before.

    ``frontier`` has the commits at which a walk has come back to what the earlier one has been
    through, each with the refs that reach it, as bits. ``None`` where that does not tell.
    """
    places = {tip: place for place, tip in enumerate(known.tips)}
    masks = dict.fromkeys(known.rows, 0)
    for tip, mask in frontier.items():
        if mask and tip not in places:
            return None
        for commit, row in known.rows.items():
            if mask and row >> places[tip] & 1:
                masks[commit] |= mask
    return masks
