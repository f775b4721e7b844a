"""What a scan tells: findings, and the report of a whole run. No plaintext of a key in either."""

from __future__ import annotations

from types import MappingProxyType

from hexscan import rule as rules
from hexscan.blob import CONTENT
from hexscan.values import dataclass, field, replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal, Self

    from hexscan.blob import Place, Skip


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where a key stands.

    ``path`` is the outermost file, in bytes, with any key in it masked; ``container`` the way
    inside it. ``offset`` and ``length`` are bytes of the original blob, ``[offset, offset +
    length)``. ``line`` and ``column`` count from 1, the column in characters of the line before
    the key, or in bytes where that is not UTF-8. For a ``place`` other than the content they count
    in the name as it was met: the last part of a path that was walked to, the whole of one that was
    named.
    """

    path: bytes
    container: tuple[bytes, ...]
    offset: int
    length: int
    line: int
    column: int
    place: Place = CONTENT


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of the line a key stands in, every key in it masked.

    ``text[start:end]`` is the mask of the key that was found.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class GitPlace:
    """Where in a repository a key is, and how it can be reached.

    ``object`` and ``type`` are git's own words; ``commit`` brought the key in, at ``commit_date``
    (ISO 8601), and ``removed_in`` took it out. ``refs`` are the branches and tags that contain it.
    ``reach`` is ``published`` where a remote-tracking ref has it, and else the best that is left.
    ``in_index`` and ``in_worktree`` tell whether it is staged, and still in the file at that path;
    ``None`` where nobody has looked, or where there is neither. ``bare`` is whether the repository
    is one that others may fetch from, and so what is ``local`` in it may be known elsewhere.
    """

    object: str
    type: str
    commit: str | None = None
    commit_date: str | None = None
    removed_in: str | None = None
    in_head: bool = False
    refs: tuple[str, ...] = ()
    reach: Literal["published", "local", "reflog", "stash", "unreachable"] | None = None
    in_index: bool | None = None
    in_worktree: bool | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Suppression:
    """A person's judgement that a finding needs no more attention.

    ``kind`` is ``inline`` for a mark beside the key, ``baseline`` for an entry of the baseline,
    which also knows ``who`` has judged and ``when``, an ISO date. No key stands in ``reason``.
    """

    kind: Literal["inline", "baseline"]
    reason: str = ""
    who: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True, order=True)
class UnusedMark:
    """A ``hexscan:allow`` that allows nothing; ``path`` is in bytes, any key in it masked."""

    path: bytes
    line: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One key at one place, told without its text."""

    rule: str
    severity: str
    location: Location
    preview: str
    fingerprint: str
    decoding: tuple[str, ...] = ()
    excerpt: Excerpt | None = None
    git: GitPlace | None = None
    suppressed: Suppression | None = None

    @property
    def fails(self) -> bool:
        """Whether it turns the exit status to 1: no lookalike does, and none that is judged."""
        return self.rule != rules.LOOKALIKE and self.suppressed is None

    @property
    def sort_key(self) -> tuple[Location, str, str]:
        """Origin, then offset, then rule, then object of git: the order in which all are told."""
        return self.location, self.rule, self.git.object if self.git else ""


@dataclass(frozen=True, slots=True)
class Report:
    """What a run found, and how complete it was.

    ``failures`` are told one by one; ``policies`` counts what was left out on purpose, by reason;
    ``warnings`` are things a person should know that make the run no less complete. ``objects``
    counts those of a git repository, and ``known`` those among them that an earlier run has proved
    clean, which are not read again; ``bytes`` has the sizes of the others. ``notes`` say what came
    in the way of that, for those who ask.
    ``suppressed`` holds what a person has judged, apart from ``findings``; ``unused`` the marks
    that allow nothing, if they were looked for, which fail a run that is ``strict``.
    """

    findings: tuple[Finding, ...] = ()
    failures: tuple[Skip, ...] = ()
    policies: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    warnings: tuple[str, ...] = ()
    files: int = 0
    bytes: int = 0
    seconds: float = 0.0
    objects: int = 0
    suppressed: tuple[Finding, ...] = ()
    unused: tuple[UnusedMark, ...] = ()
    strict: bool = False
    known: int = 0
    notes: tuple[str, ...] = ()

    def showing_suppressed(self) -> Self:
        """Return the report with the judged findings among the others, in their order."""
        everything = sorted(
            (*self.findings, *self.suppressed), key=lambda finding: finding.sort_key
        )
        return replace(self, findings=tuple(everything))

    @property
    def complete(self) -> bool:
        """Whether everything in scope was read to its last byte."""
        return not self.failures

    @property
    def exit_status(self) -> int:
        """Return 2 if something could not be read, else 1 if a key was found, else 0."""
        if self.failures:
            return 2
        if self.strict and self.unused:
            return 1
        return 1 if any(finding.fails for finding in self.findings) else 0
