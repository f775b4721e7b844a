"""What a repository's object store is made of, and whether it has changed since."""

import os
import re

from hexscan.sources.git.door import Git
from hexscan.sources.git.repository import Repository
from hexscan.values import dataclass

_FOLDER = re.compile(rb"[0-9a-f]{2}")
_GONE = re.compile(r"error: (object directory .+ does not exist|unable to normalize alternate.*)")


@dataclass(frozen=True, slots=True)
class Survey:
    """The object store of one repository, as ``git count-objects`` tells it.

    ``loose`` and ``packed`` are numbers of objects, without those of alternates. ``directories``
    are those that hold objects: its own, and those of alternates. ``gone`` says in git's words
    which alternates are not there.
    """

    loose: int
    packed: int
    packs: int
    directories: tuple[bytes, ...]
    gone: tuple[str, ...]

    @property
    def is_one_pack(self) -> bool:
        """Whether all objects lie in a single pack, and that is the repository's own."""
        return not self.loose and self.packs <= 1 and len(self.directories) == 1 and not self.gone

    def pack_files(self) -> frozenset[bytes]:
        """Return the paths of all packs and their indexes, as they are now.

        Git lists objects by the packs that it knows of. Who repacks meanwhile moves objects from
        where git has not looked yet to where it does not look any more; the packs tell.
        """
        found: set[bytes] = set()
        for directory in self.directories:
            folder = directory + b"/pack"
            try:
                names = os.listdir(folder)  # noqa: PTH208 - paths are bytes
            except OSError:
                continue  # no pack yet, or none that could be read
            found.update(folder + b"/" + name for name in names if name.startswith(b"pack-"))
        return frozenset(path for path in found if path.endswith((b".pack", b".idx")))

    def loose_names(self, length: int) -> list[bytes]:
        """Return the raw names of the loose objects of its own; ``length`` is that of one in hex.

        Raises ``OSError``.
        """
        found = []
        own = self.directories[0]
        for folder in os.listdir(own):  # noqa: PTH208 - paths are bytes
            if _FOLDER.fullmatch(folder):
                found += [folder + name for name in os.listdir(own + b"/" + folder)]  # noqa: PTH208 - the same
        is_name = re.compile(rb"[0-9a-f]{%d}" % length).fullmatch
        return [bytes.fromhex(name.decode("ascii")) for name in found if is_name(name)]


def ask(repository: Repository) -> Git:
    """Ask git what a repository's objects are in; :func:`told` waits for the answer."""
    return repository.git(("count-objects", "-v"))


def told(repository: Repository, command: Git) -> Survey:
    """Return what git answers to :func:`ask`. Raises ``SourceError`` if it fails."""
    facts = [line.partition(b": ")[::2] for line in command.content().splitlines()]
    complaints = command.complaints()
    numbers = {name: int(value) for name, value in facts if value.isdigit()}
    own = repository.common_dir + b"/objects"
    lent = [_unquoted(value) for name, value in facts if name == b"alternate"]
    gone = dict.fromkeys(match[1] for line in complaints if (match := _GONE.match(line)))
    return Survey(
        loose=numbers[b"count"],
        packed=numbers[b"in-pack"],
        packs=numbers[b"packs"],
        directories=(own, *lent),
        gone=tuple(gone),
    )


_ESCAPED = re.compile(rb"\\([abfnrtv\"\\]|[0-7]{3})")
_LETTERS = dict(zip(b"abfnrtv", b"\a\b\f\n\r\t\v", strict=True))


def _unquoted(path: bytes) -> bytes:
    """Return a path that git has quoted in the manner of C, if it has."""
    if not path.startswith(b'"'):
        return path

    def plain(match: re.Match[bytes]) -> bytes:
        code = match[1]
        return bytes([int(code, 8) if len(code) > 1 else _LETTERS.get(code[0], code[0])])

    return _ESCAPED.sub(plain, path[1:-1])
