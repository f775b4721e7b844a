"""Lines and columns of findings in large files are those of a plain count, however it is cut."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan import engine, sections, sharing, skim, units
from hexscan.config import Config
from hexscan.workers import pool
from tests.support.keys import random_key

KEYS = [random_key(seed).reveal().encode() for seed in range(3)]
SIZE = 400_000
PIECES = st.one_of(
    st.sampled_from(KEYS),
    st.sampled_from([b"\n", b"\r\n", b"\n\n\n", b"\xff", b"\xc3", "\u00e4".encode(), b"\0"]),
    st.sampled_from([KEYS[0].decode().encode("utf-16-le"), "\ufeff\u20ac\U0001f600".encode()]),
    st.integers(1, 200_000).map(lambda size: b"." * size),
    st.integers(1, 5_000).map(lambda number: b"some words\n" * number),
    st.integers(1, 50_000).map(lambda number: "\u00e4\u20ac".encode() * number),
)
CONTENTS = st.lists(PIECES, min_size=3, max_size=20).map(b"".join)


def place(content: bytes, offset: int) -> tuple[int, int]:
    """Return line and column of an offset, by a plain count."""
    before = content[:offset]
    line_so_far = before[before.rfind(b"\n") + 1 :]
    try:
        column = len(line_so_far.decode())
    except UnicodeDecodeError:
        column = len(line_so_far)
    return 1 + before.count(b"\n"), 1 + column


def found(path: Path, config: Config) -> list[tuple[int, int, int]]:
    report = engine.scan(path, config)
    assert report.complete
    places = [finding.location for finding in report.findings]
    return [(place.offset, place.line, place.column) for place in places]


def check(content: bytes, config: Config) -> None:
    content += b"." * (SIZE - len(content))
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "large")
        path.write_bytes(content)
        told = found(path, config)
    assert told == [(offset, *place(content, offset)) for offset, _, _ in told]
    expected = sum(content.count(key) for key in KEYS)
    assert len(told) == expected or (config.decode and len(told) > expected)


@given(
    content=CONTENTS,
    section=st.integers(20_000, 200_000),
    room=st.sampled_from([10_000, 33_333, 1 << 19]),
    decode=st.booleans(),
    compiled=st.booleans(),
)
def test_lines_of_a_file_in_sections(
    content: bytes, section: int, room: int, *, decode: bool, compiled: bool
) -> None:
    with ExitStack() as patches:
        for module in (sections, sharing, units):
            patches.enter_context(mock.patch.object(module, "SECTION", section))
        patches.enter_context(mock.patch.object(sections, "ROOM", room))
        patches.enter_context(mock.patch.object(units, "LARGE", 300_000))
        patches.enter_context(mock.patch.object(sharing, "PATIENCE", {False: 0.0}))
        # All units are done in this process, in which the patches are.
        patches.enter_context(mock.patch.object(pool, "_can_start", return_value=False))
        if not compiled:
            patches.enter_context(mock.patch.object(skim, "newlines", None))
        check(content, Config(decode=decode, jobs=2))


@given(content=CONTENTS, decode=st.booleans(), compiled=st.booleans())
def test_lines_of_a_file_in_one_piece(content: bytes, *, decode: bool, compiled: bool) -> None:
    with ExitStack() as patches:
        if not compiled:
            patches.enter_context(mock.patch.object(skim, "newlines", None))
        check(content, Config(decode=decode))


@pytest.mark.skipif(skim.newlines is None, reason="hexscan was installed without a compiler")
@given(st.lists(st.one_of(st.just(b"\n"), st.binary(max_size=300)), max_size=60).map(b"".join))
def test_line_ends_are_counted(data: bytes) -> None:
    assert skim.newlines is not None
    for start in range(3):
        view = memoryview(data * 40)[start:]
        assert skim.newlines(view) == bytes(view).count(b"\n")
