"""What a repository names and does not hold is a failure, however its objects are stored."""

from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.run import scan_history
from hexscan.sources.git import missing
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


def scan(repo: Repo) -> Report:
    return scan_history(repo.path, Config())


def reasons(report: Report) -> str:
    assert report.exit_status == 2
    return " | ".join(skip.reason for skip in report.failures)


def lose_a_pack(repo: Repo, *, number: int) -> None:
    """Pack three commits in a pack each, and lose one of them; the others become a single pack."""
    for content in "one", "two", "three":
        repo.commit(content, content)
        repo.git("repack", "-q", "-d")
    packs = sorted(
        (repo.root / ".git/objects/pack").glob("*.pack"), key=lambda path: path.stat().st_mtime_ns
    )
    assert len(packs) == 3
    names = b""
    for pack in packs:
        if pack != packs[number]:
            listed = repo.git("show-index", data=pack.with_suffix(".idx").read_bytes())
            names += b"".join(line.split()[1].encode() + b"\n" for line in listed.splitlines())
    made = repo.git("pack-objects", "--quiet", ".git/objects/pack/pack", data=names)
    for file in (repo.root / ".git/objects/pack").iterdir():
        if made not in file.name:
            file.unlink()


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("walked_up_to", [missing.WALKED_UP_TO, 0])
def test_a_single_pack_that_is_not_whole(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, number: int, walked_up_to: int
) -> None:
    lose_a_pack(repo, number=number)
    assert repo.git("count-objects", "-v").splitlines()[3] == "packs: 1"
    monkeypatch.setattr(missing, "WALKED_UP_TO", walked_up_to)
    assert "missing" in reasons(scan(repo))


@pytest.mark.parametrize("walked_up_to", [missing.WALKED_UP_TO, 0])
def test_a_whole_pack_is_complete(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, walked_up_to: int
) -> None:
    monkeypatch.setattr(missing, "WALKED_UP_TO", walked_up_to)
    repo.git("gc", "--quiet")
    assert scan(repo).exit_status == 0
    repo.commit("a", "x")
    repo.git("gc", "--quiet")
    assert scan(repo).exit_status == 0
    repo.git("checkout", "--quiet", "--orphan", "unborn")
    assert scan(repo).exit_status == 0


@pytest.mark.parametrize("alternate", ["/nowhere/objects", "../../nowhere/objects"])
def test_an_alternate_that_is_gone(repo: Repo, alternate: str) -> None:
    repo.commit("a", KEY.reveal())
    (repo.root / ".git/objects/info/alternates").write_text(f"{alternate}\n")
    report = scan(repo)
    assert "objects are borrowed from elsewhere" in reasons(report)
    assert len(report.findings) == 1


def test_a_reflog_that_names_a_commit_that_is_gone(repo: Repo) -> None:
    repo.commit("a", "x")
    gone = repo.commit("a", KEY.reveal())
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.git("update-ref", "-d", "ORIG_HEAD")
    repo.object_file(gone).unlink()
    told = reasons(scan(repo))
    assert "reflog of 'HEAD' names commits that are gone" in told
    assert "git reflog expire --stale-fix --all" in told


@pytest.mark.parametrize("loose", [True, False])
def test_a_ref_without_its_object_leaves_what_was_found_told(repo: Repo, *, loose: bool) -> None:
    repo.commit("a", KEY.reveal())
    if loose:
        (repo.root / ".git/refs/heads/bad").write_text(f"{'1' * 40}\n")
    else:
        (repo.root / ".git/packed-refs").write_text(f"{'1' * 40} refs/heads/bad\n")
    report = scan(repo)
    assert "1" * 40 in reasons(report)
    assert [finding.fingerprint for finding in report.findings] == [KEY.fingerprint]


def test_objects_of_types_that_nobody_knows_hide_no_others(repo: Repo) -> None:
    for number in range(20):
        repo.orphan(f"{random_key(number).reveal()}")
    arguments = ("hash-object", "-t", "strange", "-w", "--literally", "--stdin")
    strange = [repo.git(*arguments, data=b"%d" % number) for number in range(5)]
    report = scan(repo)
    told = reasons(report)
    assert [name for name in strange if f"object {name} is missing or corrupt" in told] == strange
    assert len(report.failures) == len(strange)
    assert {finding.fingerprint for finding in report.findings} == {
        random_key(number).fingerprint for number in range(20)
    }
    assert report.objects == 20
