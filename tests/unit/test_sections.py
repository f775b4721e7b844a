"""A large file in sections: how much of it is read, and how windows cover it."""

from __future__ import annotations

import base64
import os
import sys
from random import Random
from typing import TYPE_CHECKING

import pytest

from hexscan import sections, skim
from hexscan.config import Config
from hexscan.decoders import nest
from hexscan.decoding_scanner import DecodingScanner
from hexscan.gathering import Outcome
from hexscan.run import Run
from hexscan.sections import Answers, Asked, Hit, Hits, Large, Reading, Section
from hexscan.store import OpenFile
from hexscan.window import Window
from tests.support.keys import random_key

if TYPE_CHECKING:
    from pathlib import Path

    from hexscan.match import Match

KEY = random_key(1).reveal().encode()
SECTION, PIECE, ROOM = 1 << 17, 1 << 16, 1 << 15
LINE = b"0123456789 some words\n"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "SECTION", SECTION)
    monkeypatch.setattr(sections, "ROOM", ROOM)
    monkeypatch.setattr(sections, "PIECE", PIECE)


def large(path: Path) -> Large:
    told = path.stat()
    return Large(bytes(path), follow=False, size=told.st_size, identity=(told.st_dev, told.st_ino))


def hits(file: Large, reading: Reading, run: Run) -> Hits:
    answers = Answers()
    for start in range(0, file.size, SECTION):
        answers.take(start, sections.ask(reading, run.scanner, Section(file, start)))
    return Hits(file, tuple(answers.hits))


@pytest.mark.skipif(skim.newlines is None, reason="hexscan was installed without a compiler")
@pytest.mark.parametrize("decode", [False, True])
def test_what_lies_before_a_finding_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, decode: bool
) -> None:
    path = tmp_path / "large"
    number = 40 * SECTION // len(LINE)
    path.write_bytes(LINE * number + b"key: " + KEY + b"\n" + LINE * number)
    run = Run(Config(decode=decode), Outcome())
    reading, file = Reading(run.scanner.context), large(path)
    told = hits(file, reading, run)
    read: list[int] = []
    read_into = OpenFile.read_into

    def counted(self: OpenFile, offset: int, view: memoryview) -> int:
        read.append(read_into(self, offset, view))
        return read[-1]

    monkeypatch.setattr(OpenFile, "read_into", counted)
    monkeypatch.setattr(sections, "BUFFER_SIZE", 4096)
    sections.tell(reading, run, told)
    assert isinstance(run.sink, Outcome)
    (finding,) = run.sink.findings
    assert (finding.location.line, finding.location.column) == (number + 1, 6)
    assert sum(read) <= ROOM + 4 * run.scanner.context


@pytest.mark.parametrize("size", [0, 1, 99, 100, 40_000, 65_536, 200_000])
@pytest.mark.parametrize("context", [16, 8192])
@pytest.mark.parametrize("span", [(0, None), (0, 50_000), (40_000, 131_072), (40_000, None)])
@pytest.mark.parametrize("maps", [False, True])
def test_windows_own_every_offset_once_and_have_what_is_around_it(
    tmp_path: Path, size: int, context: int, span: tuple[int, int | None], *, maps: bool
) -> None:
    content = os.urandom(size)
    path = tmp_path / "large"
    path.write_bytes(content)
    start, stop = span
    owned = b""
    with sections.Opened(large(path)) as file:
        for window in Reading(context, maps=maps).glances(file, start, stop):
            assert window.start == start + len(owned)
            data = bytes(window.data)
            assert data == content[window.base : window.base + len(data)]
            assert window.base <= max(0, window.start - context)
            assert window.base + len(data) >= min(size, window.stop + context)
            owned += content[window.start : window.stop]
    assert owned == content[start:stop]


