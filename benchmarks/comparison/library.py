"""The library: many short strings in one process, against ``re`` and the peers' own libraries.

Each contender is a process of the Python that has its library. It reads the same strings, searches
all of them, and writes how many keys it has found and how long that took without its start. The
libraries of the peers get fewer strings; what is compared is the time of one string.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.comparison.environment import BETTERLEAKS, KINGFISHER, RULES
from benchmarks.comparison.planted import decoy, planted_key
from benchmarks.comparison.running import Run, execute
from benchmarks.comparison.work import Setting
from benchmarks.corpus import code
from benchmarks.measure import Spread, WrongCountError
from benchmarks.result import Bound, Section

TITLE = "The library: strings of 1 KB"
METHOD = (
    "One process each, in turns; the time is that of the searches without the process's start, "
    "for one string. One string in a thousand holds a key, one in a hundred a wrong checksum. `re` "
    "and hexscan get text; `re` looks for the plain pattern and checks the checksum by zlib. "
    "hexscan by its defaults also looks for upper-case keys and for keys by their labels. The "
    "libraries of the peers are made ready before, and get fewer strings."
)
OURS = "hexscan.find"
RE = "re and zlib.crc32"
HEADINGS = ("contender", "strings", "keys found", "time of one string", "x hexscan.find")

_READ = """
import json, sys, time, zlib
lines = open(sys.argv[1], encoding="ascii").read().splitlines()
given = [lines[number % len(lines)] for number in range(int(sys.argv[2]))]
"""
_COUNT = """
start = time.perf_counter()
found = sum(search(text) for text in given)
print(json.dumps([found, time.perf_counter() - start]))
"""
_SEARCHES = {
    OURS: """
import hexscan
def search(text):
    return sum(1 for _ in hexscan.find(text))
""",
    RE: """
import re
pattern = re.compile("hex_([0-9a-f]{32})([0-9a-f]{8})")
def search(text):
    return sum(
        zlib.crc32(bytes.fromhex(match[1])) == int(match[2], 16)
        for match in pattern.finditer(text)
    )
""",
    f"{KINGFISHER} (kingfisher_sdk)": """
from kingfisher_sdk import Rules, Scanner
scanner = Scanner(Rules([sys.argv[3] + "/kingfisher-hex-crc.yml"], builtins=False))
scanner.scan("made ready")
def search(text):
    return len(scanner.scan(text))
""",
    f"{BETTERLEAKS} (betterleaks)": """
import betterleaks
config = sys.argv[3] + "/betterleaks-hex-crc.toml"
betterleaks.scan_string("made ready", config)
def search(text):
    return len(betterleaks.scan_string(text, config))
""",
}
_MILLION = 1_000_000
_FEW = {KINGFISHER: 200_000, BETTERLEAKS: 200_000}
_DIFFERENT = 20_000
_SIZE = 1000


@dataclass(frozen=True, slots=True)
class Contender:
    """A way to search strings, and how many it is given."""

    run: Run
    strings: int

    def one_string(self, limit: float) -> float:
        """Run it once, and return the seconds of one string.

        Raises :class:`WrongCountError` if it did not find the keys, and :class:`RuntimeError` if
        it failed.
        """
        ended = execute(self.run, limit, watched=True)
        if ended.status != 0:
            raise RuntimeError(f"exit status {ended.status}")
        found, taken = json.loads(ended.output)
        if found != self.strings // 1000:
            raise WrongCountError(f"{found} keys of {self.strings // 1000}")
        return float(taken) / self.strings


def write_strings(path: Path) -> None:
    """Write 20,000 lines of 1,000 characters of code, some with a key or what looks like one."""
    text = code(_DIFFERENT * _SIZE, lookalikes=0.001).replace(b"\n", b" ").decode("ascii")
    lines = [text[at : at + _SIZE] for at in range(0, len(text), _SIZE)]
    for number in range(0, len(lines), 100):
        is_key = number % 1000 == 500
        one = planted_key(100 + number) if is_key else decoy(100 + number)
        lines[number] = f'{lines[number][:400]} "{one.text}" {lines[number][448:]}'
    path.write_text("\n".join(lines), encoding="ascii")


def contenders(setting: Setting, source: Path) -> dict[str, Contender]:
    """Return hexscan, re and the libraries of the peers, for the strings of a file."""
    found = {}
    for name, search in _SEARCHES.items():
        peer = name.split()[0]
        python = setting.peers.python if peer in _FEW else setting.python
        strings = _FEW.get(peer, _MILLION // 100 if setting.smoke else _MILLION)
        program = _READ + search + _COUNT
        argv = [python, "-I", "-c", program, str(source), str(strings), str(RULES)]
        cache = {"KF_RULE_CACHE_DIR": str(Path(setting.peers.python).parent.parent / "rules")}
        found[name] = Contender(Run(argv, environment=cache), strings)
    return found


def measure(setting: Setting, command: str) -> Section:
    """Run all contenders in turns and return the result."""
    shutil.rmtree(setting.scratch, ignore_errors=True)
    setting.scratch.mkdir()
    source = setting.scratch / "strings"
    write_strings(source)
    given = contenders(setting, source)
    taken: dict[str, list[float]] = {name: [] for name in given}
    failed: dict[str, str] = {}
    for _ in range(2 if setting.smoke else 3):
        for name, contender in given.items():
            if name in failed:
                continue
            try:
                taken[name].append(contender.one_string(setting.limit))
            except (WrongCountError, RuntimeError) as error:
                if name in (OURS, RE):
                    raise
                failed[name] = str(error)
    times = {name: values for name, values in taken.items() if values and name not in failed}
    rows = [_row(name, given[name].strings, times, failed) for name in given]
    return Section(TITLE, command, METHOD, _bounds(times), HEADINGS, rows)


def _row(
    name: str, strings: int, times: Mapping[str, list[float]], failed: Mapping[str, str]
) -> tuple[str, ...]:
    if name not in times:
        return name, f"{strings:,}", f"no result: {failed.get(name, '')}", "", ""
    found = f"{strings // 1000} of {strings // 1000}"
    return (
        name,
        f"{strings:,}",
        found,
        _micro(times[name]),
        f"{_over(times, name, OURS).median:.3g}",
    )


def _bounds(times: Mapping[str, list[float]]) -> list[Bound]:
    limits = {name: 1 if name == RE else 10 for name in times if name != OURS}
    return [
        Bound(
            f"{OURS}, as fast as {name}",
            limit,
            "x",
            _over(times, name, OURS),
            f"{name} {_micro(times[name])}, {OURS} {_micro(times[OURS])}",
            at_least=True,
        )
        for name, limit in limits.items()
    ]


def _over(times: Mapping[str, list[float]], name: str, base: str) -> Spread:
    pairs = zip(times[name], times[base], strict=True)
    return Spread.of([one / other for one, other in pairs])


def _micro(values: list[float]) -> str:
    spread = Spread.of(values).times(1e6)
    return f"{spread.median:.3g} µs ({spread.low:.3g} to {spread.high:.3g})"
