"""Units of work, and a large file that is cut into them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hexscan import engine, sections, units
from hexscan.blob import Files
from hexscan.config import Config
from hexscan.sections import Answers, Asked, Hit, Hits, Large, Section
from hexscan.sources import slab
from hexscan.sources.manifest import Line
from hexscan.suppression.judge import Policy
from hexscan.units import Alone, Answer, Batch, Work
from tests.support import archives
from tests.support.keys import random_key

KEY = random_key(1)
SECTION = 1 << 17


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "SECTION", SECTION)
    monkeypatch.setattr(sections, "SECTION", SECTION)
    monkeypatch.setattr(units, "LARGE", 3 * SECTION)


def batch(*paths: Path) -> Batch:
    line = Line(len(paths))
    (files,) = [
        manifest
        for path in paths
        for manifest in line.add(Files(bytes(path.parent) + b"/", path.name.encode() + b"\0"))
    ]
    return Batch(files)


def large(path: Path) -> Large:
    told = path.stat()
    return Large(bytes(path), follow=False, size=told.st_size, identity=(told.st_dev, told.st_ino))


def answered(unit: units.Unit, config: Config | None = None) -> Answer:
    answer = Work(config or Config()).answer(unit)
    assert isinstance(answer, Answer)
    return answer


def asked(unit: Large, config: Config | None = None) -> list[Asked]:
    work = Work(config or Config())
    answers = [work.answer(Section(unit, start)) for start in range(0, unit.size, SECTION)]
    return [answer for answer in answers if isinstance(answer, Asked)]


def told(unit: Large, said: list[Asked]) -> Hits:
    """Put together what the sections have answered; the last one is heard first."""
    answers = Answers()
    for number, answer in reversed(list(enumerate(said))):
        answers.take(number * SECTION, answer)
    return Hits(unit, tuple(answers.hits))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "large"
    path.write_bytes(b"." * (4 * SECTION + 5))
    return path


def test_a_large_file_is_given_back_with_what_comes_after_it(file: Path) -> None:
    before, after = file.with_name("a"), file.with_name("z")
    before.write_text(KEY.reveal())
    after.write_text(KEY.reveal())
    answer = answered(batch(before, file, after))
    assert [finding.location.path for finding in answer.outcome.findings] == [bytes(before)]
    assert answer.outcome.files == 1
    assert answer.further == (large(file), batch(after))


@pytest.mark.parametrize(
    ("content", "config"),
    [
        (archives.tar({"a": b"x" * 4 * SECTION}), Config()),
        (b"." * 4 * SECTION + archives.zipped({"a": b"x"}), Config()),
        (b"." * 4 * SECTION, Config(suppression=Policy(unused_marks=True))),
    ],
)
def test_what_cannot_be_cut_is_given_back_whole(file: Path, content: bytes, config: Config) -> None:
    file.write_bytes(content)
    answer = answered(batch(file), config)
    assert answer.further == (Alone(bytes(file), follow=False),)
    assert answer.outcome.files == 0
    (again,) = answer.further
    answer = answered(again, config)
    assert (answer.outcome.files, answer.further) == (1, ())


def test_what_takes_long_is_given_back(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [file.with_name(name) for name in "abc"]
    for path in paths:
        path.write_text(KEY.reveal())
    monkeypatch.setattr(units, "ENOUGH", -1)
    monkeypatch.setattr(slab, "MOST_FILES", 1)
    answer = answered(batch(*paths))
    assert len(answer.outcome.findings) == 1
    assert answer.further == (batch(*paths[1:]),)


@pytest.mark.parametrize("seam", [0, 1, 2, 3, 4])
@pytest.mark.parametrize("before", range(-2, 47))
def test_a_key_at_a_seam_is_in_the_section_that_it_starts_in(
    file: Path, seam: int, before: int
) -> None:
    start = max(0, seam * SECTION - before)
    content = bytearray(file.read_bytes())
    content[start : start + 44] = KEY.reveal().encode()
    content[max(0, start - 7) : start] = b"\n" * min(7, start)
    file.write_bytes(content)
    unit = large(file)
    said = asked(unit)
    assert [bool(one.hits) for one in said] == [at == start // SECTION for at in range(len(said))]
    hits = answered(told(unit, said))
    assert tuple(hits.outcome.findings) == engine.scan(file).findings
    (finding,) = hits.outcome.findings
    assert finding.location.offset == start
    assert finding.location.line == 1 + min(7, start)


@pytest.mark.parametrize("start", [SECTION * 2 - 1, SECTION * 2, SECTION * 2 - 10])
def test_what_starts_at_the_end_of_a_hole_is_found(file: Path, start: int) -> None:
    with file.open("wb") as stream:
        stream.seek(start)
        stream.write(KEY.reveal().encode("utf-16-be"))
        stream.truncate(5 * SECTION)
    unit, config = large(file), Config(decode=True)
    hits = answered(told(unit, asked(unit, config)), config)
    assert len(hits.outcome.findings) == 1
    assert tuple(hits.outcome.findings) == engine.scan(file, config).findings


def test_what_a_file_has_grown_by_belongs_to_its_last_section(file: Path) -> None:
    unit = large(file)
    with file.open("ab") as stream:
        stream.write(b"." * SECTION + KEY.reveal().encode())
    said = asked(unit)
    assert [bool(one.hits) for one in said] == [False] * 4 + [True]
    answer = answered(told(unit, said))
    assert answer.outcome.findings[0].location.offset == 5 * SECTION + 5


def test_what_a_hole_has_grown_by_is_found(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(5 * SECTION)
    unit = large(file)
    with file.open("ab") as stream:
        stream.write(KEY.reveal().encode())
    assert len(answered(told(unit, asked(unit))).outcome.findings) == 1


def test_a_file_that_is_another_now_is_read_again(file: Path) -> None:
    unit = large(file)
    file.rename(file.with_name("old"))
    file.write_text(KEY.reveal())
    assert asked(unit)[0] == Asked(failed=True)
    answer = answered(Hits(unit, (Hit(0, SECTION, 1, 0),)))
    assert answer.further == (Alone(bytes(file), follow=False),)
    # It was counted already, as it was.
    assert (answer.outcome.files, answer.outcome.bytes) == (-1, -unit.size)
    assert len(answered(answer.further[0]).outcome.findings) == 1


def test_a_file_that_is_cut_short_is_read_again(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(KEY.reveal().encode())
    unit = large(file)
    hits = told(unit, asked(unit))
    file.write_bytes(b"")
    answer = answered(hits)
    assert answer.outcome.findings == []
    assert answer.further == (Alone(bytes(file), follow=False),)


def test_every_file_of_a_lost_unit_is_named(file: Path) -> None:
    work = Work(Config())
    key = file.with_name(KEY.reveal())
    for unit in (batch(file, key), Alone(bytes(file), follow=True), Section(large(file), 0)):
        failures = work.lost(unit, "was ended by signal 9").failures
        assert failures[0].origin.path == bytes(file)
        assert failures[0].reason == "not scanned: the process that read it was ended by signal 9"
        assert len(failures) == len(list(units.paths(unit)))
    assert KEY.reveal().encode() not in work.lost(batch(key), "").failures[0].origin.path
