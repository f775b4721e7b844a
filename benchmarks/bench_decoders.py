"""Readings: what they cost where there is nothing to read, and where there is nothing else.

The first must not be slower than the plainest pattern; the second must be linear and fast enough
that no input can hold up a scan.
"""

import base64
import re
import sys
from collections.abc import Iterator
from functools import partial
from random import Random

from benchmarks import corpus
from benchmarks.corpus import MIB, SEED
from benchmarks.measure import Spread, stopwatch, take_turns
from benchmarks.report import smoke_is_asked_for, tell
from benchmarks.result import Bound, Section, milliseconds
from hexscan.decoders import nest

TITLE = "Readings"
COMMAND = "python -m benchmarks.bench_decoders"
METHOD = (
    "One process, one core, the whole input in one buffer; no input holds a key. "
    "`re` is `re.compile(rb'hex_[0-9a-f]{40}').findall` on the same buffer. Times are medians (and "
    "quartiles) of the rounds."
)

_RE = re.compile(rb"hex_[0-9a-f]{40}")

CLEAN_TEXT = "clean text"


def inputs(size: int) -> Iterator[tuple[str, bytes]]:
    """Yield clean text, and the inputs that call for readings everywhere."""

    def repeated(piece: bytes) -> bytes:
        return (piece * (size // len(piece) + 1))[:size]

    yield CLEAN_TEXT, corpus.clean_text(size)
    random = Random(SEED).randbytes(size * 3 // 4)
    yield "base64 of random bytes", base64.b64encode(random)
    yield "the same in lines of 76", base64.encodebytes(random)[:size]
    code = corpus.code(min(size, 4 * MIB), lookalikes=0.01)
    yield "a minified line", repeated(code.replace(b"\n", b"").replace(b"  ", b""))
    yield "hleF repeated", repeated(b"hleF")
    yield "[104,101,120,95, repeated", repeated(b"[104,101,120,95,")


def measure(*, smoke: bool) -> Section:
    """Run the benchmark and return its result."""
    bounds: list[Bound] = []
    rows: list[tuple[str, ...]] = []
    for name, data in inputs(MIB // 4 if smoke else 16 * MIB):
        calls = {
            "hexscan": stopwatch(partial(nest.find, data)),
            "re": stopwatch(partial(_RE.findall, data)),
        }
        timings = take_turns(calls, 3 if smoke else 7)
        seconds = timings.of("hexscan")
        detail = f"re {milliseconds(timings.of('re'))}, hexscan {milliseconds(seconds)}"
        if name == CLEAN_TEXT:
            ratio = timings.ratio("re", "hexscan")
            bounds.append(
                Bound("all readings, as fast as `re`", 1, "x", ratio, detail, at_least=True)
            )
        else:
            speed = Spread(*(len(data) / 1e6 / took for took in _slowest_first(seconds)))
            bounds.append(Bound(name, 100, "MB/s", speed, detail, at_least=True))
        rows += [
            (
                name,
                who,
                milliseconds(timings.of(who)),
                f"{len(data) / 1e6 / timings.of(who).median:.0f}",
            )
            for who in calls
        ]
    return Section(TITLE, COMMAND, METHOD, bounds, ("input", "contender", "time", "MB/s"), rows)


def _slowest_first(seconds: Spread) -> tuple[float, float, float]:
    return seconds.high, seconds.median, seconds.low


def main() -> int:
    """Run this benchmark alone and print its result."""
    smoke = smoke_is_asked_for(COMMAND)
    return tell([measure(smoke=smoke)], smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
