"""Time things side by side, and say how sure the answer is.

A ratio of two times is worth something only if both were taken under the same conditions, and on
a shared machine those change from second to second. So the contenders take turns within one run,
a ratio is taken within each round, and the median of the rounds is told with its quartiles.

pyperf is not used for this: its Runner times each benchmark in worker processes of its own, one
benchmark after the other, so the two halves of a ratio would be seconds or minutes apart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some values, and the quartiles around it."""

    low: float
    median: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Summarise one value or more."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        return cls(*quantiles(values, n=4, method="inclusive"))

    def times(self, factor: float) -> "Spread":
        """Return the same spread in another unit."""
        return Spread(self.low * factor, self.median * factor, self.high * factor)


class WrongCountError(Exception):
    """Contenders that should have found the same number of keys did not: no time means a thing."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds of each contender, one value a round; the same index is the same round."""

    seconds: Mapping[str, Sequence[float]]

    def of(self, name: str) -> Spread:
        """Return the seconds that one contender took."""
        return Spread.of(self.seconds[name])

    def ratio(self, name: str, base: str) -> Spread:
        """Return how many times as long as ``base`` a contender took, round by round."""
        pairs = zip(self.seconds[name], self.seconds[base], strict=True)
        return Spread.of([seconds / base_seconds for seconds, base_seconds in pairs])

    def difference(self, name: str, base: str) -> Spread:
        """Return the seconds that a contender took longer than ``base``, round by round."""
        pairs = zip(self.seconds[name], self.seconds[base], strict=True)
        return Spread.of([seconds - base_seconds for seconds, base_seconds in pairs])


def stopwatch(call: Callable[[], object]) -> Callable[[], float]:
    """Turn a call into one that returns the seconds it took."""

    def timed() -> float:
        start = perf_counter()
        call()
        return perf_counter() - start

    return timed


def take_turns(contenders: Mapping[str, Callable[[], float]], rounds: int) -> Timings:
    """Run every contender once a round and keep the seconds that each returns.

    One more round goes before them and is thrown away: it fills caches. Each round starts with
    another contender, so that none always follows the same one.
    """
    names = list(contenders)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for name in names:
        contenders[name]()
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            seconds[name].append(contenders[name]())
    return Timings(seconds)


def require_equal_counts(what: str, expected: int, counts: Mapping[str, int]) -> None:
    """Raise :class:`WrongCountError` unless every contender found ``expected`` keys."""
    wrong = {name: count for name, count in counts.items() if count != expected}
    if wrong:
        raise WrongCountError(f"{what}: {expected} keys are in it, but found were {wrong}")
