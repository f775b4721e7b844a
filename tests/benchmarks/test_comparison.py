from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.comparison.environment import Peers
from benchmarks.comparison.family import (
    Family,
    Growth,
    LeftOutError,
    fault_bound,
    growth_bound,
    run_family,
    too_slow,
)
from benchmarks.comparison.hiding import Case
from benchmarks.comparison.planted import decoy, planted_key
from benchmarks.comparison.recall import (
    ALARM,
    FOUND,
    MISSED,
    NONE,
    PASSES,
    QUIET,
    open_verdict,
    verdict,
)
from benchmarks.comparison.running import Ended, Run, Taken
from benchmarks.comparison.tools import HEXSCAN, Job, Options, Tool
from benchmarks.comparison.work import Measured, Promise, Setting, Work, faults

KEY, WRONG = planted_key(1), decoy(1)
TELLS, NOTHING = KEY.text.encode(), b"[]"
NOBODY = Peers("python", {}, {})


def work(*promises: Promise) -> Work:
    runs = {HEXSCAN: Run(["hexscan"]), "peer": Run(["peer"])}
    return Work("1 file", runs, [KEY], [WRONG], promises=promises)


def done(output: bytes = TELLS, status: int | None = 1, seconds: float = 1.0) -> Taken:
    return Taken(Ended(status, seconds, output))


def test_a_run_of_hexscan_that_has_done_all_has_no_fault() -> None:
    assert faults(work(), done()) == 0


@pytest.mark.parametrize(
    ("taken", "count"),
    [
        (done(NOTHING), 1),
        (done(TELLS + WRONG.text.encode()), 1),
        (done(status=2), 1),
        (done(NOTHING, status=0), 2),
        (done(NOTHING, status=None), 2),
    ],
    ids=["a key missed", "a decoy told", "incomplete", "nothing found", "stopped"],
)
def test_a_run_of_hexscan_that_has_not_is_told_and_does_not_hold(taken: Taken, count: int) -> None:
    assert faults(work(), taken) == count
    assert not fault_bound("it", [Measured(work(), {HEXSCAN: taken})]).holds


@pytest.mark.parametrize("told", [("0 of 1", "0 of 1"), ("1 of 1", "1 of 1"), ("1 of 1", "0 of 1")])
def test_what_hexscan_told_of_the_same_place_before_counts(told: tuple[str, str]) -> None:
    clean = replace(work(), planted=(), decoys=(), told_before={HEXSCAN: told})
    bound = fault_bound("it", [Measured(clean, {HEXSCAN: done(NOTHING, 0)})])
    assert bound.holds == (told == ("1 of 1", "0 of 1"))


def test_a_peer_has_its_row_however_it_did() -> None:
    taken = {HEXSCAN: done(), "peer": done(WRONG.text.encode(), None, 30)}
    measured = Measured(work().without({"gone": "not run"}), taken)
    ours, peer = measured.rows()
    assert ours[-2:] == ("1 of 1", "0 of 1")
    assert peer[-2:] == ("0 of 1", "1 of 1")
    assert (peer[2], peer[4]) == ("stopped after 30 s", "≥ 30")


def test_a_contender_that_is_left_out_has_a_row_that_says_why() -> None:
    less = work().without({"peer": "not run: too slow"})
    assert list(less.runs) == [HEXSCAN]
    rows = Measured(less, {HEXSCAN: done()}).rows()
    assert [row[1:3] for row in rows[1:]] == [("peer", "not run: too slow")]
    assert len({len(row) for row in rows}) == 1


def test_a_promise_that_is_broken_is_told_and_does_not_hold() -> None:
    promise = Promise("over it", HEXSCAN, "peer", 1.0)
    taken = {HEXSCAN: done(seconds=2), "peer": done(seconds=1)}
    (bound,) = Measured(work(promise), taken).bounds()
    assert bound.measured.median == 2
    assert not bound.holds


def test_a_promise_about_who_is_not_there_is_not_judged() -> None:
    promise = Promise("over it", HEXSCAN, "absent", 1.0)
    assert Measured(work(promise), {HEXSCAN: done()}).bounds() == []


def test_who_would_be_stopped_at_ten_times_the_work_is_not_run() -> None:
    taken = {
        HEXSCAN: done(seconds=90),
        "slow": done(seconds=40),
        "quick": done(seconds=1),
        "stopped": done(status=None, seconds=100),
    }
    assert too_slow({10: Measured(work(), taken)}, 100, 100).keys() == {"slow", "stopped"}


def test_a_hundredfold_may_cost_a_hundred_and_five_times() -> None:
    bounds = [
        growth_bound(Growth("x", "X", {HEXSCAN: {1: 1.0, 100: most}}))[0].holds
        for most in (105.0, 105.1)
    ]
    assert bounds == [True, False]


def test_what_cannot_be_run_here_says_what_it_needs(tmp_path: Path) -> None:
    def make(setting: Setting, scale: int) -> Work:
        raise LeftOutError(f"needs {setting.sources} {scale}")

    setting = Setting(Options("hexscan", frozenset()), NOBODY, "python", tmp_path / "work")
    told = run_family(Family("x", "X", "Method.", make), setting, "command")
    assert told.section.rows == [("needs None 1",)]
    assert told.growth is None


@pytest.mark.parametrize(
    ("known", "everything", "plain"),
    [
        (frozenset({"--decode"}), ["--decode"], ["--no-unpack"]),
        (frozenset({"--decode", "--no-decode"}), [], ["--no-unpack", "--no-decode"]),
    ],
)
def test_options_follow_the_hexscan_that_is_measured(
    known: frozenset[str], everything: list[str], plain: list[str]
) -> None:
    options = Options("hexscan", known)
    assert (options.everything, options.plain) == (everything, plain)


TOOL = Tool("tool", {})
NAMING = Tool("rg", {}, clean=1, found=0, names_files=True)
PLACE = Case("place", Job.TREE, lambda _, __: None, KEY)
NO_KEY = Case("no key", Job.TREE, lambda _, __: None, WRONG, is_key=False)


@pytest.mark.parametrize(
    ("case", "tool", "ended", "expected"),
    [
        (PLACE, TOOL, Ended(1, 1, TELLS), FOUND),
        (PLACE, TOOL, Ended(1, 1, NOTHING), MISSED),
        (PLACE, NAMING, Ended(0, 1, b"binary file matches"), FOUND),
        (PLACE, NAMING, Ended(1, 1, b""), MISSED),
        (PLACE, TOOL, None, NONE),
        (NO_KEY, TOOL, Ended(1, 1, WRONG.text.encode()), ALARM),
        (NO_KEY, TOOL, Ended(0, 1, NOTHING), QUIET),
        (PLACE, TOOL, Ended(None, 60, TELLS), "**stopped** at 60 s"),
    ],
)
def test_verdicts_of_recall(case: Case, tool: Tool, ended: Ended | None, expected: str) -> None:
    assert verdict(case, tool, ended) == expected


@pytest.mark.parametrize(
    ("tool", "status", "expected"),
    [
        (TOOL, 0, PASSES),
        (TOOL, 2, "fails (2)"),
        (NAMING, 1, PASSES),
        (NAMING, 2, "fails (2)"),
    ],
)
def test_who_passes_what_was_not_read_is_told_by_its_own_status_for_clean(
    tool: Tool, status: int, expected: str
) -> None:
    assert open_verdict(tool, Ended(status, 1)) == expected
