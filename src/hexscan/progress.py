"""How far a run is: what whoever waits for it is told."""

from __future__ import annotations

from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    Watcher: TypeAlias = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    ``done`` counts files, or in a repository objects, of which there are ``of``; how many files
    there are nobody knows before the end, and ``of`` is ``None``. ``bytes`` were read so far, and
    ``findings`` found that nobody has judged.
    """

    done: int
    of: int | None
    bytes: int
    findings: int
