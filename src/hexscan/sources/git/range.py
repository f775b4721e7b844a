"""Every object that some revisions reach and others do not: what a range or a push holds."""

from __future__ import annotations

import os

from hexscan.blob import FAILURE, NAME, Blob, Origin, Skip
from hexscan.errors import SourceError
from hexscan.matcher import sift
from hexscan.sources.git.direction import wrong_way
from hexscan.sources.git.door import Git, answer, require_version
from hexscan.sources.git.nameless import nameless_file
from hexscan.sources.git.stored import MISSING, Objects, Wanted
from hexscan.sources.git.tree import split

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import IO, TypeAlias

    from hexscan.sources.git.known import Known
    from hexscan.sources.scope import Item

    Suspects: TypeAlias = Callable[[bytes | memoryview], bool]

CUT_OFF = "its parents are not here: a shallow clone (run `git fetch --unshallow`)"

# Oldest first, and every object behind the commit that brought it in. What a partial clone lacks
# is printed with a question mark, and not fetched.
_WALK = (
    "rev-list",
    "--objects",
    "--in-commit-order",
    "--topo-order",
    "--reverse",
    "--missing=print",
    "--stdin",
)


class Range:
    """The objects that ``revisions`` reach: blobs, commits, annotated tags, and names in trees.

    ``revisions`` are in git's own syntax, ``A..B`` and ``^A`` among them. What the
    remote-tracking branches of ``remote`` reach is left out. The repository is the one that the
    current directory and the variables of a git hook tell.

    With ``ends`` a commit whose parents a shallow clone does not have is a failure: the range has
    not been seen to its end. A push needs no more than what is here.
    """

    def __init__(
        self, revisions: Sequence[bytes], *, remote: bytes = b"", ends: bool = True
    ) -> None:
        for revision in revisions:
            if revision.startswith(b"-") or b"\n" in revision or not revision:
                raise SourceError(
                    f"bad revision '{os.fsdecode(revision)}'",
                    hint="name commits, as in origin/main..HEAD",
                )
        self._revisions = tuple(revisions)
        self._remote = _without_globs(remote)
        self._ends = ends
        self.warnings: list[str] = []
        """What a person should know; it fills while items are asked for."""
        self.suspects: Suspects = sift
        """Tells which names could hold what is looked for; those are yielded."""

    def items(self, known: Known | None = None) -> Iterator[Item]:
        """Yield a blob or a skip for every object; bytes hold until the next one is asked for.

        What is ``known`` is passed over, but for a commit that may be cut off.
        Raises ``SourceError`` where git is missing, too old, or knows no such revision.
        """
        require_version()
        cut_off = _shallow_commits() if self._ends else frozenset()
        is_empty = True
        with Objects() as objects:
            for lines in self._listed():
                is_empty = False
                wanted: list[Wanted] = []
                for line in lines:
                    name, _, path = line.partition(b" ")
                    if name.startswith(b"?"):
                        yield Skip(Origin(path or name[1:]), FAILURE, MISSING)
                    elif known is None or name in cut_off or not known.holds(name):
                        wanted.append((name, Origin(path)))
                for item, (name, _) in zip(objects.read(wanted), wanted, strict=True):
                    yield from _told(item, cut_off, self.suspects)
                    if known is not None:
                        known.told(name)
        if is_empty and len(self._revisions) == 1 and (why := wrong_way(self._revisions[0])):
            self.warnings.append(why)

    def commits_of(self, names: set[str]) -> dict[str, str]:
        """Return for each of these objects the commit that brings it in, if one does."""
        found: dict[str, str] = {}
        commit = ""
        for lines in self._listed():
            for line in lines:
                name, space, _ = line.decode("ascii", "replace").partition(" ")
                if not space:
                    commit = name
                if name in names:
                    found[name] = commit
        return found

    def _listed(self) -> Iterator[list[bytes]]:
        remote = os.fsdecode(self._remote)
        arguments = (*_WALK, "--not", f"--remotes={remote}") if remote else _WALK
        with lines_file(self._revisions) as revisions, Git(arguments, stdin=revisions) as git:
            yield from git.records(b"\n")


def lines_file(lines: Iterable[bytes]) -> IO[bytes]:
    """Return a temporary file with these lines, to be read by git from its start.

    A file and no pipe: git may write its answers before it has read everything.
    """
    file = nameless_file()
    file.writelines(line + b"\n" for line in lines)
    file.seek(0)
    return file


def _without_globs(remote: bytes) -> bytes:
    """Return a remote's name, empty if it is none: an address may hold what git takes for a glob.

    With a glob git would leave out what other remotes have.
    """
    return b"" if set(remote) & set(b"*?[\\") else remote


def _shallow_commits() -> frozenset[bytes]:
    """Return the commits whose parents a shallow clone has left out."""
    try:
        with open(answer(("rev-parse", "--git-path", "shallow")), "rb") as file:  # noqa: PTH123
            return frozenset(file.read().split())
    except OSError:
        return frozenset()  # the common case: everything is here


def _told(item: Item, cut_off: frozenset[bytes], suspects: Suspects) -> Iterator[Item]:
    """Yield what an object holds; what has no path is called by its type and name."""
    name, kind = item.origin.git_object or ("", "")
    if kind in ("commit", "tag") or not (item.origin.path or kind == "tree"):
        item.origin.path = f"{kind} {name}".encode("ascii")
    if isinstance(item, Blob) and kind == "tree":
        yield from _names(item, suspects)
        return
    if name.encode("ascii") in cut_off and isinstance(item, Blob) and _has_parents(item):
        yield Skip(Origin(item.origin.path), FAILURE, CUT_OFF)
    yield item


def _has_parents(commit: Blob) -> bool:
    return b"\nparent " in bytes(commit.head).partition(b"\n\n")[0]


def _names(tree: Blob, suspects: Suspects) -> Iterator[Item]:
    """Yield the names in a tree that could hold a key, and of what is no tree all of it."""
    if tree.rest is None and not suspects(tree.head):
        return
    data = b"".join([bytes(tree.head), *map(bytes, tree.rest or ())])
    prefix = tree.origin.path + b"/" if tree.origin.path else b""
    object_ = tree.origin.git_object
    names, end = split(data, len(object_[0]) // 2 if object_ else 0)
    for name in names:
        if suspects(name):
            yield Blob(Origin(prefix + name, NAME, git_object=object_), memoryview(name))
    if end < len(data):
        yield Blob(tree.origin, memoryview(data))
