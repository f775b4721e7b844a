"""A family: works of one kind that differ in their amount, and what is told of them."""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from benchmarks.comparison.tools import HEXSCAN
from benchmarks.comparison.work import HEADINGS, Measured, Setting, Work, measure, seconds
from benchmarks.measure import Spread
from benchmarks.result import Bound, Section

SCALES = (1, 10, 100)
MEMORY_LIMIT = 100
"""In megabytes of 10^6 bytes, for all processes of hexscan together, git among them."""
GROWTH_LIMIT = 105
"""A hundred times the work may take a hundred times as long, and 5 % more."""


@dataclass(frozen=True, slots=True)
class Family:
    """Works of one kind.

    ``make`` writes the input of one scale into the scratch directory, which is emptied after it,
    and raises :class:`LeftOutError` where it cannot. ``grows`` says that a hundredfold is bounded
    and drawn, ``short`` that a run takes so little that more rounds are wanted.
    """

    name: str
    title: str
    method: str
    make: Callable[[Setting, int], Work]
    scales: Sequence[int] = SCALES
    grows: bool = True
    short: bool = False


class LeftOutError(Exception):
    """A work cannot be done here; the message says what it needs."""


@dataclass(frozen=True, slots=True)
class Growth:
    """Median seconds by contender and scale, to be drawn."""

    name: str
    title: str
    seconds: Mapping[str, Mapping[int, float]]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a family: a section of the report, and its growth if that is drawn."""

    section: Section
    growth: Growth | None = None


def run_family(family: Family, setting: Setting, command: str) -> Told:
    """Run all works of a family, the smallest first."""
    measured: dict[int, Measured] = {}
    if family.short:
        setting = replace(setting, rounds=3 * setting.rounds)
    try:
        for scale in family.scales:
            shutil.rmtree(setting.scratch, ignore_errors=True)
            setting.scratch.mkdir()
            work = family.make(setting, scale)
            if measured:
                work = work.without(too_slow(measured, scale, setting.limit))
            measured[scale] = measure(work, setting)
    except LeftOutError as error:
        section = Section(family.title, command, family.method, [], ("left out",), [(str(error),)])
        return Told(section)
    finally:
        shutil.rmtree(setting.scratch, ignore_errors=True)
    bounds = [bound for one in measured.values() for bound in one.bounds()]
    growth = _growth(family, measured) if family.grows else None
    if growth is not None:
        bounds += growth_bound(growth)
    bounds += [fault_bound(family.title, measured.values()), *_memory(family, measured)]
    rows = [row for one in measured.values() for row in one.rows()]
    return Told(Section(family.title, command, family.method, bounds, HEADINGS, rows), growth)


def fault_bound(title: str, measured: Iterable[Measured]) -> Bound:
    """Return the bound on faults: without it no time of this family means a thing."""
    found = [
        (count, f"{name}, {one.work.amount}: {count}")
        for one in measured
        for name, count in one.faults().items()
    ]
    detail = "; ".join(what for count, what in found if count) or f"{len(found)} runs"
    what = f"{title}: keys missed, decoys told, wrong exit status"
    return Bound(what, 0, "", Spread.of([sum(count for count, _ in found)]), detail)


def _memory(family: Family, measured: Mapping[int, Measured]) -> list[Bound]:
    peaks = [found for one in measured.values() if (found := one.peak()) is not None]
    if not peaks:
        return []
    peak, where = max(peaks)
    what = f"{family.title}: peak memory of all processes"
    return [Bound(what, MEMORY_LIMIT, "MB", Spread.of([peak]), where)]


def too_slow(measured: Mapping[int, Measured], scale: int, limit: float) -> dict[str, str]:
    """Name the contenders that would be stopped at this scale, by what they took at the last one.

    Hexscan always runs.
    """
    last = max(measured)
    slow = dict(measured[last].work.left_out)
    for name, taken in measured[last].taken.items():
        expected = taken.seconds.median * scale / last
        if taken.first.status is None:
            slow[name] = f"not run: stopped at {limit:.0f} s with a part of it"
        elif expected > 1.5 * limit and not name.startswith(HEXSCAN):
            took = f"{taken.seconds.median:.3g} s for 1/{scale // last} of it"
            slow[name] = f"not run: {took}, and {limit:.0f} s is the limit"
    return slow


def _growth(family: Family, measured: Mapping[int, Measured]) -> Growth:
    names = dict.fromkeys(name for one in measured.values() for name in one.taken)
    return Growth(
        family.name,
        family.title,
        {
            name: {
                scale: one.taken[name].seconds.median
                for scale, one in measured.items()
                if name in one.taken and one.taken[name].first.status is not None
            }
            for name in names
        },
    )


def growth_bound(growth: Growth) -> list[Bound]:
    """Return the bound on what a hundredfold costs hexscan, if both ends were measured."""
    ours = growth.seconds.get(HEXSCAN, {})
    least, most = min(SCALES), max(SCALES)
    if least not in ours or most not in ours:
        return []
    detail = ", ".join(f"{scale}: {seconds(Spread.of([ours[scale]]))}" for scale in sorted(ours))
    what = f"{growth.title}: 100 times the work"
    return [Bound(what, GROWTH_LIMIT, "x", Spread.of([ours[most] / ours[least]]), detail)]
