"""Whether a key that the history has is still in the working tree, at the path where it was."""

import os
from collections.abc import Iterator, Sequence

from hexscan.blob import Blob, Skip
from hexscan.config import Config
from hexscan.engine import scan_items
from hexscan.finding import Finding
from hexscan.redaction import redact
from hexscan.sources.entries import Entries
from hexscan.values import replace

_MASK = "…".encode()


def placed(work_tree: bytes, findings: Sequence[Finding], config: Config) -> list[Finding]:
    """Return findings in blobs and names with ``in_worktree`` told, each after a look at its path.

    Only the paths where something was found are read; a key that has moved to another file since
    is found there by a scan of the tree. No link is gone through.
    """
    contents: dict[bytes, set[str]] = {}
    told = []
    for finding in findings:
        git = finding.git
        if git is None or git.type not in ("blob", "tree"):
            told.append(finding)
            continue
        way = finding.location.path
        if git.type == "tree":
            way = _to_the_key(way)
        path = _path(work_tree, way)
        if path is None or git.type == "tree":
            is_there = path is not None
        else:
            if way not in contents:
                contents[way] = _fingerprints(path, config)
            is_there = finding.fingerprint in contents[way]
        told.append(replace(finding, git=replace(git, in_worktree=is_there)))
    return told


def _to_the_key(way: bytes) -> bytes:
    """Return the way as far as its last name with a key: what lies below may be gone."""
    before, mask, after = way.rpartition(_MASK)
    return before + mask + after.partition(b"/")[0]


def _path(work_tree: bytes, way: bytes) -> bytes | None:
    """Return the path that a way leads to, in which keys are masked, if there is one."""
    path = work_tree
    for part in way.split(b"/"):
        if os.path.islink(path):  # noqa: PTH114 - paths are bytes
            return None
        names = _unmasked(path, part) if _MASK in part else [part]
        if not names:
            return None
        path = os.path.join(path, names[0])  # noqa: PTH118 - the same
    return path if os.path.lexists(path) else None


def _unmasked(folder: bytes, masked: bytes) -> list[bytes]:
    try:
        return [name for name in sorted(os.listdir(folder)) if redact(name) == masked]  # noqa: PTH208 - the same
    except OSError:
        return []


def _fingerprints(path: bytes, config: Config) -> set[str]:
    report = scan_items(_items(path), config)
    return {finding.fingerprint for finding in (*report.findings, *report.suppressed)}


def _items(path: bytes) -> Iterator[Blob | Skip]:
    entries = Entries()
    try:
        yield entries.of_mode(path, os.lstat(path).st_mode)
    except OSError:
        return  # it has just gone
    finally:
        entries.close()
