"""The words that reports share."""

from dataclasses import replace

import pytest

from hexscan.finding import Finding, Report, Suppression
from hexscan.reports import wording
from tests.golden.sample import KEY, LOOKALIKE, OLD_KEY, PUBLISHED, UNREACHABLE, finding

JUDGED = Suppression("baseline", "revoked\n2026-05-20", "A. Reviewer", "2026-05-21")


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ((), "no key"),
        ((finding(suppressed=JUDGED),), "no key"),
        ((finding(), finding(b"b", suppressed=JUDGED)), "1 key"),
        (
            (finding(key=LOOKALIKE, rule="hex-api-key-lookalike", suppressed=JUDGED),),
            "no key",
        ),
    ],
)
def test_found_does_not_count_what_is_judged(findings: tuple[Finding, ...], told: str) -> None:
    assert wording.found(Report(findings=findings)) == told


def test_suppressed_findings_do_not_fail_a_run() -> None:
    assert Report(findings=(finding(suppressed=JUDGED),)).exit_status == 0
    assert Report(findings=(finding(suppressed=JUDGED), finding())).exit_status == 1


def test_by_key_keeps_the_order_of_first_places() -> None:
    a, b, c = finding(b"a"), finding(b"b", key=OLD_KEY), finding(b"c")
    assert wording.by_key([a, b, c]) == [[a, c], [b]]


def test_life_of_a_published_key_that_was_removed() -> None:
    assert wording.life(PUBLISHED) == (
        "since commit 1b1b1b1b1b1b of 2026-01-10, removed in 2c2c2c2c2c2c; "
        "published: a remote has it "
        "(refs/remotes/origin/main, refs/heads/<b>::error::, refs/tags/v1 and 1 more)"
    )


def test_life_of_an_object_that_no_commit_has() -> None:
    assert wording.life(UNREACHABLE) == "in tag 3d3d3d3d3d3d"


def test_life_escapes_the_names_of_refs() -> None:
    git = replace(UNREACHABLE, in_head=True, refs=("x\x1b[2J",), reach="stash")
    assert wording.life(git) == ("in tag 3d3d3d3d3d3d, still in HEAD; in a stash only (x\\x1b[2J)")


def test_judgement() -> None:
    assert wording.judgement(finding(key=KEY)) == ""
    assert wording.judgement(finding(suppressed=JUDGED)) == (
        "suppressed (baseline: revoked\\n2026-05-20 A. Reviewer 2026-05-21)"
    )
    silent = finding(suppressed=Suppression("inline"))
    assert wording.judgement(silent) == "suppressed (inline)"


def test_outcome_counts_the_judged_apart() -> None:
    report = Report(suppressed=(finding(suppressed=JUDGED),))
    assert wording.outcome(report) == ("Found no key in 0 files (0 bytes, 0.00 s). Suppressed: 1.")


@pytest.mark.parametrize(
    ("files", "objects", "told"),
    [(1, 0, "1 file"), (0, 2, "2 objects"), (1, 2000, "2,000 objects and 1 file")],
)
def test_scope_counts_objects_of_git(files: int, objects: int, told: str) -> None:
    report = Report(files=files, objects=objects)
    assert wording.scope(report) == f"{told} (0 bytes, 0.00 s)"


def test_what_is_at_hand_and_what_others_may_fetch() -> None:
    git = replace(UNREACHABLE, in_index=True, in_worktree=True, reach="local", bare=True)
    assert wording.life(git) == (
        "in tag 3d3d3d3d3d3d, still in the index and the working tree;"
        " in a bare repository, which others may fetch from"
    )
