"""What the directories below one named directory share while they are walked."""

from __future__ import annotations

from hexscan.values import dataclass, field

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import TypeAlias

    from hexscan.blob import Blob, Files, Skip
    from hexscan.sources.entries import Entries
    from hexscan.sources.ignore import Rules
    from hexscan.sources.manifest import Manifest

    Item: TypeAlias = Blob | Skip
    InScope: TypeAlias = Blob | Skip | Files | Manifest


@dataclass(slots=True)
class Directory:
    """A directory that is still to be read.

    ``prefix`` is what the paths of its entries begin with, empty for the current directory;
    ``rules`` are those of the directories above it. ``top`` is the real path of the git work tree
    that it is known to lie in. ``asks_git`` is off where every file is to be read.
    """

    prefix: bytes
    rules: Rules
    asks_git: bool
    top: bytes | None = None

    @property
    def path(self) -> bytes:
        """The directory itself, as a person would write it."""
        return self.prefix[:-1] or self.prefix or b"."


@dataclass(slots=True)
class Scope:
    """One named directory: what its parts need to know of the whole.

    Patterns are asked about paths from the ``anchor``, the top of the git work tree or else the
    named directory: the first ``cut`` bytes of a printed path are replaced by ``lead``.
    """

    entries: Entries
    warnings: list[str]
    enters_git: bool
    cut: int = 0
    lead: bytes = b""
    pending: list[Directory] = field(default_factory=list)

    def anchored(self, path: bytes) -> bytes:
        """Return a path as patterns see it; with a slash at its end if it has one."""
        return self.lead + path[self.cut :]

    def warn(self, text: str) -> None:
        """Say something that a person should know, once."""
        if text not in self.warnings:
            self.warnings.append(text)
