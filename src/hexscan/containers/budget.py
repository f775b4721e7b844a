"""How much may be unpacked from one outermost file, and how much has been."""

from __future__ import annotations

from hexscan.containers.failure import HOW_TO_EXCLUDE
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from hexscan.match import Data

    class Gate(Protocol):
        """A :class:`hexscan.scanner.Scanner` that is asked where it need not scan."""

        def suspects(self, data: Data) -> bool:
            """Tell whether anything could be found in ``data``; ``False`` is certain."""

        def doubts(self, data: Data) -> Callable[[int, int], int]:
            """Ask at once about many members that lie in ``data``; see the scanner."""


MAX_EXPANDED = 8 << 30
MAX_RATIO = 1000
MAX_MEMBERS = 1_000_000
MAX_DEPTH = 8

_FREE_OF_RATIO = 64 << 20


class LimitError(Exception):
    """A file unpacks to more than it may; the message is the reason, in a few words.

    It ends the unpacking of the outermost file, and never leaves the engine.
    """


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be unpacked from one outermost file, across all nesting.

    ``expanded`` counts bytes that come out of decompression and of holes in sparse files;
    ``ratio`` is these to the bytes of the outermost file, and counts from 64 MiB on; ``members``
    counts members at every depth; ``depth`` is how many containers may stand in one another.
    """

    expanded: int = MAX_EXPANDED
    ratio: int = MAX_RATIO
    members: int = MAX_MEMBERS
    depth: int = MAX_DEPTH


class Budget:
    """What is left of the limits for one outermost file.

    ``size`` is the number of bytes in that file, as far as they are known by now. ``gate`` tells
    of bytes whether anything could be found in them: a member of which it says no need not be
    yielded.
    """

    __slots__ = ("_expanded", "_limits", "_members", "gate", "size")

    def __init__(self, limits: Limits, size: int, gate: Gate) -> None:
        self._limits = limits
        self.gate = gate
        self.size = size
        self._expanded = 0
        self._members = 0

    def expand(self, count: int) -> None:
        """Count unpacked bytes; raises :class:`LimitError`."""
        self._expanded = expanded = self._expanded + count
        limits = self._limits
        if expanded > limits.expanded:
            raise LimitError(
                f"unpacks to more than {limits.expanded} bytes, the limit of --max-expanded;"
                f" {HOW_TO_EXCLUDE}"
            )
        if expanded > _FREE_OF_RATIO and expanded > limits.ratio * self.size:
            raise LimitError(
                f"unpacks to more than {limits.ratio} times its size, the limit of --max-ratio;"
                f" {HOW_TO_EXCLUDE}"
            )

    def member(self, count: int = 1) -> None:
        """Count members; raises :class:`LimitError`."""
        self._members += count
        if self._members > self._limits.members:
            raise LimitError(
                f"holds more than {self._limits.members} members, the limit of --max-members;"
                f" {HOW_TO_EXCLUDE}"
            )

    def too_deep(self, depth: int) -> str | None:
        """Say why a container inside ``depth`` others is not opened, if it is not."""
        if depth < self._limits.depth:
            return None
        return (
            f"a container inside {depth} others, the limit of --max-depth, is not opened;"
            f" {HOW_TO_EXCLUDE}"
        )
