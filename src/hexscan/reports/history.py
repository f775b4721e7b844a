"""The part of the text report about keys in the objects of a git repository.

Grouped by key, the most dangerous first: one that has been published cannot be taken back, one
that nothing reaches any more is gone with git's next clean-up.
"""

from collections.abc import Iterator, Sequence

from hexscan.finding import Finding, GitPlace
from hexscan.reports import escape, wording

_DANGER = ("published", "local", "reflog", "stash", "unreachable", None)

_REACHES = {
    "published": "already published",
    "local": "not published yet",
    "reflog": "only in the reflog",
    "stash": "only in a stash",
    "unreachable": "reachable by nothing, until git cleans up",
    None: "in the repository",
}

_SHORT = 12
_KINDS = (("refs/heads/", ""), ("refs/remotes/", ""), ("refs/tags/", "tag "))


def groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings in objects by key: most dangerous and then newest first, so within a key."""
    by_key: dict[str, list[Finding]] = {}
    # Stable sorts: what counts least comes first.
    ordered = sorted(findings, key=_date, reverse=True)
    for finding in sorted(ordered, key=_danger):
        by_key.setdefault(finding.fingerprint, []).append(finding)
    return list(by_key.values())


def lines(finding: Finding) -> Iterator[str]:
    """Yield what is known of the place of one finding, without indentation."""
    git = finding.git
    if git is None:
        return
    reach = wording.reach(git) if git.bare and git.reach == "local" else _REACHES[git.reach]
    yield f"{reach}: {_origin(git)}"
    where = [f"in {place}" for place in wording.still_in(git)]
    if git.refs:
        where.append("on " + ", ".join(escape.message(_short_ref(ref)) for ref in git.refs))
    if git.removed_in:
        where.append(f"taken out in {git.removed_in[:_SHORT]}")
    if where:
        yield "; ".join(where)


def advice(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what to do about the history, beyond what to do about any leak."""
    places = [finding.git for finding in findings if finding.fails and finding.git]
    # What `hexscan staged` has found has no history yet, and nobody has asked for it.
    reaches = {git.reach for git in places if git.reach}
    if not reaches:
        return
    yield "The history of this repository:"
    # What others may fetch is as good as published.
    if "published" in reaches or any(git.bare and git.reach == "local" for git in places):
        yield "  Published: rewriting history does not undo the leak. Others have copies, and forks"
        yield "  keep them. Revoke first; to clean up afterwards, for hygiene:"
        yield "     hexscan history --write-replacements ../replacements.txt"
        yield f"     git filter-repo {_filter_options(places)}"
    if any(map(_is_only_staged, places)):
        yield "  Only staged: take the key out of the file and stage that, or unstage the file:"
        yield "     git restore --staged FILE, or before the first commit git rm --cached FILE"
    if any(map(_is_unpublished, places)):
        yield "  Not published: take the key out before anything is pushed. Amend the last commit"
        yield "  (git commit --amend), or rebase from before the commit that brought the key in"
        yield "  (--root in place of COMMIT^ where that is the very first one):"
        for commit in _local_commits(places):
            yield f"     git rebase --interactive {commit}^"
    if "stash" in reaches:
        yield "  In a stash of this clone: drop it (git stash list, git stash drop), and then"
    elif reaches & {"reflog", "unreachable"}:
        yield "  Left over in this clone, until git cleans up; to do so now:"
    if reaches & {"reflog", "stash", "unreachable"}:
        yield "     git reflog expire --expire=now --all && git gc --prune=now"


def _filter_options(places: Sequence[GitPlace]) -> str:
    options = "--replace-text ../replacements.txt"
    if any(git.type in ("commit", "tag") for git in places):
        options += " --replace-message ../replacements.txt"
    return options


def _is_only_staged(git: GitPlace) -> bool:
    return bool(git.reach == "local" and git.in_index and not git.commit)


def _is_unpublished(git: GitPlace) -> bool:
    return git.reach == "local" and not git.bare and not _is_only_staged(git)


def _local_commits(places: Sequence[GitPlace]) -> list[str]:
    """Return the commits that brought in what is not published, the newest first."""
    local = {
        (place.commit_date or "", place.commit)
        for place in places
        if place.commit
        and _is_unpublished(place)
        and (place.in_head or any(ref.startswith("refs/heads/") for ref in place.refs))
    }
    return [commit[:_SHORT] for _, commit in sorted(local, reverse=True)]


def _origin(git: GitPlace) -> str:
    if git.commit is None:
        return f"{git.type} {git.object[:_SHORT]}"
    date = (git.commit_date or "")[: len("2026-01-31")]
    brought = "commit" if git.type == "commit" else "brought in by commit"
    return f"{brought} {git.commit[:_SHORT]} {date}".rstrip()


def _short_ref(ref: str) -> str:
    for prefix, word in _KINDS:
        if ref.startswith(prefix):
            return word + ref.removeprefix(prefix)
    return ref


def _date(finding: Finding) -> str:
    return (finding.git.commit_date if finding.git else None) or ""


def _danger(finding: Finding) -> tuple[bool, int]:
    return not finding.fails, _DANGER.index(finding.git.reach if finding.git else None)
