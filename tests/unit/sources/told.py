"""What a source tells, copied out of its buffer so that a test can compare it."""

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from hexscan.blob import CONTENT, NAME, TARGET, Blob, Files, Skip
from hexscan.sources.entries import Entries
from hexscan.sources.manifest import Manifest
from hexscan.sources.paths import Paths
from hexscan.sources.slab import Slab, gathered


class Told:
    """Everything that a source yielded, by kind; paths are relative to ``root``."""

    def __init__(
        self, items: Iterable[Blob | Skip | Files | Manifest], root: Path | None = None
    ) -> None:
        self._cut = len(os.fsencode(root)) + 1 if root else 0
        self.contents: dict[bytes, bytes] = {}
        self.names: dict[bytes, bytes] = {}
        self.targets: dict[bytes, bytes] = {}
        self.policies: dict[bytes, str] = {}
        self.failures: dict[bytes, str] = {}
        places = {CONTENT: self.contents, NAME: self.names, TARGET: self.targets}
        for item in gathered(items, Slab(Entries())):
            if isinstance(item, Skip):
                skips = self.policies if item.kind == "policy" else self.failures
                path = item.origin.path[self._cut :]
                assert path not in skips
                skips[path] = item.reason
                continue
            for blob in item.blobs() if isinstance(item, Slab) else [item]:
                blobs = places[blob.origin.place]
                path = blob.origin.path[self._cut :]
                assert path not in blobs
                blobs[path] = b"".join([bytes(blob.head), *map(bytes, blob.rest or ())])


def tell(root: Path, *, exclude: Iterable[str] = (), ignore: bool = True) -> Told:
    """Scan one directory."""
    source = Paths([os.fsencode(root)], exclude=tuple(exclude), ignore=ignore)
    told = Told(source.items(), root)
    assert source.warnings == []
    return told


def git(directory: Path, *arguments: str) -> str:
    """Run git in a directory and return what it prints."""
    return subprocess.run(
        ["git", *arguments], cwd=directory, check=True, capture_output=True, text=True
    ).stdout


def plant(root: Path, *paths: str) -> None:
    """Write files, each with its own path as content."""
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path, encoding="utf-8")


def repository(root: Path, *paths: str) -> Path:
    """Make a git repository with files in it, all of them tracked."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "--quiet")
    plant(root, *paths)
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", "first")
    return root
