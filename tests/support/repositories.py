"""Git repositories for tests, and what a source tells of them."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from hexscan.blob import Blob, Skip

# Facts of a file that reading it may not change. The time of the last access may.
Facts = tuple[int, int, int, bytes]


def git(directory: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git in a directory and return what it prints, without the line's end."""
    done = subprocess.run(
        ["git", *arguments], cwd=directory, check=True, capture_output=True, input=stdin
    )
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def repository(root: Path, *options: str) -> Path:
    """Make an empty repository."""
    root.mkdir(parents=True)
    git(root, "init", "--quiet", *options)
    return root


def stage(root: Path, path: str, content: bytes) -> None:
    """Write a file and stage it, in a work tree."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    git(root, "add", "--force", "--", path)


def commit(root: Path, message: str = "words", *options: str) -> str:
    """Commit what is staged, or nothing, and return the commit's name."""
    git(root, "commit", "--quiet", "--allow-empty", "--message", message, *options)
    return git(root, "rev-parse", "HEAD")


def told(items: Iterable[Blob | Skip]) -> dict[tuple[bytes, str], bytes | str]:
    """Return what a source yields: by path and place the bytes, or by path and kind the reason."""
    found: dict[tuple[bytes, str], bytes | str] = {}
    for item in items:
        origin = item.origin
        if isinstance(item, Skip):
            found[origin.path, item.kind] = item.reason
        else:
            found[origin.path, origin.place] = b"".join(
                [bytes(item.head), *map(bytes, item.rest or ())]
            )
    return found


def blobs(items: Iterable[Blob | Skip]) -> set[bytes]:
    """Return the contents of the git blobs that a source yields."""
    return {
        b"".join([bytes(item.head), *map(bytes, item.rest or ())])
        for item in items
        if isinstance(item, Blob) and item.origin.git_object and item.origin.git_object[1] == "blob"
    }


def snapshot(directory: Path) -> dict[str, Facts]:
    """Return every file and directory below one: modes, sizes, times of change, and contents."""
    facts = {}
    for path in sorted([directory, *directory.rglob("*")]):
        status = path.lstat()
        content = path.read_bytes() if path.is_file() else b""
        facts[os.fspath(path)] = (status.st_mode, status.st_size, status.st_mtime_ns, content)
    return facts


def loose_object(root: Path, name: str) -> Path:
    """Return the file of an object that is in no pack."""
    return root / ".git" / "objects" / name[:2] / name[2:]
