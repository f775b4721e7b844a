"""The expressions file for ``git filter-repo --replace-text``.

The only file with the text of keys that hexscan ever writes, and only when somebody asks for it. A
finding has no text, so the keys are read again from the repository.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress

from hexscan.blob import Blob, ReadError
from hexscan.errors import ReportError, SourceError
from hexscan.finding import Finding
from hexscan.sources.git.door import Git
from hexscan.sources.git.reader import Reader
from hexscan.sources.git.repository import Repository, find, shown
from hexscan.sources.git.top import top_of
from hexscan.values import dataclass

REPLACEMENT = "REMOVED-HEX-API-KEY"
_PRIVATE = 0o600

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Written:
    """What has become of the file: the number of its lines, and of the findings it cannot serve.

    ``in_messages`` is whether a key is in the message of a commit or tag. Without a line there is
    no file.
    """

    lines: int
    left: int
    in_messages: bool = False


def check(path: bytes, file: str) -> None:
    """Raise ``ReportError`` where keys must not be written, before anything is scanned.

    That is inside a git directory, and inside any work tree unless git ignores the file: it would
    be the next leak. What is no regular file is not replaced, and no link is gone through.
    ``path`` is that of the repository.
    """
    given = os.fsencode(file)
    try:
        mode = os.lstat(given).st_mode
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    except OSError as error:
        raise _error(file, _reason(error)) from None
    if mode is not None and not stat.S_ISREG(mode):
        raise _error(file, _kind(mode))
    folder = os.path.realpath(os.path.dirname(given))  # noqa: PTH120 - paths are bytes
    if not os.path.isdir(folder):  # noqa: PTH112 - the same
        raise _error(file, "its directory does not exist")
    target = os.path.join(folder, os.path.basename(given))  # noqa: PTH118, PTH119 - the same
    repository = find(path)
    if _is_below(target, repository.common_dir) or _is_below(target, repository.git_dir):
        raise _error(file, "it would lie in the git directory")
    far = _configured_work_tree(repository)
    if far is not None and _is_below(target, far):
        raise _error(file, "it would lie in the work tree that is configured")
    _check_around(folder, target, file)


def _configured_work_tree(repository: Repository) -> bytes | None:
    """Return the work tree that the repository's configuration names; it may be far from it."""
    with repository.git(("config", "--type=path", "--get", "-z", "core.worktree")) as git:
        told = b"".join(iter(lambda: git.output.read(1 << 16), b"")).rstrip(b"\0")
    return os.path.join(repository.git_dir, told) if told else None  # noqa: PTH118 - bytes


def _check_around(folder: bytes, target: bytes, file: str) -> None:
    """Raise where any repository would take the file in: a submodule, another work tree, another.

    Where git does not trust a repository nobody can say what it would do, and that is no leave.
    """
    asked = ("rev-parse", "--is-inside-git-dir", "--is-inside-work-tree")
    with Git(asked, directory=folder, top=top_of(folder)) as git:
        told = b"".join(iter(lambda: git.output.read(64), b"")).split()
        failure = git.failure()
    if failure is not None:
        if "not a git repository" in failure:
            return
        raise _error(file, f"git cannot say if it would be committed: {failure}")
    if told[0] == b"true":
        raise _error(file, "it would lie in a git directory")
    if told[1] == b"true":
        _require_ignored(target, folder, file)


def _require_ignored(target: bytes, folder: bytes, file: str) -> None:
    arguments = ("check-ignore", "--quiet", "--", os.fsdecode(target))
    with Git(arguments, directory=folder, top=top_of(folder)) as command:
        if command.failure() is not None:
            raise _error(file, "it would lie in a work tree, where git does not ignore it")


def write(path: bytes, findings: Iterable[Finding], file: str) -> Written:
    """Write the file, with mode 0600, if there is anything to be replaced.

    Findings in names, in what is encoded or packed and in files of git's own are left: a
    replacement of text does not reach them. So are those of submodules, whose history is another.
    Raises ``ReportError`` if the file cannot be written.
    """
    wanted: dict[str, set[Span]] = {}
    left = 0
    in_messages = False
    for finding in findings:
        where = finding.location
        if finding.git is None or finding.git.type == "tree" or finding.decoding or where.container:
            left += finding.fails
        elif finding.fails:
            span = where.offset, where.offset + where.length
            wanted.setdefault(finding.git.object, set()).add(span)
            in_messages = in_messages or finding.git.type in ("commit", "tag")
    texts: set[bytes] = set()
    for name, found in _texts(find(path), wanted):
        texts.update(found)
        left += 0 if found else len(wanted[name])
    lines = [b"literal:" + text + b"==>" + REPLACEMENT.encode() for text in sorted(texts)]
    if lines:
        _write(b"".join(line + b"\n" for line in lines), file)
    return Written(len(lines), left, in_messages)


def _texts(
    repository: Repository, wanted: dict[str, set[Span]]
) -> Iterator[tuple[str, list[bytes]]]:
    """Yield the name of each object with the texts in it; with none if it is not there."""
    reader = Reader(repository)
    try:
        for name, spans in wanted.items():
            for item in reader.items(name):
                if not isinstance(item, Blob):
                    yield name, []
                    continue
                try:
                    yield name, list(_slices(item, sorted(spans)))
                except ReadError as error:
                    raise SourceError(f"{shown(repository.path)}: {error}") from None
    finally:
        reader.close()


def _slices(blob: Blob, spans: list[Span]) -> Iterator[bytes]:
    """Yield pieces of a blob, in order of offsets, however it is cut."""
    chunks = iter(blob.rest or ())
    held, base = bytes(blob.head), 0
    for start, end in spans:
        while base + len(held) < end and (chunk := next(chunks, None)) is not None:
            cut = max(0, min(start - base, len(held)))
            held, base = held[cut:] + bytes(chunk), base + cut
        yield held[start - base : end - base]


def _write(content: bytes, file: str) -> None:
    # A new file in the place of the old one, whose mode and readers decide nothing.
    given = os.fsencode(file)
    folder = os.path.dirname(given)  # noqa: PTH120 - paths are bytes
    temporary = os.path.join(folder, b".hexscan-" + os.urandom(8).hex().encode())  # noqa: PTH118
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            os.replace(temporary, given)  # noqa: PTH105 - as check
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 - as check
            raise
    except OSError as error:
        raise _error(file, _reason(error)) from None


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "that is a symbolic link"
    return "that is a directory" if stat.S_ISDIR(mode) else "that is no regular file"


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()


def _is_below(path: bytes, directory: bytes) -> bool:
    directory = os.path.realpath(directory)
    return path == directory or path.startswith(directory.rstrip(b"/") + b"/")


def _error(file: str, why: str) -> ReportError:
    return ReportError(
        f"cannot write the replacements to {file}: {why}",
        hint="name a new file outside of every repository",
    )
