"""What a repository's own objects, refs and index name, and what is not there."""

import os
import re
from collections.abc import Iterator, Sequence

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.errors import SourceError
from hexscan.sources.git.objects import unreadable
from hexscan.sources.git.range import lines_file
from hexscan.sources.git.repository import Repository
from hexscan.sources.git.survey import Survey

WALKED_UP_TO = 50_000
"""A single pack of at most so many objects is walked through; it takes git a tenth of a second."""

_WALK = ("rev-list", "--objects", "--quiet", "--missing=print")
_EVERYTHING = ("--all", "--reflog", "--indexed-objects")
_COULD_NOT_READ = re.compile(r"Could not read ([0-9a-f]{40,64})")
_PRUNED = re.compile(r"warning: (reflog of '.*') references pruned commits")


def follows_all(survey: Survey) -> bool:
    """Tell whether :func:`missing_objects` follows every reference in such a repository."""
    return not (survey.is_one_pack and survey.packed > WALKED_UP_TO)


def missing_objects(
    repository: Repository, survey: Survey, whole: Sequence[bytes] = ()
) -> Iterator[Skip]:
    """Yield the objects that others refer to and that are not there.

    Git makes and fetches packs whole, and to follow every reference takes it a seventh of the time
    of the whole scan. So where all objects lie in a single large pack only the files of ``HEAD``
    and of the index are followed to their ends: who has lost another pack lacks some of those. That
    all refs have their objects is seen when the refs are listed.

    Everything that ``whole`` reach was seen to be there, and still is. If nothing is amiss beyond
    that, no more is followed.
    """
    for why in survey.gone:
        yield Skip(Origin(repository.path), FAILURE, f"objects are borrowed from elsewhere: {why}")
    if not follows_all(survey):
        tips = ("--no-walk", "--indexed-objects", *_head(repository))
    elif whole and _is_all_there(repository, whole):
        return
    else:
        tips = _EVERYTHING
    with repository.git((*_WALK, *tips, "--")) as command:
        for line in command.lines():
            if line.startswith(b"?"):
                yield missing(repository, line)
        failure = command.failure()
        complaints = "\n".join(command.complaints())
    if failure:
        # Git goes no further than a commit that is missing, and names it in a line of its own.
        named = _COULD_NOT_READ.findall(complaints)
        reasons = [unreadable(name) for name in named] or [failure]
        yield from (Skip(Origin(repository.path), FAILURE, reason) for reason in reasons)
    for log in _PRUNED.findall(complaints):
        reason = f"{log} names commits that are gone; see `git reflog expire --stale-fix --all`"
        yield Skip(Origin(repository.path), FAILURE, reason)


def _is_all_there(repository: Repository, whole: Sequence[bytes]) -> bool:
    """Tell whether everything is there that some objects do not reach; ``False`` is not certain."""
    with (
        lines_file(b"^" + name for name in whole) as revisions,
        repository.git((*_WALK, *_EVERYTHING, "--stdin"), revisions) as command,
    ):
        if any(command.lines()) or command.failure() is not None:
            return False
        return not _PRUNED.search("\n".join(command.complaints()))


def missing(repository: Repository, line: bytes) -> Skip:
    """Return the failure for an object that ``rev-list`` has printed as missing."""
    return Skip(Origin(repository.path), FAILURE, unreadable(os.fsdecode(line[1:].split()[0])))


def _head(repository: Repository) -> tuple[str, ...]:
    """Return ``HEAD``, or nothing where nothing has been committed yet."""
    try:
        repository.lines(("rev-parse", "--verify", "--quiet", "HEAD"))
    except SourceError:
        return ()
    return ("HEAD",)
