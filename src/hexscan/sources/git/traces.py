"""What a placing leaves to the next one of the same objects."""

from hexscan.sources.git.reached import Reached
from hexscan.values import dataclass


@dataclass(frozen=True, slots=True)
class Traces:
    """The commits that touched what was found, by their hex names, and what is known of tips.

    In no other commit that there was does anything of it come or go.
    """

    commits: tuple[bytes, ...]
    reached: Reached
