"""What sources yield: bytes with their origin, or the reason why there are none."""

from __future__ import annotations

from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal, TypeAlias

    from hexscan.store import Store

    Place: TypeAlias = Literal["content", "name", "target"]

CONTENT: Literal["content"] = "content"
NAME: Literal["name"] = "name"
TARGET: Literal["target"] = "target"

POLICY: Literal["policy"] = "policy"
FAILURE: Literal["failure"] = "failure"


class ReadError(Exception):
    """Reading a blob broke off; the message is the reason, in a few words.

    Raised by :attr:`Blob.rest` only. It never leaves the engine, which turns it into a failure.
    """


@dataclass(slots=True)
class Origin:
    """Where bytes come from.

    ``path`` is the outermost file as the user would write it, in bytes; ``place`` is ``content``
    for what a file holds, ``name`` for its own name, ``target`` for the text of a symbolic link;
    ``container`` is the way inside an archive, empty for a plain file; ``git_object`` is the name
    and the type of the git object that holds the bytes.
    """

    path: bytes
    place: Place = CONTENT
    container: tuple[bytes, ...] = ()
    git_object: tuple[str, str] | None = None


@dataclass(slots=True)
class Blob:
    """Bytes to scan.

    ``head`` is the whole content when ``rest`` is ``None``, and else its first part, which the
    views of ``rest`` continue without gap. Every view is the source's own buffer: it holds until
    the next view of ``rest``, or the next blob, is asked for. ``rest`` raises :class:`ReadError`
    when reading breaks off.

    ``store`` reads the same bytes at any place, where the source can do that for a blob with a
    ``rest``; it holds until the next blob is asked for. ``base`` is set for a piece of what the
    origin names, and is the offset at which it starts there: a piece is no file of its own.
    """

    origin: Origin
    head: memoryview
    rest: Iterator[memoryview] | None = None
    store: Store | None = None
    base: int | None = None


@dataclass(slots=True)
class Files:
    """Regular files in scope that nobody has opened yet.

    The path of each is ``prefix`` with one of the ``names`` behind it, which end with a NUL each.
    What vanishes before it is opened fails the run where it is ``named``, which is to say by a
    person and not by a directory.
    """

    prefix: bytes
    names: bytes
    named: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """Something in reach of which no bytes were read, and why.

    ``kind`` is ``policy`` (left out by a rule, a device, excluded by the user) or ``failure``
    (permission, vanished, corrupt, over a limit): a run with a failure is not complete.
    """

    origin: Origin
    kind: Literal["policy", "failure"]
    reason: str
