"""The memory of a process and all that it has started, while they run.

The sum is of the proportional set sizes (PSS): a page that several processes share counts once.
Pages of files that are mapped count too, and are told apart, since the system can take them back.
"""

from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_KIB = 1024


@dataclass(slots=True)
class Memory:
    """The most bytes seen at one time: all of them, and those that no file stands behind."""

    whole: int = 0
    own: int = 0

    def sample(self, pid: int) -> None:
        """Look at a process and its descendants now. Those that end meanwhile count nothing."""
        whole = own = 0
        for process in tree(pid):
            fields = _rollup(process)
            whole += fields.get("Pss", 0)
            own += fields.get("Pss_Anon", 0) + fields.get("Pss_Shmem", 0)
        self.whole = max(self.whole, whole)
        self.own = max(self.own, own)


def is_known() -> bool:
    """Tell whether this system tells the memory of processes in this way."""
    return (_PROC / "self/smaps_rollup").exists()


def tree(pid: int) -> list[int]:
    """Return a process and its descendants, as far as they still run."""
    found = [pid]
    for process in found:
        for children in (_PROC / str(process) / "task").glob("*/children"):
            try:
                found += map(int, children.read_text(encoding="ascii").split())
            except OSError:
                continue
    return found


def _rollup(pid: int) -> dict[str, int]:
    try:
        text = (_PROC / str(pid) / "smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return {}
    rows = (line.split() for line in text.splitlines()[1:])
    return {row[0].rstrip(":"): int(row[1]) * _KIB for row in rows}
