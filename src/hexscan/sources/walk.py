"""Read one directory without git's help."""

from __future__ import annotations

import os
from itertools import islice
from operator import attrgetter

from hexscan.blob import Files
from hexscan.sources.entries import GIT_DIRECTORY, failed, left_out, name
from hexscan.sources.ignore import GITIGNORE, HEXSCANIGNORE
from hexscan.sources.scope import Directory

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from hexscan.sources.entries import Entries
    from hexscan.sources.ignore import Rules
    from hexscan.sources.scope import InScope, Item, Scope

_name_of = attrgetter("name")

# A directory is read in batches, so that one with a million files takes no more memory than this.
BATCH = 4096


def walk(scope: Scope, directory: Directory) -> Iterator[InScope]:
    """Yield what is in scope in a directory, and put its subdirectories on the pending list."""
    prefix = directory.prefix
    rules = directory.rules.below(prefix, scope.anchored(prefix), _ignore_files(scope, directory))
    subdirectories: list[bytes] = []
    try:
        with os.scandir(directory.path) as entries:
            while batch := list(islice(entries, BATCH)):
                yield from _batch(scope, rules, prefix, batch, subdirectories)
    except OSError as error:
        yield failed(directory.path, error)
    # The stack gives the last one first.
    scope.pending.extend(
        Directory(path + b"/", rules, directory.asks_git) for path in reversed(subdirectories)
    )


def _ignore_files(scope: Scope, directory: Directory) -> tuple[bytes, ...]:
    if scope.enters_git:
        return ()
    return (GITIGNORE, HEXSCANIGNORE) if directory.asks_git else (HEXSCANIGNORE,)


def _batch(
    scope: Scope,
    rules: Rules,
    prefix: bytes,
    batch: list[os.DirEntry[bytes]],
    subdirectories: list[bytes],
) -> Iterator[InScope]:
    batch.sort(key=_name_of)
    kept = yield from _kept(scope, rules, prefix, batch)
    files = [entry.name for entry in kept if entry.is_file(follow_symlinks=False)]
    if files:
        yield Files(prefix, files)
    if len(files) == len(kept):
        return
    for entry in kept:
        if entry.is_dir(follow_symlinks=False):
            subdirectories.append(prefix + entry.name)
        elif not entry.is_file(follow_symlinks=False):
            yield _other(scope.entries, prefix + entry.name, entry)


def _kept(
    scope: Scope, rules: Rules, prefix: bytes, batch: list[os.DirEntry[bytes]]
) -> Generator[InScope, None, list[os.DirEntry[bytes]]]:
    """Yield the names that could hold a key, and why entries are left out; return the others."""
    names = [entry.name for entry in batch]
    passes_git = not scope.enters_git and b".git" in names
    kept = batch
    if passes_git or rules:
        kept = []
        for entry in batch:
            if passes_git and entry.name == b".git":
                yield left_out(prefix + entry.name, GIT_DIRECTORY)
            elif rules and (why := _reason(scope, rules, prefix + entry.name, entry)):
                yield left_out(prefix + entry.name, why)
            else:
                kept.append(entry)
        names = [entry.name for entry in kept]
    suspects = scope.entries.suspects
    if suspects(b"\n".join(names)):
        for path_name in filter(suspects, names):
            yield name(prefix + path_name, path_name)
    return kept


def _reason(scope: Scope, rules: Rules, path: bytes, entry: os.DirEntry[bytes]) -> str | None:
    return rules.reason(scope.anchored(path), is_directory=entry.is_dir(follow_symlinks=False))


def _other(entries: Entries, path: bytes, entry: os.DirEntry[bytes]) -> Item:
    try:
        return entries.of_mode(path, entry.stat(follow_symlinks=False).st_mode)
    except OSError as error:
        return failed(path, error)
