"""Time what containers cost: files that are none, a .tar.gz, and bombs."""

import gzip
import io
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from struct import pack

import hexscan
from benchmarks.corpus import MIB, write_tree
from benchmarks.installation import Installation, installed_project
from benchmarks.measure import (
    Spread,
    Timings,
    WrongCountError,
    require_equal_counts,
    stopwatch,
    take_turns,
)
from benchmarks.process import peak_memory, timed_program
from benchmarks.report import smoke_is_asked_for, tell
from benchmarks.result import Bound, Section, milliseconds

TITLE = "Containers"
COMMAND = "python -m benchmarks.bench_containers"
METHOD = (
    "The tree is that of bench_tree, scanned in one process with unpacking and readings and with "
    "neither, which take turns. The .tar.gz holds the same tree; Python's gzip module reads it to "
    "nowhere in steps of 256 KiB. Bombs are scanned by whole processes, each of which has to end "
    "with status 2. Memory is the peak of the resident set, of one run each."
)

UNPACKING = "hexscan"
PLAIN = "hexscan, neither unpacking nor readings"
TARBALL = "hexscan, .tar.gz"
PLAIN_TARBALL = "hexscan, .tar.gz, no decoding"
GZIP = "gzip to nowhere"

TREE_LIMIT = 1.4
TARBALL_LIMIT = 1.15
BOMB_SECONDS = 2
BOMB_MEMORY = 150
"""In megabytes of 10^6 bytes."""


def gzip_to_nowhere(path: Path) -> None:
    """Read a compressed file with the library, and forget it."""
    with gzip.open(path) as file:
        while file.read(256 * 1024):
            pass


def write_tarball(tree: Path, path: Path) -> None:
    """Pack a tree into a .tar.gz, as tar(1) does by default."""
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT, compresslevel=6) as archive:
        archive.add(tree, "tree")


def zeros_zip() -> bytes:
    """Pack 100 MiB of zeros in a zip, and sixteen of it in a zip, three times over."""
    data = bytes(100 * MIB)
    for level in range(4):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(16 if level else 1):
                archive.writestr(f"{level}-{number}", data)
        data = stream.getvalue()
    return data


def overlapping_zip() -> bytes:
    """Make a zip of 42 KB of which 500 entries share the same 20 MiB of zeros: 10 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(20 * MIB)) + packer.flush()
    sizes = pack("<LLL", zlib.crc32(bytes(20 * MIB)), len(body), 20 * MIB)
    local = b"PK\3\4" + pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + b"\1\0\0\0a" + body
    entry = b"PK\1\2" + pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes + b"\1\0" + bytes(16) + b"a"
    end = pack("<HHHHLLH", 0, 0, 500, 500, 500 * len(entry), len(local), 0)
    return local + 500 * entry + b"PK\5\6" + end


def header(name: bytes, size: int) -> bytes:
    """Write a tar header with its size in base 256."""
    block = bytearray(512)
    block[: len(name)] = name
    block[124:136] = (size % (1 << 95) | 1 << 95).to_bytes(12, "big")
    block[156:157] = b"0"
    block[257:265] = b"ustar  \0"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def sparse_tar() -> bytes:
    """Write a tar with a sparse file of 8 GiB that is nothing but a hole."""
    block = bytearray(header(b"sparse", 0))
    block[156:157] = b"S"
    block[483:495] = (8 << 30 | 1 << 95).to_bytes(12, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + header(b"another", 8 << 30)


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield what is made to exhaust who unpacks it."""
    depth = 100_000
    yield "zips in zips", zeros_zip()
    yield "overlapping zip entries", overlapping_zip()
    yield "gzip in gzip", gzip.compress(gzip.compress(bytes(1024 * MIB)))
    nested = b"x"
    for _ in range(300):
        nested = gzip.compress(nested, 1)
    yield "gzip, 300 deep", nested
    claims = (header(b"%d.tar" % level, 512 * (depth - level - 1)) for level in range(depth))
    yield "tar, 100,000 deep", b"".join(claims)
    yield "tar of negative sizes", 1000 * header(b"a", -512) + header(b"b", 8 << 30)
    yield "sparse tar", sparse_tar()


