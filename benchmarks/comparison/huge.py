"""One huge file, beside ``cat`` to nowhere."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

from benchmarks.comparison.planted import decoy, planted_key
from benchmarks.comparison.running import Run
from benchmarks.comparison.tools import HEXSCAN, Job
from benchmarks.comparison.work import Promise, Setting, Work, size
from benchmarks.corpus import MIB, code

CAT = "cat to nowhere"
WHOLE = 10_000_000_000
_LEFT_FREE = 0.6


def huge_file(setting: Setting, scale: int) -> Work:
    """Write a file of a hundredth of the size for each scale, a key in its middle and its end.

    It is as large as :attr:`Setting.huge` says, or 10 GB where memory can hold it: else it would
    be the disk that is measured.
    """
    whole = setting.huge or (MIB * 100 if setting.smoke else _affordable(setting.scratch))
    length = whole // 100 * scale
    middle, end = planted_key(1), planted_key(2)
    wrong = decoy(1)
    path = setting.scratch / "huge.log"
    block = code(min(length // 4, 16 * MIB), lookalikes=0.001)
    with path.open("wb") as file:
        while file.tell() < length // 2:
            file.write(block)
        file.write(f'\nkey = "{middle.text}" "{wrong.text}"\n'.encode("ascii"))
        while file.tell() < length:
            file.write(block)
        file.write(f'\nkey = "{end.text}"\n'.encode("ascii"))
    contenders = setting.contenders(Job.TREE, path)
    runs = {CAT: Run([shutil.which("cat") or "cat", str(path)], to_nowhere=True), **contenders}
    what = f"{size(path.stat().st_size)} in one file"
    if whole < WHOLE and not setting.smoke:
        what += " (10 GB do not fit here)" if not setting.huge else ""
    work = Work(what, runs, [middle, end], [wrong], frozenset({CAT}))
    over_cat = Promise("over cat to nowhere", HEXSCAN, CAT, 1.2)
    return replace(work, promises=[over_cat] if scale == 100 else [])


def _affordable(directory: Path) -> int:
    """Return 10 GB, or less where disk or memory has no room for that."""
    free = shutil.disk_usage(directory).free
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        facts = dict(line.split(":", 1) for line in lines)
        memory = int(facts["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError):
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(WHOLE, int(_LEFT_FREE * min(free, memory)))
