"""The judgement of a run, through the engine."""

from pathlib import Path

import pytest

from hexscan import engine
from hexscan import rule as rules
from hexscan.config import Config
from hexscan.finding import Suppression, UnusedMark
from hexscan.suppression.baseline import Baseline, Entry
from hexscan.suppression.judge import Policy, Ways
from tests.support.keys import random_key

KEY = random_key(1)
OTHER = random_key(2)
ENTRY = Entry(KEY.fingerprint, rules.API_KEY, "*", "revoked", "me", "2026-05-20")
JUDGED = Baseline((ENTRY,)).by_place()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/a.ex").write_text(f"{KEY.reveal()} # hexscan:allow\n")
    (tmp_path / "lib/b.ex").write_text(f"{KEY.reveal()}\n")
    (tmp_path / "c.ex").write_text("# hexscan:allow nothing here\n")
    return tmp_path


def test_a_judged_finding_does_not_fail_the_run(tree: Path) -> None:
    report = engine.scan([tree], Config(suppression=Policy(baseline=JUDGED)))
    assert report.findings == ()
    assert [finding.suppressed for finding in report.suppressed] == [
        Suppression("inline"),
        Suppression("baseline", "revoked", "me", "2026-05-20"),
    ]
    assert report.exit_status == 0
    shown = report.showing_suppressed()
    assert shown.findings == report.suppressed
    assert shown.exit_status == 0


def test_the_library_honours_marks_by_itself(tree: Path) -> None:
    report = engine.scan([tree])
    assert (len(report.findings), len(report.suppressed)) == (1, 1)


def test_nothing_is_suppressed_where_it_is_not_honoured(tree: Path) -> None:
    policy = Policy(baseline=JUDGED, honoured=False)
    report = engine.scan([tree], Config(suppression=policy))
    assert len(report.findings) == 2
    assert report.suppressed == ()
    assert {finding.suppressed for finding in report.findings} == {None}


def test_a_reason_can_be_required(tree: Path) -> None:
    report = engine.scan([tree], Config(suppression=Policy(require_reason=True)))
    assert len(report.findings) == 2
    (warning,) = report.warnings
    assert warning.endswith("lib/a.ex:1: hexscan:allow gives no reason, and so allows nothing")
    unsaid = Baseline((Entry(KEY.fingerprint, rules.API_KEY),)).by_place()
    report = engine.scan([tree], Config(suppression=Policy(require_reason=True, baseline=unsaid)))
    assert len(report.findings) == 2
    assert "the baseline's entry gives no reason" in report.warnings[1]


@pytest.mark.parametrize(("path", "left"), [("lib/b.ex", 0), ("b.ex", 1), ("lib/*.ex", 1)])
def test_an_entry_can_hold_for_one_file(
    tree: Path, monkeypatch: pytest.MonkeyPatch, path: str, left: int
) -> None:
    held = Baseline((Entry(KEY.fingerprint, rules.API_KEY, path),)).by_place()
    config = Config(suppression=Policy(baseline=held, root=bytes(tree)))
    assert len(engine.scan([tree], config).findings) == left
    monkeypatch.chdir(tree / "lib")
    assert len(engine.scan(["."], config).findings) == left
    assert len(engine.scan(["../lib/b.ex"], config).findings) == left


def test_another_key_is_not_covered(tree: Path) -> None:
    (tree / "lib/b.ex").write_text(f"{OTHER.reveal()}\n")
    report = engine.scan([tree], Config(suppression=Policy(baseline=JUDGED)))
    assert [finding.fingerprint for finding in report.findings] == [OTHER.fingerprint]


def test_unused_marks_are_found_where_they_are_asked_for(tree: Path) -> None:
    config = Config(suppression=Policy(baseline=JUDGED, unused_marks=True))
    report = engine.scan([tree], config)
    assert report.unused == (UnusedMark(bytes(tree) + b"/c.ex", 1),)
    assert report.exit_status == 0
    strict = Config(suppression=Policy(baseline=JUDGED, unused_marks=True), strict=True)
    assert engine.scan([tree], strict).exit_status == 1
    assert engine.scan([tree]).unused == ()


def test_unused_marks_in_a_large_file(tmp_path: Path) -> None:
    text = "x\n" * 200_000 + "# hexscan:allow\n" + "y\n" * 200_000
    text += f"{KEY.reveal()} # hexscan:allow\n" + "z\n" * 200_000
    (tmp_path / "large").write_text(text)
    report = engine.scan([tmp_path], Config(suppression=Policy(unused_marks=True)))
    assert report.unused == (UnusedMark(bytes(tmp_path) + b"/large", 200_001),)
    assert len(report.suppressed) == 1


def test_a_binary_has_no_unused_marks(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"\0# hexscan:allow\n")
    report = engine.scan([tmp_path], Config(suppression=Policy(unused_marks=True)))
    assert report.unused == ()


def test_a_key_in_the_path_of_an_unused_mark_is_masked(tmp_path: Path) -> None:
    (tmp_path / KEY.reveal()).write_text("# hexscan:allow\n")
    report = engine.scan([tmp_path], Config(suppression=Policy(unused_marks=True)))
    assert KEY.reveal() not in repr(report)
    assert len(report.unused) == 1


def test_files_that_mix_ignores_are_passed_over(tree: Path) -> None:
    config = Config(suppression=Policy(mix_globs=("lib/b*", "c.ex"), root=bytes(tree)))
    report = engine.scan([tree], config)
    assert report.findings == ()
    assert report.policies == {"ignored by mix.exs": 2}
    assert report.files == 1


def test_ways(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "link").symlink_to("a")
    monkeypatch.chdir(tmp_path / "a")
    ways = Ways(bytes(tmp_path))
    assert ways.to(b"x") == b"a/x"
    assert ways.to(b"b/x") == b"a/b/x"
    assert ways.to(b"../x") == b"x"
    assert ways.to(bytes(tmp_path) + b"/link/b/x") == b"a/b/x"
    assert ways.to(b"/x").endswith(b"../x")
    assert Ways(b"").to(b"b/x") == b"b/x"
