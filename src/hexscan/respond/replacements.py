"""The expressions file for ``git filter-repo --replace-text``.

The only file with the text of keys that hexscan ever writes, and only when somebody asks for it. A
finding has no text, so the keys are read again from the repository.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from hexscan.blob import Blob, ReadError
from hexscan.errors import ReportError, SourceError
from hexscan.finding import Finding
from hexscan.sources.git.door import Git
from hexscan.sources.git.reader import Reader
from hexscan.sources.git.repository import Repository, find, shown

REPLACEMENT = "REMOVED-HEX-API-KEY"
_PRIVATE = 0o600

Span = tuple[int, int]


def check(path: bytes, file: str) -> None:
    """Raise ``ReportError`` where keys must not be written, before anything is scanned.

    That is inside the git directory, and inside the work tree unless git ignores the file: it
    would be the next leak. ``path`` is that of the repository.
    """
    repository = find(path)
    target = os.path.realpath(os.fsencode(file))
    if os.path.isdir(target):  # noqa: PTH112 - paths are bytes
        raise _error(file, "that is a directory")
    if not os.path.isdir(os.path.dirname(target)):  # noqa: PTH112, PTH120 - paths are bytes
        raise _error(file, "its directory does not exist")
    if _is_below(target, repository.common_dir) or _is_below(target, repository.git_dir):
        raise _error(file, "it would lie in the git directory")
    top = repository.work_tree
    if top is not None and _is_below(target, os.path.realpath(top)):
        arguments = ("check-ignore", "--quiet", "--", os.fsdecode(target))
        with Git(arguments, directory=top, top=top) as command:
            if command.failure() is not None:
                raise _error(file, "it would lie in the work tree, where git does not ignore it")


def write(path: bytes, findings: Iterable[Finding], file: str) -> int:
    """Write the file, with mode 0600, and return how many findings it cannot serve.

    Those are the ones in names, and those that are encoded or packed: a replacement of text does
    not reach them. Raises ``ReportError`` if the file cannot be written.
    """
    wanted: dict[str, set[Span]] = {}
    left = 0
    for finding in findings:
        where = finding.location
        if finding.git is None or finding.git.type == "tree" or finding.decoding or where.container:
            left += finding.fails
        elif finding.fails:
            span = where.offset, where.offset + where.length
            wanted.setdefault(finding.git.object, set()).add(span)
    texts = set(_texts(find(path), wanted))
    lines = [b"literal:" + text + b"==>" + REPLACEMENT.encode() for text in sorted(texts)]
    _write(b"".join(line + b"\n" for line in lines), file)
    return left


def _texts(repository: Repository, wanted: dict[str, set[Span]]) -> Iterator[bytes]:
    reader = Reader(repository)
    try:
        for name, spans in wanted.items():
            for item in reader.items(name):
                if not isinstance(item, Blob):
                    raise SourceError(f"{shown(repository.path)}: {item.reason}")
                try:
                    yield from _slices(item, sorted(spans))
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
    # A new file, so that no mode and no link of an old one decides who can read it.
    temporary = f"{os.path.realpath(file)}.{os.urandom(6).hex()}"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
            os.replace(temporary, os.path.realpath(file))  # noqa: PTH105 - as check
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108 - as check
            raise
    except OSError as error:
        raise _error(file, (error.strerror or type(error).__name__).lower()) from None


def _is_below(path: bytes, directory: bytes) -> bool:
    return path == directory or path.startswith(directory.rstrip(b"/") + b"/")


def _error(file: str, why: str) -> ReportError:
    return ReportError(f"cannot write the replacements to {file}: {why}")
