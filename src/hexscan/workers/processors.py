"""How many processors this process may use."""

import os
from posixpath import dirname, join


def available(root: str = "/") -> int:
    """Return how many processors the system lets this process keep busy; at least 1.

    That is what it may run on, or less where a control group, as containers have one, limits its
    time. ``root`` is the directory in which ``proc`` and ``sys`` are looked for.
    """
    return min([_affinity(), *_group_limits(root)])


def _affinity() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _group_limits(root: str) -> list[int]:
    """Return the limits of this process's control groups and of all those above them.

    ``/proc/self/cgroup`` has a line ``ID:CONTROLLERS:PATH`` for each hierarchy; that of version 2
    names no controllers. In a container the path may be that of the host, and only the hierarchy's
    root be there.
    """
    limits = []
    for line in _read(join(root, "proc/self/cgroup")).splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and "cpu" not in controllers.split(","):
            continue
        groups = [path.strip("/")]
        while groups[-1]:
            groups.append(dirname(groups[-1]))
        for top in (controllers, "cpu") if controllers else ("", "unified"):
            places = (join(root, "sys/fs/cgroup", top, group) for group in groups)
            limits += [limit for place in places if (limit := _limit(place))]
    return limits


def _limit(group: str) -> int | None:
    """Return how many processors a group's quota of time comes to, rounded up."""
    quota, _, period = _read(join(group, "cpu.max")).partition(" ")
    if not period:
        quota = _read(join(group, "cpu.cfs_quota_us"))
        period = _read(join(group, "cpu.cfs_period_us"))
    try:
        time, per = int(quota), int(period)
    except ValueError:  # "max", or no such file
        return None
    return -(-time // per) if time > 0 and per > 0 else None  # -1 is no limit


def _read(file: str) -> str:
    try:
        with open(file, encoding="ascii", errors="replace") as text:  # noqa: PTH123 - pathlib costs
            return text.read()
    except OSError:
        return ""
