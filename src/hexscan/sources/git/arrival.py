"""How what was found in git's objects can be reached: asked only when something was found."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal

from hexscan.blob import Blob, Origin
from hexscan.errors import SourceError
from hexscan.finding import Finding, GitPlace
from hexscan.redaction import redact
from hexscan.sources.git.door import Git
from hexscan.sources.git.range import Range
from hexscan.sources.git.stored import Objects
from hexscan.values import replace

_COMMITTER = re.compile(rb"^committer [^\n]* (\d{1,12}) ([+-])(\d\d)(\d\d)$", re.MULTILINE)


def placed(findings: Iterable[Finding], within: Range) -> tuple[Finding, ...]:
    """Return findings in objects of a range, each with the commit that brings its object in."""
    found = tuple(findings)
    objects = {finding.git.object for finding in found if finding.git}
    if not objects:
        return found
    commits = within.commits_of(objects)
    dates = dict(_dates(sorted(set(commits.values()) - {""})))
    in_head = _in_head(objects)
    places: dict[str, GitPlace] = {}
    for finding in found:
        git = finding.git
        if git and git.object not in places:
            commit = None if git.type == "tag" else commits.get(git.object) or None
            places[git.object] = _place(git, commit, dates.get(commit or ""), in_head)
    return tuple(
        replace(finding, git=places[finding.git.object]) if finding.git else finding
        for finding in found
    )


def _place(git: GitPlace, commit: str | None, date: str | None, in_head: set[str]) -> GitPlace:
    refs = _refs("--contains", commit) if commit else _refs("--points-at", git.object)
    is_in_head = git.object in in_head
    return replace(
        git,
        commit=commit,
        commit_date=date,
        in_head=is_in_head,
        refs=refs,
        reach=_reach(refs, in_head=is_in_head),
    )


def _reach(refs: tuple[str, ...], *, in_head: bool) -> Literal["published", "local"] | None:
    if any(ref.startswith("refs/remotes/") for ref in refs):
        return "published"
    return "local" if refs or in_head else None


def _refs(which: str, name: str) -> tuple[str, ...]:
    """Return the refs that contain a commit, or point at an object, any key in them masked.

    None if git cannot tell.
    """
    return tuple(map(redact, _lines("for-each-ref", "--format=%(refname)", f"{which}={name}")))


def _in_head(objects: set[str]) -> set[str]:
    """Return those of some objects that are in the tree or the history of ``HEAD``."""
    names = set()
    for record in _lines("ls-tree", "-r", "-t", "-z", "--full-tree", "HEAD", end=b"\0"):
        names.add(record.partition("\t")[0].rpartition(" ")[2])
    names.update(_lines("rev-list", "HEAD"))
    return objects & names


def _dates(commits: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the day and time of commits, in ISO 8601; a commit that tells none is left out."""
    with Objects() as objects:
        for item in objects.read((name.encode("ascii"), Origin(b"")) for name in commits):
            if isinstance(item, Blob) and item.origin.git_object:
                stamp = committed_at(bytes(item.head))
                if stamp:
                    yield item.origin.git_object[0], stamp


def committed_at(commit: bytes) -> str | None:
    r"""Return when a commit was made, in ISO 8601 and the committer's own time zone.

    >>> committed_at(b"tree 0\ncommitter A <a@b> 1700000000 +0130\n\nwords")
    '2023-11-14T23:43:20+01:30'
    """
    match = _COMMITTER.search(commit.partition(b"\n\n")[0])
    if match is None:
        return None
    seconds, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == b"-" else 1)
    try:
        moment = datetime.fromtimestamp(int(seconds), UTC)
        return moment.astimezone(timezone(offset)).isoformat()
    except (OverflowError, ValueError, OSError):
        return None


def _lines(*arguments: str, end: bytes = b"\n") -> list[str]:
    """Return what a git command tells; nothing where it fails, as before the first commit."""
    try:
        with Git(arguments) as git:
            records = [record for records in git.records(end) for record in records]
    except SourceError:
        return []
    return [record.decode("utf-8", "backslashreplace") for record in records]
