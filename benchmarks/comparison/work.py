"""A work: the same bytes for every contender, what is planted in them, and what is promised."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.comparison.environment import Peers
from benchmarks.comparison.planted import Planted, count_told
from benchmarks.comparison.running import Run, Taken, take_turns
from benchmarks.comparison.tools import HEXSCAN, PLAIN, Job, Options, hexscan, peer_tools
from benchmarks.measure import Spread
from benchmarks.result import Bound


@dataclass(frozen=True, slots=True)
class Setting:
    """What a comparison runs with: the contenders, a scratch directory, and how long it may take.

    ``rounds`` is the most that is run of each, ``budget`` the seconds after which a contender of a
    work sits out, ``limit`` the seconds after which one run is stopped.
    """

    options: Options
    peers: Peers
    python: str
    scratch: Path
    smoke: bool = False
    rounds: int = 7
    budget: float = 15
    limit: float = 60
    sources: Path | None = None
    repository: Path | None = None
    huge: int = 0

    def contenders(self, job: Job, place: Path, *, packed: bool = False) -> dict[str, Run]:
        """Return hexscan and every peer that knows this job.

        Hexscan takes part twice: by all its readings and containers, and, unless the keys are
        ``packed``, by the plain rule, which is all that the peers look for.
        """
        tools = [(HEXSCAN, hexscan(self.options))]
        if not packed and job is not Job.STAGED:
            tools.append((PLAIN, hexscan(self.options, *self.options.plain)))
        tools += [(tool.name, tool) for tool in peer_tools(self.peers)]
        runs = ((name, tool.run(job, place)) for name, tool in tools)
        return {name: run for name, run in runs if run is not None}


@dataclass(frozen=True, slots=True)
class Promise:
    """A bound on how long one contender takes, in terms of another: at most ``limit`` times."""

    what: str
    name: str
    base: str
    limit: float
    at_least: bool = False


@dataclass(frozen=True, slots=True)
class Work:
    """One amount of one kind of work.

    ``amount`` tells it to a reader. The reports of contenders are checked for
    ``planted`` and ``decoys``; ``readers`` (cat, git) only read. ``left_out`` are contenders that
    do not take part, with the reason. ``told_before`` has the counts of keys and decoys where what
    is timed holds none, and they were told in the same place before.
    """

    amount: str
    runs: Mapping[str, Run]
    planted: Sequence[Planted] = ()
    decoys: Sequence[Planted] = ()
    readers: frozenset[str] = frozenset()
    promises: Sequence[Promise] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    told_before: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def judged(self) -> frozenset[str]:
        """The contenders of whose times a promise speaks."""
        return frozenset(
            name for promise in self.promises for name in (promise.name, promise.base)
        ) | {HEXSCAN}

    def without(self, slow: Mapping[str, str]) -> "Work":
        """Return the work without some contenders, which are left out for the reasons given."""
        runs = {name: run for name, run in self.runs.items() if name not in slow}
        named = {name: why for name, why in slow.items() if name in self.runs}
        return replace(self, runs=runs, left_out={**self.left_out, **named})


@dataclass(frozen=True, slots=True)
class Measured:
    """A work and what each contender took for it."""

    work: Work
    taken: Mapping[str, Taken]

    def bounds(self) -> list[Bound]:
        """Return the promises about this work with what was measured."""
        return [
            self._ratio(promise)
            for promise in self.work.promises
            if promise.name in self.taken and promise.base in self.taken
        ]

    def faults(self) -> dict[str, int]:
        """Count what is wrong with the runs of hexscan, by the contender's name."""
        found = {
            name: faults(self.work, taken)
            for name, taken in self.taken.items()
            if name.startswith(HEXSCAN)
        }
        if self.work.told_before:
            found[HEXSCAN] += self.work.told_before.get(HEXSCAN) != _RIGHT
        return found

    def peak(self) -> tuple[float, str] | None:
        """Return hexscan's peak memory in megabytes, and where it was; ``None`` if unknown."""
        found = [
            (memory.whole / 1e6, f"{name}, {self.work.amount}, one run")
            for name, taken in self.taken.items()
            if name.startswith(HEXSCAN) and (memory := taken.first.memory) is not None
        ]
        return max(found, default=None)

    def _ratio(self, promise: Promise) -> Bound:
        one, base = self.taken[promise.name], self.taken[promise.base]
        stopped = " at least, when it was stopped" if base.first.status is None else ""
        detail = (
            f"{promise.base} {seconds(base.seconds)}{stopped}, "
            f"{promise.name} {seconds(one.seconds)}"
        )
        what = f"{self.work.amount}: {promise.what}"
        return Bound(what, promise.limit, "x", one.over(base), detail, promise.at_least)

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for every contender, also for those that do not take part."""
        rows = [self._row(name, taken) for name, taken in self.taken.items()]
        left_out = (
            (self.work.amount, name, why, *[""] * 6) for name, why in self.work.left_out.items()
        )
        return [*rows, *left_out]

    def _row(self, name: str, taken: Taken) -> tuple[str, ...]:
        found, wrong = self._told(name, taken)
        memory = taken.first.memory
        ours = self.taken[HEXSCAN]
        stopped = taken.first.status is None
        return (
            self.work.amount,
            name,
            f"stopped after {taken.first.seconds:.0f} s" if stopped else seconds(taken.seconds),
            str(len(taken.rounds) or 1),
            f"{'≥ ' if stopped else ''}{taken.over(ours).median:.3g}",
            f"{memory.whole / 1e6:.0f}" if memory else "?",
            f"{memory.own / 1e6:.0f}" if memory else "?",
            found,
            wrong,
        )

    def _told(self, name: str, taken: Taken) -> tuple[str, str]:
        if name in self.work.readers:
            return "-", "-"
        if name in self.work.told_before:
            return self.work.told_before[name]
        found = count_told(self.work.planted, taken.first.output)
        wrong = count_told(self.work.decoys, taken.first.output)
        return f"{found} of {len(self.work.planted)}", f"{wrong} of {len(self.work.decoys)}"


_RIGHT = ("1 of 1", "0 of 1")
HEADINGS = (
    "work",
    "contender",
    "time",
    "runs",
    "x hexscan",
    "peak MB",
    "of it own",
    "keys found",
    "wrong ones told",
)


def measure(work: Work, setting: Setting) -> Measured:
    """Run a work."""
    taken = take_turns(work.runs, rounds=setting.rounds, budget=setting.budget, limit=setting.limit)
    return Measured(work, taken)


def faults(work: Work, taken: Taken) -> int:
    """Count what is wrong with a run of hexscan: no time means a thing unless that is nothing.

    Each planted key that is missed and each decoy that is told is a fault, and so is an exit status
    that is not the one for findings, or for none where none is planted.
    """
    missed = len(work.planted) - count_told(work.planted, taken.first.output)
    wrong = count_told(work.decoys, taken.first.output)
    return missed + wrong + (taken.first.status != (1 if work.planted else 0))


def size(count: int) -> str:
    """Write a number of bytes in the unit that suits it."""
    for factor, unit in ((10**9, "GB"), (10**6, "MB")):
        if count >= factor:
            return f"{count / factor:.3g} {unit}"
    return f"{count / 1000:.3g} kB"


def seconds(spread: Spread) -> str:
    """Write a time as its median and quartiles, in a unit that suits it."""
    factor, unit = (1000, "ms") if spread.median < 1 else (1, "s")
    scaled = spread.times(factor)
    return f"{scaled.median:.3g} {unit} ({scaled.low:.3g} to {scaled.high:.3g})"
