from dataclasses import replace
from typing import Literal

import pytest

from hexscan.finding import Finding, GitPlace, Report
from hexscan.reports import history, text
from tests.golden.sample import finding
from tests.support.keys import random_key

Reach = Literal["published", "local", "reflog", "stash", "unreachable"]

COMMIT = "0123456789abcdef0123456789abcdef01234567"


def placed(
    reach: Reach, number: int = 1, *, date: str = "2026-01-01T00:00:00Z", kind: str = "blob"
) -> Finding:
    place = GitPlace("89ab" * 10, kind, commit=COMMIT, commit_date=date, reach=reach)
    return replace(finding(key=random_key(number)), git=place)


def test_the_most_dangerous_key_comes_first_and_its_places_stay_together() -> None:
    findings = [
        placed("unreachable", 1),
        placed("local", 2),
        placed("published", 1),
        placed("published", 3, date="2026-02-01T00:00:00Z"),
    ]
    told = [[one.git.reach for one in group if one.git] for group in history.groups(findings)]
    assert told == [["published"], ["published", "unreachable"], ["local"]]


@pytest.mark.parametrize(
    ("reach", "words"),
    [
        ("published", "already published"),
        ("local", "not published yet"),
        ("reflog", "only in the reflog"),
        ("stash", "only in a stash"),
        ("unreachable", "reachable by nothing"),
    ],
)
def test_a_place_is_told_in_words(reach: Reach, words: str) -> None:
    refs = ("refs/heads/main", "refs/remotes/origin/x", "refs/tags/v1", "refs/notes/n")
    place = GitPlace("a", "blob", COMMIT, "2026-01-01T00:00:00Z", "f" * 40, True, refs, reach)  # noqa: FBT003 - in HEAD
    told = " ".join(history.lines(replace(finding(), git=place)))
    assert told.startswith(f"{words}")
    assert "brought in by commit 0123456789ab 2026-01-01" in told
    assert "in HEAD; on main, origin/x, tag v1, refs/notes/n; taken out in ffffffffffff" in told


def test_without_a_commit_the_object_is_named() -> None:
    (told,) = history.lines(replace(finding(), git=GitPlace("89ab" * 10, "blob")))
    assert told.endswith(": blob 89ab89ab89ab")


def test_a_ref_cannot_forge_a_line() -> None:
    place = GitPlace("a", "blob", refs=("refs/heads/\x1b[2J",))
    told = list(history.lines(replace(finding(), git=place)))
    assert "".join(told).isprintable()


def advice(*findings: Finding) -> str:
    return "\n".join(history.advice(findings))


def test_advice_fits_the_reach() -> None:
    assert advice(finding()) == ""
    assert "does not undo the leak" in advice(placed("published"))
    assert "git filter-repo --replace-text" in advice(placed("published"))
    assert "--replace-message" in advice(placed("published", kind="tag"))
    place = GitPlace("a", "blob", COMMIT, in_head=True, reach="local")
    local = advice(replace(finding(), git=place))
    assert "git rebase --interactive 0123456789ab^" in local
    assert "filter-repo" not in local
    assert "git stash drop" in advice(placed("stash"))
    for left in (placed("reflog"), placed("unreachable")):
        told = advice(left)
        assert "git gc --prune=now" in told
        assert "stash" not in told


def test_a_bare_repository_is_one_that_others_may_fetch_from() -> None:
    place = GitPlace("a", "blob", COMMIT, in_head=True, reach="local", bare=True)
    there = replace(finding(), git=place)
    assert next(history.lines(there)).startswith("in a bare repository, which others may fetch")
    told = advice(there)
    assert "does not undo the leak" in told
    assert "rebase" not in told
    assert "not published" not in told.lower()


def test_what_is_at_hand_is_told() -> None:
    place = GitPlace("a", "blob", in_head=True, in_index=True, in_worktree=True)
    assert "in HEAD; in the index; in the working tree" in list(
        history.lines(replace(finding(), git=place))
    )


def test_revoking_comes_before_everything_else() -> None:
    told = "\n".join(text.lines(Report(findings=(placed("published"),), objects=3)))
    assert "in 3 objects (" in told
    assert 0 < told.index("1. Revoke") < told.index("filter-repo")


def test_what_is_only_staged_has_no_history_to_speak_of() -> None:
    staged = replace(finding(key=random_key(1)), git=GitPlace("89ab" * 10, "blob"))
    assert list(history.advice([staged])) == []
