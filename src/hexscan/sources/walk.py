"""Read one directory without git's help."""

from __future__ import annotations

import os

from hexscan import skim
from hexscan.blob import Files
from hexscan.sources.directory import listed
from hexscan.sources.entries import GIT_DIRECTORY, failed, left_out, name
from hexscan.sources.ignore import GITIGNORE, HEXSCANIGNORE
from hexscan.sources.manifest import Manifest
from hexscan.sources.scope import Directory

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from hexscan.sources.directory import Names
    from hexscan.sources.entries import Entries
    from hexscan.sources.ignore import Rules
    from hexscan.sources.scope import InScope, Item, Scope

MOST_FILES = 256
"""How many files, or directories, are listed at a time: units of work have as many."""


def walk(scope: Scope, directory: Directory) -> Iterator[InScope]:
    """Yield what is in scope in a directory, and put its subdirectories on the pending list."""
    prefix = directory.prefix
    rules = directory.rules.below(prefix, scope.anchored(prefix), _ignore_files(scope, directory))
    subdirectories: list[bytes] = []
    try:
        for names in listed(directory.path):
            yield from _batch(scope, rules, prefix, names, subdirectories)
    except OSError as error:
        yield failed(directory.path, error)
    # The stack gives the last one first.
    scope.pending.extend(
        Directory(prefix + path + b"/", rules, directory.asks_git)
        for path in reversed(subdirectories)
    )


def walk_everything(scope: Scope, prefix: bytes, rules: Rules) -> Iterator[InScope]:
    """Yield all that is below a directory, where there are no rules that leave anything out.

    Directories of files and directories are listed many at a time. Those with anything else in
    them, or where a name could hold a key, are walked, which comes to the same.
    """
    # Who suspects every name would have every directory listed twice.
    tree = None if scope.entries.suspects(b"") else skim.tree
    pending = [prefix]
    to_walk = 0
    while pending:
        if not to_walk and tree:
            part = pending[-MOST_FILES:]
            items, directories, number = tree(part, MOST_FILES)
            if number and not scope.entries.suspects(items + directories):
                pending[-MOST_FILES:] = part
                if items:
                    yield Manifest(items)
                continue
            to_walk = number or 1
        to_walk -= 1
        yield from walk(scope, Directory(pending.pop(), rules, asks_git=False))
        pending += [directory.prefix for directory in scope.pending]
        scope.pending.clear()


def _ignore_files(scope: Scope, directory: Directory) -> tuple[bytes, ...]:
    if scope.enters_git:
        return ()
    return (GITIGNORE, HEXSCANIGNORE) if directory.asks_git else (HEXSCANIGNORE,)


def _batch(
    scope: Scope, rules: Rules, prefix: bytes, names: Names, subdirectories: list[bytes]
) -> Iterator[InScope]:
    if rules or not scope.enters_git:
        names = yield from _kept(scope, rules, prefix, names)
    files, directories, others = names
    suspects = scope.entries.suspects
    if suspects(files + directories + others):
        for path_name in sorted(_apart(files + directories + others)):
            if suspects(path_name):
                yield name(prefix + path_name, path_name)
    if files:
        yield Files(prefix, files)
    subdirectories += _apart(directories)
    for path_name in _apart(others):
        yield _other(scope.entries, prefix + path_name)


def _apart(names: bytes) -> list[bytes]:
    return names.split(b"\0")[:-1] if names else []


def _kept(scope: Scope, rules: Rules, prefix: bytes, names: Names) -> Generator[Item, None, Names]:
    """Yield why entries are left out; return the others."""
    kept = []
    for at, some in enumerate(names):
        if rules or b".git\0" in some:
            in_scope = yield from _in_scope(scope, rules, prefix, some, is_directory=at == 1)
            kept.append(in_scope)
        else:
            kept.append(some)
    files, directories, others = kept
    return files, directories, others


def _in_scope(
    scope: Scope, rules: Rules, prefix: bytes, names: bytes, *, is_directory: bool
) -> Generator[Item, None, bytes]:
    kept = []
    for path_name in _apart(names):
        path = prefix + path_name
        if path_name == b".git" and not scope.enters_git:
            yield left_out(path, GIT_DIRECTORY)
        elif rules and (why := rules.reason(scope.anchored(path), is_directory=is_directory)):
            yield left_out(path, why)
        else:
            kept.append(path_name + b"\0")
    return b"".join(kept)


def _other(entries: Entries, path: bytes) -> Item:
    try:
        return entries.of_mode(path, os.lstat(path).st_mode)
    except OSError as error:
        return failed(path, error)
