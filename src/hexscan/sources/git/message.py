"""A commit message as git will store it, while it is still a file for the hook ``commit-msg``.

The hook sees the file before git cleans it up. What git takes out is never stored, and a key there
is no leak: the diff that ``git commit --verbose`` shows below a line with scissors, and, after an
editor, comments. The rules are those of ``git help commit``, ``--cleanup``.
"""

from __future__ import annotations

import os
import stat

from hexscan.blob import FAILURE, Blob, Origin, Skip
from hexscan.errors import SourceError
from hexscan.sources.files import Reader, reason
from hexscan.sources.git.door import Git, answer, is_new_enough
from hexscan.sources.git.safety import VERSION
from hexscan.values import dataclass

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hexscan.sources.scope import Item

_SCISSORS = b" ------------------------ >8 ------------------------"
# What git tries in turn for core.commentChar=auto, until no line of the message begins with it.
_CANDIDATES = (b"#", b";", b"@", b"!", b"$", b"%", b"^", b"&", b"|", b":")
# Before, git knew no core.commentString, and core.commentChar was one character.
_KNOWS_STRINGS = (2, 45)

_SETTINGS = r"^(core\.comment(char|string)|commit\.cleanup)$"

# What git takes for a blank, whatever the locale.
_BLANKS = b" \t\n\r"


@dataclass(frozen=True, slots=True)
class Cleanup:
    """How git cleans a message up: the settled form of its settings.

    ``mode`` is ``strip``, ``scissors``, ``whitespace`` or ``verbatim``. ``comment`` is what a
    comment begins with, ``auto`` where git has chosen that for this message. ``edited`` is whether
    the message has been in an editor.
    """

    mode: str = "strip"
    comment: bytes = b"#"
    edited: bool = True


class Message:
    """The message in a file, which a commit is about to be made with."""

    def __init__(self, path: bytes) -> None:
        self._path = path

    def items(self) -> Iterator[Item]:
        """Yield the message as it will be stored, or why it cannot be read.

        Lines and offsets of what is found count in the stored message. Raises ``SourceError``
        where git is missing.
        """
        cleanup = settle(_settings(), os.environ)
        try:
            text = _read(self._path)
        except OSError as error:
            yield Skip(Origin(self._path), FAILURE, reason(error))
            return
        if text is None:
            yield Skip(Origin(self._path), FAILURE, "not a regular file")
            return
        yield Blob(Origin(self._path), memoryview(stored(text, cleanup)))


def settle(settings: Sequence[tuple[str, bytes]], variables: Mapping[str, str]) -> Cleanup:
    """Turn git's settings, in the order in which git tells them, into what will be done.

    Git runs its hooks with ``GIT_EDITOR=:`` if the message was not edited (``-m``, ``-F``), and
    then keeps comments unless it is told to strip. The option ``--cleanup`` cannot be seen here.
    """
    edited = variables.get("GIT_EDITOR") != ":"
    mode, comment = "default", b"#"
    for name, value in settings:
        if name == "commit.cleanup":
            mode = value.decode("utf-8", "replace")
        elif name == "core.commentchar" or is_new_enough(answer(VERSION), _KNOWS_STRINGS):
            comment = value
    if mode not in ("strip", "scissors", "whitespace", "verbatim"):
        mode = "strip" if edited else "whitespace"  # what git calls "default"
    return Cleanup(mode, comment or b"#", edited)


def stored(text: bytes, cleanup: Cleanup) -> bytes:
    """Return a message as git will store it."""
    lines = text.split(b"\n")
    comment = cleanup.comment
    if comment == b"auto":
        comment = _chosen(lines)
    if comment and cleanup.edited:
        # Git cuts here where it has put the line there itself: for scissors, and for --verbose,
        # which cannot be seen from here. But then git says below it what the line is for.
        cut = comment + _SCISSORS
        if cut in lines:
            at = lines.index(cut)
            below = lines[at + 1 : at + 2]
            if cleanup.mode == "scissors" or (below and below[0].startswith(comment)):
                del lines[at:]
    if cleanup.mode == "verbatim":
        return b"\n".join(lines)
    if comment and cleanup.mode == "strip":
        lines = [line for line in lines if not line.startswith(comment)]
    return _without_blanks(lines)


def _without_blanks(lines: list[bytes]) -> bytes:
    """Drop blanks at line ends, and empty lines but one between paragraphs, as `git stripspace`."""
    kept: list[bytes] = []
    for line in lines:
        bare = line.rstrip(_BLANKS)
        if bare or (kept and kept[-1]):
            kept.append(bare)
    if kept and not kept[-1]:
        kept.pop()
    return b"\n".join([*kept, b""]) if kept else b""


def _chosen(lines: list[bytes]) -> bytes:
    """Return the comment character that git has chosen for an edited message; empty if none shows.

    It is the first candidate that no line of the message began with, and git's own comments come
    last. Where these two do not agree there are no comments to be sure of, and all is read.
    """
    last = next((line[:1] for line in reversed(lines) if line.strip(_BLANKS)), b"")
    for line in lines:
        if line.endswith(_SCISSORS) and line[:1] in _CANDIDATES and len(line) == len(_SCISSORS) + 1:
            return line[:1]
    begun = {line[:1] for line in lines}
    if last in _CANDIDATES and begun.issuperset(_CANDIDATES[: _CANDIDATES.index(last)]):
        return last
    return b""


def _settings() -> list[tuple[str, bytes]]:
    try:
        with Git(("config", "-z", "--get-regexp", _SETTINGS)) as git:
            records = [record for records in git.records() for record in records]
    except SourceError as error:
        if str(error) == "git ended with status 1":
            return []  # none of them is set
        raise
    pairs = [record.partition(b"\n") for record in records]
    return [(name.decode("utf-8", "replace"), value) for name, _, value in pairs]


def _read(path: bytes) -> bytes | None:
    """Return the content of a regular file, and ``None`` for anything else; a FIFO may never end.

    Raises ``OSError``.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - paths are bytes
        return None
    reader = Reader()
    try:
        head, rest = reader.read(path, follow=True)
        return b"".join([bytes(head), *map(bytes, rest or ())])
    finally:
        reader.close()