@pytest.mark.skipif(sys.platform != "linux", reason="files are mapped on Linux alone")
def test_all_but_the_end_of_a_large_file_is_mapped_where_that_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large"
    path.write_bytes(bytes(5 * PIECE))
    read: list[int] = []
    read_into = OpenFile.read_into

    def counted(self: OpenFile, offset: int, view: memoryview) -> int:
        read.append(offset)
        return read_into(self, offset, view)

    monkeypatch.setattr(OpenFile, "read_into", counted)
    for maps in (True, False):
        read.clear()
        with sections.Opened(large(path)) as file:
            for _ in Reading(100, maps=maps).glances(file, 0, None):
                pass
        assert (min(read) >= 4 * PIECE - 100) is maps


def test_what_cannot_be_mapped_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large"
    path.write_bytes(LINE * 20_000)
    monkeypatch.setattr(OpenFile, "mapped", lambda *_: None)
    with sections.Opened(large(path)) as file:
        windows = Reading(100, maps=True).glances(file, 0, None)
        owned = b"".join(
            bytes(one.data[one.start - one.base : one.stop - one.base]) for one in windows
        )
    assert owned == LINE * 20_000


def test_a_file_that_was_cut_short_gives_what_is_left(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(LINE * 20_000)
    with sections.Opened(large(path)) as file:
        os.truncate(path, 100_000)
        owned = sum(one.stop - one.start for one in Reading(100, maps=True).glances(file, 0, None))
    assert owned == 100_000


def test_a_section_that_is_full_of_keys_is_searched_for_the_first_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "large"
    path.write_bytes((KEY + b"\n") * (2 * SECTION // 45))
    scanner = DecodingScanner()
    searched: list[int] = []
    find = nest.find

    def counted(data: memoryview, **flags: bool) -> list[Match]:
        searched.append(len(data))
        return find(data, **flags)

    monkeypatch.setattr(nest, "find", counted)
    asked = sections.ask(Reading(scanner.context), scanner, Section(large(path), 0))
    assert len(asked.hits) > 1
    assert len(searched) == 1


def test_answers_come_in_any_order() -> None:
    first = Asked((Hit(5, 9, 0, 0), Hit(10, 12, 2, 10)), line=3, line_start=50)
    second = Asked()
    third = Asked((Hit(2 * SECTION, 2 * SECTION + 1, 0, 0),), line=1, line_start=2 * SECTION + 5)
    fourth = Asked((Hit(3 * SECTION, 3 * SECTION + 1, 0, 0),))
    answers = Answers()
    for number, asked in ((3, fourth), (1, second), (0, first), (2, third)):
        answers.take(number * SECTION, asked)
    assert answers.hits == [
        Hit(5, 9, 1, 0),
        Hit(10, 12, 3, 10),
        Hit(2 * SECTION, 2 * SECTION + 1, 4, 50),
        Hit(3 * SECTION, 3 * SECTION + 1, 5, 2 * SECTION + 5),
    ]


def test_what_is_behind_a_section_without_an_answer_is_not_lost() -> None:
    answers = Answers()
    answers.take(0, Asked((Hit(5, 9, 0, 0),), line=3, line_start=50))
    for number in (3, 2):
        start = number * SECTION
        answers.take(start, Asked((Hit(start, start + 9, 1, start + 2),)))
    answers.give_up()
    assert answers.hits == [
        Hit(5, 9, 1, 0),
        # Nothing is known of their lines but where the first one starts.
        Hit(2 * SECTION, 2 * SECTION + 9, 1, 0),
        Hit(3 * SECTION, 3 * SECTION + 9, 1, 0),
    ]


def test_a_run_is_seen_by_its_first_lines_however_narrow_the_others_are() -> None:
    random = Random(1)
    text = bytes(random.choices(b"abcdefgh ijkl", k=36000)) + KEY
    run = base64.b64encode(text)
    wide, narrow = run[:760], run[760:]
    lines = [wide[at : at + 76] for at in range(0, len(wide), 76)]
    lines += [narrow[at : at + 4] for at in range(0, len(narrow), 4)]
    data = b"\n" + b"\n".join(lines) + b"!\n" + LINE * 1000
    assert DecodingScanner().finds_in(Window(data, 0, 0, len(data)))
