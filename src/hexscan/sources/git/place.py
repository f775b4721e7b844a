"""Where a key is in a repository, and how it can be reached. Asked only once one is found."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress

from hexscan.errors import SourceError
from hexscan.finding import Finding, GitPlace
from hexscan.redaction import redact
from hexscan.sources.git.appearances import Appearance, Appearances, appearances, may_hide
from hexscan.sources.git.commits import Commits, listed
from hexscan.sources.git.door import Git
from hexscan.sources.git.range import lines_file
from hexscan.sources.git.reach import DANGER, Reach, Refs
from hexscan.sources.git.reached import Reached
from hexscan.sources.git.repository import Repository
from hexscan.sources.git.traces import Traces
from hexscan.values import dataclass, field, replace

_TREE = ("ls-tree", "-r", "-t", "-z", "--full-tree", "HEAD")
_INDEX = ("ls-files", "--stage", "-z")


@dataclass(frozen=True, slots=True)
class Placed:
    """Findings with their places, what hindered the placing, and what it leaves to the next one.

    Without ``traces`` it was hindered, or there was nothing to place.
    """

    findings: list[Finding]
    hindrances: list[str] = field(default_factory=list)
    traces: Traces | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What the caller of :func:`place` knows already.

    ``commits`` are all that may have brought anything in or taken it out, and ``reached`` tells how
    commits are reached. ``narrow`` finds out, if it is called, which of some commits need not be
    looked through, while git does something else. At most so many ``processes`` of git look through
    commits at a time.
    """

    commits: Commits | None = None
    reached: Reached | None = None
    narrow: Callable[[Commits], Commits] | None = None
    processes: int = 1


def place(repository: Repository, findings: Sequence[Finding], hints: Hints) -> Placed:
    """Find the places of findings in the repository.

    Findings that are in no object stay as they are. The path of one in a blob or tree becomes the
    path at which a commit brought it in; without such a commit it stays the object's name.
    """
    if not any(finding.git for finding in findings):
        return Placed(list(findings))
    placer = _Placer(repository, findings, hints)
    placed = [placer.placed(finding) for finding in findings]
    return Placed(placed, placer.warnings, placer.traces())


class _Placer:
    """What is known of all the objects with findings."""

    def __init__(self, repository: Repository, findings: Sequence[Finding], hints: Hints) -> None:
        self.warnings: list[str] = []
        self._repository = repository
        places = [finding.git for finding in findings if finding.git]
        blobs = {place.object for place in places if place.type == "blob"}
        names = {
            finding.location.path
            for finding in findings
            if finding.git and finding.git.type == "tree"
        }
        self._commits = {place.object for place in places if place.type == "commit"}
        self._refs = Refs(repository)
        with ExitStack() as running:
            # Side by side: what git looks through takes it long, and it is asked a lot.
            self._refs.start(hints.reached, running)
            dates = _asked_dates(repository, self._commits, running)
            head = running.enter_context(repository.git(_TREE))
            index = running.enter_context(repository.git(_INDEX))
            bare = running.enter_context(repository.ask_bare())
            self._appearances = _appearances(repository, blobs, names, hints)
            added = self._appearances.added.values()
            introducing = {one.commit for some in added for one in some}
            self._looked_up = introducing | self._commits
            self._refs.look_up(self._looked_up, hints.reached)
            self._dates = _dates(repository, dates, self._commits)
            self._head = _in_head(repository, head, blobs, names)
            self._index = _index(repository, index, blobs, names)
            self._bare = repository.is_bare(bare)
        for trouble in (self._appearances.trouble, self._refs.trouble):
            if trouble:
                self.warnings.append(f"places of keys may be wrong or missing: {trouble}")

    def traces(self) -> Traces | None:
        """Return what is to be known another time, unless something was in the way."""
        reached = None if self.warnings else self._refs.looked_up(self._looked_up)
        if reached is None:
            return None
        return Traces(tuple(sorted(self._appearances.commits())), reached)

    def placed(self, finding: Finding) -> Finding:
        """Return a finding with its place."""
        if finding.git is None:
            return finding
        finding = replace(finding, git=replace(finding.git, bare=self._bare))
        assert finding.git is not None  # noqa: S101 - it was put there
        if finding.git.type == "commit":
            return replace(finding, git=self._of_commit(finding.git))
        if finding.git.type == "tag":
            return replace(finding, git=self._of_tag(finding.git))
        key = finding.git.object if finding.git.type == "blob" else finding.location.path
        return self._of_content(finding, finding.git, key)

    def _of_commit(self, git: GitPlace) -> GitPlace:
        refs = self._refs.containing(git.object)
        return replace(
            git,
            commit=git.object,
            commit_date=self._dates.get(git.object),
            in_head=b"HEAD" in refs,
            refs=_named(refs),
            reach=self._refs.reach(git.object),
        )

    def _of_tag(self, git: GitPlace) -> GitPlace:
        refs = self._refs.pointing_at(git.object)
        return replace(git, refs=_named(refs), reach="local" if refs else "unreachable")

    def _of_content(self, finding: Finding, git: GitPlace, key: str | bytes) -> Finding:
        added = self._appearances.added.get(key, [])
        git = replace(git, in_head=key in self._head, in_index=key in self._index)
        if not added:
            staged = self._index.get(key)
            path = finding.location.path if staged is None else redact(staged)
            reach: Reach = "unreachable" if staged is None else "local"
            return replace(
                finding,
                git=replace(git, reach=reach),
                location=replace(finding.location, path=path),
            )
        first = min(added, key=self._order)
        refs = {name for one in added for name in self._refs.containing(one.commit)}
        git = replace(
            git,
            commit=first.commit,
            commit_date=first.date,
            removed_in=None if git.in_head else self._removed(key, first),
            refs=_named(refs),
            reach=min((self._refs.reach(one.commit) for one in added), key=DANGER.index),
        )
        location = replace(finding.location, path=redact(first.path))
        return replace(finding, git=git, location=location)

    def _order(self, one: Appearance) -> tuple[int, int, str, str]:
        """Order what brought a key in: most dangerous first, then no merges, then the oldest."""
        danger = DANGER.index(self._refs.reach(one.commit))
        return danger, max(one.parents, 1), one.date, one.commit

    def _removed(self, key: str | bytes, first: Appearance) -> str | None:
        removed = self._appearances.removed.get(key, [])
        same_path = [one for one in removed if one.path == first.path] or removed
        if not same_path:
            return None
        return min(same_path, key=lambda one: (max(one.parents, 1), one.date, one.commit)).commit


