from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.finding import GitPlace
from hexscan.history.stream import scan_range
from hexscan.sources.git.arrival import committed_at
from hexscan.sources.git.range import Range
from tests.support.keys import random_key
from tests.support.repositories import commit, git, repository, stage

KEY = random_key().reveal()
DATE = "2024-02-03T04:05:06+02:00"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = repository(tmp_path / "r")
    monkeypatch.chdir(root)
    monkeypatch.setenv("GIT_COMMITTER_DATE", DATE)
    stage(root, "clean", b"clean")
    commit(root)
    return root


def places(*revisions: str) -> dict[str, GitPlace]:
    report = scan_range(Range([name.encode() for name in revisions]), Config())
    return {finding.git.type: finding.git for finding in report.findings if finding.git}


def test_the_commit_that_brings_a_key_in(root: Path) -> None:
    stage(root, "a", KEY.encode())
    leak = commit(root)
    blob = git(root, "rev-parse", "HEAD:a")
    git(root, "rm", "--quiet", "a")
    later = commit(root, f"took out {KEY}")
    found = places("HEAD")
    assert found["blob"] == GitPlace(
        blob, "blob", leak, DATE, None, in_head=False, refs=("refs/heads/main",), reach="local"
    )
    assert found["commit"] == GitPlace(
        later, "commit", later, DATE, None, in_head=True, refs=("refs/heads/main",), reach="local"
    )


def test_a_key_that_a_remote_has_is_published(root: Path) -> None:
    stage(root, "a", KEY.encode())
    commit(root)
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    found = places("HEAD~1..HEAD")["blob"]
    assert found.refs == ("refs/heads/main", "refs/remotes/origin/main")
    assert (found.reach, found.in_head) == ("published", True)


def test_a_key_in_a_tag_and_in_a_name(root: Path) -> None:
    stage(root, f"d/{KEY}", b"clean")
    leak = commit(root)
    git(root, "tag", "--annotate", "--message", KEY, "v1", "HEAD~1")
    tag = git(root, "rev-parse", "v1")
    found = places("HEAD", "v1")
    assert found["tag"] == GitPlace(tag, "tag", refs=("refs/tags/v1",), reach="local")
    assert found["tree"].commit == leak
    assert found["tree"].in_head


def test_a_commit_that_no_ref_has(root: Path) -> None:
    stage(root, "a", KEY.encode())
    leak = commit(root)
    git(root, "reset", "--quiet", "--hard", "HEAD~1")
    found = places(f"HEAD..{leak}")["blob"]
    assert (found.commit, found.refs, found.reach) == (leak, (), None)


@pytest.mark.parametrize(
    "header",
    [
        b"tree 0\n",
        b"committer A <a@b>\n",
        b"committer A <a@b> 99999999999999 +0000\n",
        b"committer A <a@b> 999999999999 +0000\n",
        b"committer A <a@b> 1 +9999\n",
        b"author A <a@b> 1 +0000\n",
    ],
)
def test_a_commit_that_tells_no_time(header: bytes) -> None:
    assert committed_at(header + b"\ncommitter A <a@b> 1 +0000") is None


def test_times_in_every_zone() -> None:
    assert committed_at(b"committer A <a@b> 0 -0330\n\n") == "1969-12-31T20:30:00-03:30"
