"""Read one directory without git's help."""

import os
from collections.abc import Iterator
from itertools import islice

from hexscan.blob import Files
from hexscan.sources.entries import GIT_DIRECTORY, Entries, failed, left_out, name
from hexscan.sources.ignore import GITIGNORE, HEXSCANIGNORE, Rules
from hexscan.sources.scope import Directory, InScope, Item, Scope

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
    batch: "list[os.DirEntry[bytes]]",
    subdirectories: list[bytes],
) -> Iterator[InScope]:
    batch.sort(key=lambda entry: entry.name)
    suspects = scope.entries.suspects
    suspect = suspects(b"\n".join([entry.name for entry in batch]))
    passes_git = not scope.enters_git
    files: list[bytes] = []
    for entry in batch:
        path = prefix + entry.name
        if passes_git and entry.name == b".git":
            yield left_out(path, GIT_DIRECTORY)
            continue
        if rules and (why := _reason(scope, rules, path, entry)):
            yield left_out(path, why)
            continue
        if suspect and suspects(entry.name):
            yield name(path, entry.name)
        if entry.is_file(follow_symlinks=False):
            files.append(entry.name)
        elif entry.is_dir(follow_symlinks=False):
            subdirectories.append(path)
        else:
            yield _other(scope.entries, path, entry)
    if files:
        yield Files(prefix, files)


def _reason(scope: Scope, rules: Rules, path: bytes, entry: "os.DirEntry[bytes]") -> str | None:
    return rules.reason(scope.anchored(path), is_directory=entry.is_dir(follow_symlinks=False))


def _other(entries: Entries, path: bytes, entry: "os.DirEntry[bytes]") -> Item:
    try:
        return entries.of_mode(path, entry.stat(follow_symlinks=False).st_mode)
    except OSError as error:
        return failed(path, error)
