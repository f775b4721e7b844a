"""The judgement of a run: which findings a person has settled, and which files are passed over."""

from __future__ import annotations

import os

from hexscan.blob import CONTENT
from hexscan.finding import UnusedMark
from hexscan.redaction import redact
from hexscan.suppression.inline import Marks, is_text
from hexscan.values import dataclass, field, replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hexscan.blob import Blob, Origin
    from hexscan.finding import Finding, Suppression

IGNORED_BY_MIX = "ignored by mix.exs"

EVERYWHERE = "*"
"""The path of a baseline's entry that holds in every file."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What counts as a judgement.

    ``honoured`` is whether marks and the baseline suppress at all; with ``require_reason`` only
    those that say why. ``baseline`` holds the judgements of a baseline by fingerprint and path.
    ``root`` is the directory that paths of the baseline and ``mix_globs`` are
    relative to, empty for the current one. ``unused_marks`` is whether marks that allow nothing
    are looked for.
    """

    honoured: bool = True
    require_reason: bool = False
    baseline: Mapping[tuple[str, str], Suppression] = field(default_factory=dict)
    mix_globs: tuple[str, ...] = ()
    root: bytes = b""
    unused_marks: bool = False

    def for_objects(self) -> Policy:
        """Return the policy for git's objects, without what is bound to a path.

        An object can be under many paths, and is read under one of them: to judge it by that one
        would judge it under all.
        """
        everywhere = {
            place: told for place, told in self.baseline.items() if place[1] == EVERYWHERE
        }
        return replace(self, baseline=everywhere, mix_globs=())


class Ways:
    """Ways from a directory, by default the current one, to paths as reports print them."""

    __slots__ = ("_by_directory", "_root")

    def __init__(self, root: bytes) -> None:
        self._root = os.path.realpath(root or b".")
        # With a slash at its end, or empty for the root itself.
        self._by_directory: dict[bytes, bytes] = {}

    def to(self, path: bytes) -> bytes:
        """Return the way to a path, which is relative to the current directory or absolute."""
        cut = path.rfind(b"/") + 1
        directory, name = path[:cut], path[cut:]
        known = self._by_directory.get(directory)
        if known is None:
            real = os.path.realpath(directory or b".")
            relative = os.path.relpath(real, self._root)
            known = b"" if relative == b"." else relative + b"/"
            self._by_directory[directory] = known
        return known + name


class Judge:
    """Applies a policy to one run. ``warnings`` and ``unused`` fill while it does."""

    def __init__(self, policy: Policy) -> None:
        self.warnings: list[str] = []
        self.unused: list[UnusedMark] = []
        self._policy = policy
        self._baseline = policy.baseline
        self._globs = []
        if policy.mix_globs:
            from hexscan.suppression.glob import Glob  # noqa: PLC0415 - for Elixir projects

            self._globs = [Glob(glob) for glob in policy.mix_globs]
        self._by_path = any(path != EVERYWHERE for _, path in self._baseline)
        self._ways = Ways(policy.root)

    def passes_over(self, origin: Origin) -> str | None:
        """Say why what comes from there is left out, or return ``None``."""
        if self._globs:
            path = os.fsdecode(self._ways.to(origin.path))
            if any(glob.matches(path) for glob in self._globs):
                return IGNORED_BY_MIX
        return None

    def watched(self, blob: Blob, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Judge the findings of a blob, and note the marks in it that allow nothing.

        In a member of an archive they are not looked for: it is seldom where a mark is mended.
        ``findings`` must not have been asked for yet: their bytes pass here as well.
        """
        marks = None
        origin = blob.origin
        is_file = origin.place == CONTENT and not origin.container and blob.base is None
        if self._policy.unused_marks and is_file and is_text(blob.head):
            marks = Marks()
            if blob.rest is None:
                marks.see_all(blob.head)
            else:
                marks.see(blob.head)
                blob.rest = _seen(blob.rest, marks)
        lines = set()
        for finding in findings:
            lines.add(finding.location.line)
            yield self.judged(finding)
        if marks is not None:
            marks.end()
            path = redact(blob.origin.path)
            self.unused += (UnusedMark(path, line) for line in marks.unused(lines))

    def judged(self, finding: Finding) -> Finding:
        """Return a finding with the judgement that holds for it, or with none."""
        mark = finding.suppressed
        if not self._policy.honoured:
            return finding if mark is None else replace(finding, suppressed=None)
        judgement = mark or self._baseline.get((finding.fingerprint, EVERYWHERE))
        if judgement is None and self._by_path:
            way = os.fsdecode(self._ways.to(finding.location.path))
            judgement = self._baseline.get((finding.fingerprint, way))
        if judgement and self._policy.require_reason and not judgement.reason:
            self._warn_of_no_reason(finding, judgement.kind)
            judgement = None
        return replace(finding, suppressed=judgement)

    def _warn_of_no_reason(self, finding: Finding, kind: str) -> None:
        what = "hexscan:allow" if kind == "inline" else "the baseline's entry"
        where = f"{os.fsdecode(finding.location.path)}:{finding.location.line}"
        self.warnings.append(f"{where}: {what} gives no reason, and so allows nothing")


def _seen(chunks: Iterator[memoryview], marks: Marks) -> Iterator[memoryview]:
    for chunk in chunks:
        marks.see(chunk)
        yield chunk
