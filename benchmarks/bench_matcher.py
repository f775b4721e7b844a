"""Time the hot loop against other ways to find prefixed keys with a right checksum."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import regex

from benchmarks import corpus
from benchmarks.corpus import MIB
from benchmarks.measure import Timings, require_equal_counts, stopwatch, take_turns
from benchmarks.report import smoke_is_asked_for, tell
from benchmarks.result import Bound, Section, milliseconds
from hexscan import matcher, rule
from hexscan.key import DIGITS, has_right_checksum, is_hex

TITLE = "The hot loop"
COMMAND = "python -m benchmarks.bench_matcher"
METHOD = (
    "One process, one core, the whole input in one buffer. Every contender finds prefixed keys "
    "and checks their checksum; hexscan also looks for keys by their labels. The contenders take "
    "turns; times are medians (and quartiles) of the rounds, ratios medians of the ratios within "
    "each round. `hexscan.sift` says whether a buffer can hold a key at all, which is where the "
    "scan of nearly every file ends; it is timed where it has to read the whole input to say no."
)

PLAIN = rb"hex_[0-9a-f]{40}"
PREFIX = b"hex_"
KEY_LENGTH = len(PREFIX) + DIGITS

HEXSCAN = "hexscan.find"
SIFT = "hexscan.sift"
RE = "re"

_RE = re.compile(PLAIN)
_REGEX = regex.compile(PLAIN)

CLEAN_TEXT = "plain text"
DENSE = "dense keys"


@dataclass(frozen=True, slots=True)
class Input:
    """A buffer to search, the prefixed keys in it, and how often to search it."""

    name: str
    data: bytes
    keys: int
    rounds: int


def by_hexscan(data: bytes) -> int:
    """Count prefixed keys by the default rules of hexscan."""
    return sum(match.rule == rule.API_KEY for match in matcher.find(data))


def by_re(data: bytes) -> int:
    """Count prefixed keys by the standard library's patterns."""
    return sum(has_right_checksum(found[len(PREFIX) :]) for found in _RE.findall(data))


def by_regex(data: bytes) -> int:
    """Count prefixed keys by the patterns of the regex package."""
    return sum(has_right_checksum(found[len(PREFIX) :]) for found in _REGEX.findall(data))


def by_bytes_find(data: bytes) -> int:
    """Count prefixed keys by a loop around ``bytes.find``."""
    count = 0
    at = data.find(PREFIX)
    while at >= 0:
        digits = data[at + len(PREFIX) : at + KEY_LENGTH]
        if len(digits) == DIGITS and is_hex(digits) and has_right_checksum(digits):
            count += 1
        at = data.find(PREFIX, at + len(PREFIX))
    return count


COUNTERS: Mapping[str, Callable[[bytes], int]] = {
    HEXSCAN: by_hexscan,
    RE: by_re,
    "regex": by_regex,
    "bytes.find": by_bytes_find,
}


def inputs(*, smoke: bool) -> Iterator[Input]:
    """Yield the inputs one by one, so that only one is in memory at a time."""
    size = MIB // 4 if smoke else 32 * MIB
    rounds = 3 if smoke else 21
    yield Input(CLEAN_TEXT, corpus.clean_text(size), 0, rounds)
    yield Input("clean code", corpus.code(size, lookalikes=0), 0, rounds)
    yield Input("code, 1 % lookalikes", corpus.code(size, lookalikes=0.01), 0, rounds)
    yield Input(DENSE, corpus.dense_keys(), corpus.DENSE_KEYS, rounds)
    near = 3 * MIB if not smoke else size
    yield Input("near misses: 39 digits", corpus.short_keys(near), 0, rounds)
    yield Input("near misses: hex_hex_…", corpus.prefixes(near), 0, rounds)
    long = 4 * size if smoke else 100 * MIB
    yield Input("one line, two keys", corpus.long_line(long), 2, min(rounds, 11))


def time_input(item: Input) -> Timings:
    """Check that all contenders find the keys of an input, and only then time them."""
    counts = {name: count(item.data) for name, count in COUNTERS.items()}
    require_equal_counts(item.name, item.keys, counts)
    sifted = matcher.sift(item.data)
    if item.keys:
        require_equal_counts(f"{item.name}: inputs with keys", 1, {SIFT: sifted})
    calls = {name: stopwatch(partial(count, item.data)) for name, count in COUNTERS.items()}
    if not sifted:
        calls[SIFT] = stopwatch(partial(matcher.sift, item.data))
    return take_turns(calls, item.rounds)


def measure(*, smoke: bool) -> Section:
    """Run the benchmark and return its result."""
    bounds: list[Bound] = []
    rows: list[tuple[str, ...]] = []
    for item in inputs(smoke=smoke):
        timings = time_input(item)
        bounds += _bounds(item, timings)
        rows += _rows(item, timings)
    headings = ("input", "MB", "keys", "contender", "time", "GB/s", "x re")
    return Section(TITLE, COMMAND, METHOD, bounds, headings, rows)


def _bounds(item: Input, timings: Timings) -> Iterator[Bound]:
    seconds = timings.of(HEXSCAN)
    if item.name == CLEAN_TEXT:
        detail = f"re {milliseconds(timings.of(RE))}, hexscan {milliseconds(seconds)}"
        what = "hot loop, clean text, as fast as `re`"
        yield Bound(what, 3, "x", timings.ratio(RE, HEXSCAN), detail, at_least=True)
    if item.name == DENSE:
        detail = f"{item.keys:,} keys found in {len(item.data):,} bytes"
        yield Bound("a 3 MB line full of keys", 0.5, "s", seconds, detail)


def _rows(item: Input, timings: Timings) -> Iterator[tuple[str, ...]]:
    megabytes = len(item.data) / 1e6
    for name in timings.seconds:
        seconds = timings.of(name)
        yield (
            item.name,
            f"{megabytes:.1f}",
            f"{item.keys:,}",
            name,
            milliseconds(seconds),
            f"{megabytes / 1000 / seconds.median:.2f}",
            f"{timings.ratio(RE, name).median:.2f}",
        )


def main() -> int:
    """Run this benchmark alone and print its result."""
    smoke = smoke_is_asked_for(COMMAND)
    return tell([measure(smoke=smoke)], smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
