"""The words that reports share."""

from dataclasses import replace

import pytest

from hexscan.finding import Finding, Report, Suppression
from hexscan.reports import wording
from tests.golden.sample import KEY, LOOKALIKE, OLD_KEY, PUBLISHED, UNREACHABLE, finding

JUDGED = Suppression("baseline", "revoked\n2026-05-20")


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ((), "no key"),
        ((finding(suppressed=JUDGED),), "no key, 1 suppressed"),
        ((finding(), finding(b"b", suppressed=JUDGED)), "1 key, 1 suppressed"),
        (
            (finding(key=LOOKALIKE, rule="hex-api-key-lookalike", suppressed=JUDGED),),
            "no key, 1 suppressed",
        ),
    ],
)
def test_found_counts_what_is_suppressed_apart(findings: tuple[Finding, ...], told: str) -> None:
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
        "suppressed (baseline): revoked\\n2026-05-20"
    )
    silent = finding(suppressed=Suppression("inline", ""))
    assert wording.judgement(silent) == "suppressed (inline): no reason given"