def _named(refs: Iterable[bytes]) -> tuple[str, ...]:
    """Return full names of refs as text, without those that are no branches and no tags."""
    every = sorted(redact(ref) for ref in refs if ref not in (b"HEAD", b"refs/stash"))
    return tuple(ref.decode("utf-8", "backslashreplace") for ref in every)


def _appearances(
    repository: Repository, blobs: set[str], names: set[bytes], hints: Hints
) -> Appearances:
    if not (blobs or names):
        return Appearances()
    commits = listed(repository) if hints.commits is None else hints.commits
    if hints.narrow:
        commits = hints.narrow(commits)
    return appearances(repository, blobs, names, commits, hints.processes)


def _asked_dates(repository: Repository, commits: set[str], running: ExitStack) -> Git | None:
    """Ask for the dates of commits, if there are any."""
    if not commits:
        return None
    names = running.enter_context(lines_file(name.encode("ascii") for name in sorted(commits)))
    arguments = ("rev-list", "--no-walk", "--stdin", "--format=%H %cI")
    return running.enter_context(repository.git(arguments, names))


def _dates(repository: Repository, asked: Git | None, commits: set[str]) -> dict[str, str]:
    if asked is None:
        return {}
    lines = repository.told(asked)
    told = (line.decode("ascii", "replace").partition(" ") for line in lines)
    return {commit: date for commit, _, date in told if commit in commits}


def _in_head(
    repository: Repository, asked: Git, blobs: set[str], names: set[bytes]
) -> set[str | bytes]:
    """Return which of the blobs and names are in the tree of HEAD."""
    found: set[str | bytes] = set()
    for entry in _chosen(repository, asked, len(b"100644 blob "), blobs, names):
        facts, _, path = entry.partition(b"\t")
        found.update({facts.split(b" ")[-1].decode("ascii")} & blobs)
        found.update({redact(part) for part in path.split(b"/")} & names)
    return found


def _index(
    repository: Repository, asked: Git, blobs: set[str], names: set[bytes]
) -> dict[str | bytes, bytes]:
    """Return the paths of those blobs and names that are in the index."""
    found: dict[str | bytes, bytes] = {}
    for entry in _chosen(repository, asked, len(b"100644 "), blobs, names):
        facts, _, path = entry.partition(b"\t")
        for blob in {facts.split(b" ")[1].decode("ascii")} & blobs:
            found.setdefault(blob, path)
        for part in {redact(part) for part in path.split(b"/")} & names:
            found.setdefault(part, path)
    return found


def _chosen(
    repository: Repository,
    asked: Git,
    at: int,
    blobs: set[str],
    names: set[bytes],
) -> Iterator[bytes]:
    """Yield those records of a list that may be about one of the blobs or names.

    ``at`` is where the name of a blob stands in a record. Nearly all are passed over by a look at
    that alone, since there can be a hundred thousand.
    """
    wanted = {blob.encode("ascii") for blob in blobs}
    end = at + repository.name_length
    for records in _records(asked):
        if names:
            yield from (one for one in records if one[at:end] in wanted or may_hide(one, end))
        else:
            yield from (one for one in records if one[at:end] in wanted)


def _records(asked: Git) -> Iterator[list[bytes]]:
    """Yield the records of a list that may not exist, as before the first commit."""
    with suppress(SourceError):
        yield from asked.records()
