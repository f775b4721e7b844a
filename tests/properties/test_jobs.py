"""However the work of a run is cut and shared, it comes to the same."""

import base64
import gzip
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from hexscan import engine, sections, sharing, units
from hexscan.config import Config
from hexscan.finding import Finding, Report, Suppression
from hexscan.suppression.judge import EVERYWHERE, Policy
from hexscan.workers import pool
from tests.support import archives
from tests.support.keys import legacy, random_key, wrong_checksum

SECTION = 1 << 16
"""Small, so that a file of some hundred kilobytes has many."""

KEYS = [random_key(seed) for seed in range(4)]
MEMBERS = {"a/b.ex": b"key: " + KEYS[1].reveal().encode(), "c": b"nothing"}


def _written(filler: bytes, placed: dict[int, bytes]) -> bytes:
    content = bytearray((filler * 600_000)[:600_000])
    for at, piece in placed.items():
        content[max(0, at) : max(0, at) + len(piece)] = piece
    return bytes(content)


PIECES = st.sampled_from(
    [
        KEYS[0].reveal().encode(),
        KEYS[1].reveal().encode(),
        b"HEX_API_KEY=" + KEYS[2].reveal()[4:].encode(),
        b'{api_key,\n<<"' + legacy(3).reveal().encode() + b'">>}.',
        base64.b64encode(b"key: " + KEYS[3].reveal().encode()),
        KEYS[3].reveal().encode("utf-16-le"),
        wrong_checksum(1).encode(),
        KEYS[0].reveal().encode() + b" hexscan:allow because\n",
        b"# hexscan:allow\n",
        b"\n",
        "ä€\n".encode(),
        "ä€".encode(),
        b"\xff",
    ]
)
ROOMS = st.sampled_from([10_001, 50_000, 1 << 19])
SMALL = st.lists(PIECES, max_size=4).map(b"".join)
SEAMS = st.builds(
    lambda number, off: number * SECTION + off, st.integers(0, 9), st.integers(-90, 9)
)
LARGE = st.builds(
    _written,
    st.sampled_from([b"x", b"\n", b"x" * 70 + b"\n", "ä".encode(), b"\0"]),
    st.dictionaries(st.one_of(SEAMS, st.integers(0, 600_000)), PIECES, max_size=4),
)
PACKED = st.sampled_from(
    [
        archives.tar(MEMBERS),
        archives.zipped(MEMBERS),
        gzip.compress(MEMBERS["a/b.ex"], mtime=0),
        gzip.compress(MEMBERS["a/b.ex"], mtime=0)[:-3],
        b"x" * 400_000 + archives.zipped(MEMBERS),
        archives.tar({**MEMBERS, "large": b"\n" * 400_000}),
    ]
)
TREES = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d/a", "d/b", "d/e/f", "g", f"h/{KEYS[0].reveal()}"]),
    st.one_of(SMALL, LARGE, PACKED),
    min_size=1,
)
POLICIES = st.sampled_from(
    [
        Policy(),
        Policy(unused_marks=True),
        Policy(require_reason=True),
        Policy(honoured=False),
        Policy(mix_globs=("**/d/**",)),
        Policy(
            baseline={(KEYS[1].fingerprint, EVERYWHERE): Suppression("baseline", "", "me", "2026")},
            require_reason=True,
        ),
    ]
)
CONFIGS = st.builds(
    Config,
    unprefixed=st.booleans(),
    lookalikes=st.booleans(),
    decode=st.booleans(),
    unpack=st.booleans(),
    exclude=st.sampled_from([(), ("b",)]),
    suppression=POLICIES,
)


@contextmanager
def small_units(files: int, room: int) -> Iterator[None]:
    """Cut the work small and share it at once, but do all of it in this process."""
    with (
        mock.patch.object(sharing, "SECTION", SECTION),
        mock.patch.object(sharing, "FILES", files),
        mock.patch.object(sharing, "PATIENCE", {False: 0.0}),
        mock.patch.object(units, "SECTION", SECTION),
        mock.patch.object(sections, "SECTION", SECTION),
        mock.patch.object(sections, "ROOM", room),
        mock.patch.object(units, "LARGE", 300_000),
        mock.patch.object(units, "ENOUGH", 0.0),
        mock.patch.object(pool, "_can_start", return_value=False),
    ):
        yield


def scanned(tree: Path, config: Config) -> tuple[Report, list[Finding]]:
    told: list[Finding] = []
    report = engine.scan([tree / "d", tree], config, told=told.append)
    return replace(report, seconds=0), told


@given(tree=TREES, config=CONFIGS, files=st.integers(1, 4), room=ROOMS)
def test_a_run_that_is_shared_tells_the_same_in_the_same_order(
    tree: dict[str, bytes], config: Config, files: int, room: int
) -> None:
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory)
        (top / "link").symlink_to(KEYS[2].reveal())
        for name, content in tree.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_bytes(content)
        alone = scanned(top, config)
        with small_units(files, room):
            assert scanned(top, replace(config, jobs=2)) == alone
