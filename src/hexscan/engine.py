"""The run: sources against the scanner, and the report that comes of it."""

from __future__ import annotations

import os
import sys

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.config import Config
from hexscan.gathering import Gathering, Noting
from hexscan.run import Run, scanner_for
from hexscan.sources.paths import Paths

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    from hexscan.blob import Blob, Files
    from hexscan.finding import Report
    from hexscan.gathering import Listener
    from hexscan.progress import Watcher
    from hexscan.sources.scope import InScope

    AnyPath: TypeAlias = str | bytes | os.PathLike[str] | os.PathLike[bytes]

# What is open already, and is read and not opened: these, and a descriptor as a shell names it.
_STANDARD_INPUT = (b"-", b"/dev/stdin")
_DESCRIPTORS = b"/dev/fd/"
_MOST_DIGITS = 9


def scan(
    paths: AnyPath | Iterable[AnyPath],
    config: Config | None = None,
    *,
    watch: Watcher | None = None,
    told: Listener | None = None,
) -> Report:
    """Scan files and directories, and return what was found and how complete the run was.

    The path ``-`` is standard input. Nothing is printed and nothing is written. Trouble with one
    file is a failure in the report; :class:`hexscan.errors.SourceError` is raised where a whole
    source cannot be read.

    ``watch`` is called with the progress after every 256 files, and in a file that is larger than
    the buffer after 16 MiB. ``told`` is called with each finding as soon as there is one, judged
    ones too: in the order of the scan, which is not that of the report, and once for a place that
    is met twice. What either raises ends the scan.
    """
    settled = config or Config()
    streams, named = _parted(paths)
    files = Paths(
        named,
        exclude=settled.exclude,
        ignore=settled.ignore,
        suspects=scanner_for(settled).suspects,
    )
    gathering = Gathering(watch, told)
    _take(map(_stream, streams), settled, gathering)
    _share(files.items(), settled, gathering)
    return gathering.report(files.warnings, strict=settled.strict)


def scan_listed(paths: Iterable[AnyPath], config: Config | None = None) -> Report:
    """Scan files that a program has listed, as pre-commit does for a commit.

    Unlike :func:`scan`, links are not followed, directories are not entered and ignore files hold
    for every path. Paths are relative to the repository's top directory.
    """
    from hexscan.sources.listed import Listed  # noqa: PLC0415 - for the hook alone

    settled = config or Config()
    named = [os.fsencode(path) for path in paths]
    files = Listed(
        named,
        exclude=settled.exclude,
        ignore=settled.ignore,
        suspects=scanner_for(settled).suspects,
    )
    gathering = Gathering()
    _share(files.items(), settled, gathering)
    return gathering.report(files.warnings, strict=settled.strict)


def _parted(paths: AnyPath | Iterable[AnyPath]) -> tuple[list[bytes], list[bytes]]:
    """Return the paths that name an open stream, and the others; a single path is one."""
    if isinstance(paths, str | bytes | os.PathLike):
        paths = [paths]
    named = [os.fsencode(path) for path in paths]
    streams = [path for path in named if _is_open(path)]
    return streams, [path for path in named if not _is_open(path)]


def _is_open(path: bytes) -> bool:
    number = path.removeprefix(_DESCRIPTORS)
    is_number = number != path and number.isdigit() and len(number) <= _MOST_DIGITS
    return is_number or path in _STANDARD_INPUT


def _stream(path: bytes) -> Blob | Skip:
    from hexscan.sources import stdin  # noqa: PLC0415 - seldom wanted

    number = path.rpartition(b"/")[2]
    if number.isdigit():
        return stdin.blob(int(number), path)
    # Not the descriptor 0: whoever has put a stream in its place wants that one read.
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        return Skip(Origin(stdin.PATH), FAILURE, "standard input is closed")
    return stdin.blob(stream)


def scan_items(
    items: Iterable[Blob | Skip | Files],
    config: Config,
    *,
    warnings: Sequence[str] = (),
    met: Callable[[], None] | None = None,
) -> Report:
    """Scan what any source yields. ``warnings`` may still grow while it does.

    ``met`` is called with whatever is to be told, judged or told before: what was not clean.
    """
    gathering = Gathering() if met is None else Noting(met)
    _take(items, config, gathering)
    return gathering.report(warnings, strict=config.strict)


def _take(items: Iterable[InScope], config: Config, gathering: Gathering) -> None:
    run = Run(config, gathering)
    run.take(items)
    run.settle()


def _share(items: Iterable[InScope], config: Config, gathering: Gathering) -> None:
    """Scan the files of a source in as many processes as the configuration says."""
    if config.jobs == 1:
        _take(items, config, gathering)
        return
    from hexscan.sharing import Sharing  # noqa: PLC0415 - the library does without

    Sharing(config, gathering).take(items)
