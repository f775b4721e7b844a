"""Scan git's objects as they come, one by one: those of a push, of a range, or of the index."""

from __future__ import annotations

from itertools import chain

from hexscan.blob import Blob, Skip
from hexscan.config import Config
from hexscan.engine import scan_items
from hexscan.finding import Report
from hexscan.run import scanner_for
from hexscan.sources.git.range import Range
from hexscan.values import replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hexscan.sources.git.known import Known


def scan_range(objects: Range | None, config: Config, names: Iterable[Blob] = ()) -> Report:
    """Scan a range of git's objects, if there is one, and place what was found in it.

    ``names`` are those of the refs that go with it.
    """
    if objects is None:
        return scan_items(names, config)
    objects.suspects = scanner_for(config).suspects
    report = scan_objects(
        lambda known: chain(names, objects.items(known)),
        config.for_objects(),
        warnings=objects.warnings,
    )
    if not report.findings:
        return report
    from hexscan.sources.git.arrival import placed  # noqa: PLC0415 - wanted for findings only

    return replace(report, findings=placed(report.findings, objects))


def scan_objects(
    items: Callable[[Known | None], Iterable[Blob | Skip]],
    config: Config,
    directory: bytes | None = None,
    *,
    warnings: Sequence[str] = (),
) -> Report:
    """Scan what a source yields, without the objects that are known to be clean.

    ``items`` is called with what is known of the repository that ``directory`` is in, ``None`` for
    the current one; ``warnings`` may grow meanwhile. A scan that looks for marks without use has to
    see every object.
    """
    if not config.cache_dir or config.suppression.unused_marks:
        return scan_items(items(None), config, warnings=warnings)
    from hexscan.memory.passing import Passing  # noqa: PLC0415 - not for who keeps nothing

    known = Passing(config, directory)
    report = scan_items(items(known), config, warnings=warnings, met=known.met)
    known.keep()
    return replace(report, known=known.known, notes=known.notes)
