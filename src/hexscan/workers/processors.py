"""How many processors this process may use."""

import os
from pathlib import Path

_ROOT = Path("/")


def available(root: Path = _ROOT) -> int:
    """Return how many processors the system lets this process keep busy; at least 1.

    That is what it may run on, or less where a control group, as containers have one, limits its
    time. ``root`` is the directory in which ``proc`` and ``sys`` are looked for.
    """
    return min([_affinity(), *_group_limits(root)])


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _group_limits(root: Path) -> list[int]:
    """Return the limits of this process's control groups and of all those above them.

    ``/proc/self/cgroup`` has a line ``ID:CONTROLLERS:PATH`` for each hierarchy; that of version 2
    names no controllers. In a container the path may be that of the host, and only the hierarchy's
    root be there.
    """
    limits = []
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if not controllers:
            tops = [root / "sys/fs/cgroup", root / "sys/fs/cgroup/unified"]
        elif "cpu" in controllers.split(","):
            tops = [root / "sys/fs/cgroup" / controllers, root / "sys/fs/cgroup/cpu"]
        else:
            continue
        way = Path(path.lstrip("/"))
        for top in tops:
            limits += [limit for place in (way, *way.parents) if (limit := _limit(top / place))]
    return limits


def _limit(group: Path) -> int | None:
    """Return how many processors a group's quota of time comes to, rounded up."""
    quota, _, period = _read(group / "cpu.max").partition(" ")
    if not period:
        quota = _read(group / "cpu.cfs_quota_us")
        period = _read(group / "cpu.cfs_period_us")
    try:
        time, per = int(quota), int(period)
    except ValueError:  # "max", or no such file
        return None
    return -(-time // per) if time > 0 and per > 0 else None  # -1 is no limit


def _read(file: Path) -> str:
    try:
        return file.read_text("ascii", "replace")
    except OSError:
        return ""
