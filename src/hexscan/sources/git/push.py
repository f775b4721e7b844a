"""What is about to be pushed, as git or pre-commit tell it to a pre-push hook."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hexscan.blob import NAME, Blob, Origin
from hexscan.errors import SourceError
from hexscan.sources.git.address import is_known_by_fetching
from hexscan.sources.git.door import Git
from hexscan.sources.git.range import Range, lines_file
from hexscan.values import dataclass

_FIELDS = 4
_NAME_LENGTHS = (40, 64)
_HEX = frozenset(b"0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Push:
    """What is pushed: ``new`` are revisions, ``known`` what the remote has, as far as was told."""

    new: tuple[bytes, ...]
    known: tuple[bytes, ...] = ()
    remote: bytes = b""
    refs: tuple[bytes, ...] = ()
    """The names under which the remote will have it, as far as they were told."""
    address: bytes = b""
    """Where it is pushed to, if that was told."""

    def names(self) -> Iterator[Blob]:
        """Yield the names of the refs: they are published, too."""
        for ref in self.refs:
            yield Blob(Origin(ref, NAME), memoryview(ref))

    def range(self) -> Range | None:
        """Return the objects that the remote does not have; ``None`` if nothing is pushed.

        What the remote has and nobody here has seen yet can leave out nothing.
        """
        if not self.new:
            return None
        told = [name for name in self.known if b"\n" not in name]
        known = [b"^" + name for name in _present(told)]
        remote = self.remote
        if self.address and remote and not is_known_by_fetching(remote, self.address):
            remote = b""
        return Range((*self.new, *known), remote=remote, ends=False)


def from_lines(lines: Iterable[bytes], remote: bytes = b"", address: bytes = b"") -> Push:
    """Read what git writes to a pre-push hook.

    A line is ``local-ref local-object remote-ref remote-object``. An object of zeros is none: on
    the left a ref is deleted, and nothing of it is pushed; on the right it is new. Raises
    ``SourceError`` for a line that is none of git's.
    """
    new: list[bytes] = []
    known: list[bytes] = []
    refs: list[bytes] = []
    for line in lines:
        fields = line.rstrip(b"\r\n").split(b" ")
        if len(fields) != _FIELDS or not all(map(_is_name, fields[1::2])):
            raise SourceError(
                "standard input is not what git writes to a pre-push hook",
                hint="`hexscan range REV..REV` scans commits by hand",
            )
        _, local, ref, there = fields
        if local.strip(b"0"):
            new.append(local)
            refs.append(ref)
        if there.strip(b"0"):
            known.append(there)
    return Push(tuple(new), tuple(known), remote, tuple(refs), address)


def from_pre_commit(variables: Mapping[str, str]) -> Push | None:
    """Read the variables that pre-commit gives to its hooks; ``None`` if it does not run them.

    It reads git's lines itself and tells the first ref alone, and of a push that brings a root
    commit not even from where: then the branch's own name is all there is. Called by hand it may
    tell nothing, and what would be pushed is ``HEAD``.
    """
    if "PRE_COMMIT" not in variables:
        return None
    from_ref = variables.get("PRE_COMMIT_FROM_REF", "")
    to_ref = variables.get("PRE_COMMIT_TO_REF") or variables.get("PRE_COMMIT_LOCAL_BRANCH")
    remote = os.fsencode(variables.get("PRE_COMMIT_REMOTE_NAME", ""))
    known = (os.fsencode(from_ref),) if from_ref else ()
    address = os.fsencode(variables.get("PRE_COMMIT_REMOTE_URL", ""))
    return Push((os.fsencode(to_ref or "HEAD"),), known, remote, address=address)


def _is_name(name: bytes) -> bool:
    return len(name) in _NAME_LENGTHS and set(name) <= _HEX


def _present(names: Sequence[bytes]) -> list[bytes]:
    """Return those of some objects that this repository has."""
    if not names:
        return []
    with lines_file(names) as file, Git(("cat-file", "--batch-check"), stdin=file) as git:
        answers = [line for lines in git.records(b"\n") for line in lines]
    pairs = zip(names, answers, strict=True)
    return [name for name, told in pairs if not told.endswith((b" missing", b" ambiguous"))]