def scan_counting(path: Path, *, unpack: bool, decode: bool = True) -> int:
    """Scan and return how many keys were found."""
    config = hexscan.Config(ignore=False, unpack=unpack, decode=decode)
    report = hexscan.scan([path], config)
    if not report.complete:
        raise WrongCountError(f"{path.name}: not read to its end")
    return len(report.findings)


@contextmanager
def corpus(*, smoke: bool) -> Iterator[tuple[Path, Path]]:
    """Write the tree and the .tar.gz of it; both are gone after the context."""
    with tempfile.TemporaryDirectory(prefix="hexscan-bench-") as directory:
        tree = write_tree(Path(directory, "tree"), 400 if smoke else 20_000)
        tarball = Path(directory, "tree.tar.gz")
        write_tarball(tree.root, tarball)
        counts = {
            UNPACKING: scan_counting(tree.root, unpack=True),
            PLAIN: scan_counting(tree.root, unpack=False, decode=False),
            TARBALL: scan_counting(tarball, unpack=True),
        }
        require_equal_counts("tree", tree.keys, counts)
        yield tree.root, tarball


def measure(installed: Installation, *, smoke: bool) -> Section:
    """Run the benchmark and return its result."""
    rounds = 2 if smoke else 9
    with corpus(smoke=smoke) as (tree, tarball):
        calls: dict[str, Callable[[], object]] = {
            UNPACKING: partial(scan_counting, tree, unpack=True),
            PLAIN: partial(scan_counting, tree, unpack=False, decode=False),
            TARBALL: partial(scan_counting, tarball, unpack=True),
            PLAIN_TARBALL: partial(scan_counting, tarball, unpack=True, decode=False),
            GZIP: partial(gzip_to_nowhere, tarball),
        }
        timings = take_turns({name: stopwatch(call) for name, call in calls.items()}, rounds)
    bounds = [
        _bound("20,000 small files, over neither unpacking nor readings", TREE_LIMIT, timings,
               UNPACKING, PLAIN),
        _bound("a .tar.gz, over Python's gzip", TARBALL_LIMIT, timings, TARBALL, GZIP),
        _bound("the same without decoding", TARBALL_LIMIT, timings, PLAIN_TARBALL, GZIP),
    ]  # fmt: skip
    rows = [(name, milliseconds(timings.of(name)), "-") for name in calls]
    for name, seconds, peak in _bombs(installed, rounds=1 if smoke else 5):
        bounds += [
            Bound(f"{name}, time", BOMB_SECONDS, "s", seconds, "whole process"),
            Bound(f"{name}, memory", BOMB_MEMORY, "MB", Spread.of([peak]), "one run"),
        ]
        rows.append((name, milliseconds(seconds), f"{peak:.0f}"))
    return Section(TITLE, COMMAND, METHOD, bounds, ("what", "time", "peak MB"), rows)


def _bound(what: str, limit: float, timings: Timings, name: str, base: str) -> Bound:
    detail = ", ".join(f"{each} {milliseconds(timings.of(each))}" for each in (base, name))
    return Bound(what, limit, "x", timings.ratio(name, base), detail)


def _bombs(installed: Installation, rounds: int) -> Iterator[tuple[str, Spread, float]]:
    with tempfile.TemporaryDirectory(prefix="hexscan-bench-") as directory:
        file = Path(directory, "bomb")
        for name, data in bombs():
            file.write_bytes(data)
            argv = [installed.hexscan, "scan", "--no-ignore", str(file)]
            done = subprocess.run(argv, capture_output=True, check=False)
            if done.returncode != 2 or b"--" not in done.stdout + done.stderr:
                raise WrongCountError(f"{name}: not refused with a reason")
            timed = timed_program(argv, exit_status=2)
            seconds = Spread.of([timed() for _ in range(rounds)])
            yield name, seconds, peak_memory(argv, exit_status=2) / 1e6


def main() -> int:
    """Run this benchmark alone and print its result."""
    smoke = smoke_is_asked_for(COMMAND)
    with installed_project() as installed:
        return tell([measure(installed, smoke=smoke)], smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
