"""Objects of a push, a range or the index, scanned with a memory."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hexscan.cli.commands import staged
from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.run import scan_history
from hexscan.history.stream import scan_range
from hexscan.memory import passing
from hexscan.sources.git.push import Push
from hexscan.sources.git.range import CUT_OFF, Range
from hexscan.suppression.judge import Policy
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)

Scan = Callable[[Config], Report]


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    made = Repo(tmp_path / "r")
    monkeypatch.chdir(made.root)
    return made


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(cache_dir=str(tmp_path / "cache"))


@pytest.fixture(autouse=True)
def enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "ENOUGH", 0)


def in_range(config: Config) -> Report:
    return scan_range(Range([b"HEAD"]), config)


def in_push(config: Config) -> Report:
    push = Push((b"HEAD",), refs=(b"refs/heads/main",))
    return scan_range(push.range(), config, push.names())


def in_index(config: Config) -> Report:
    return staged.scan(None, config)


def told(report: Report) -> Report:
    """Return what a report tells, but for how much was read and how long it took."""
    return replace(report, files=0, bytes=0, seconds=0.0, known=0, notes=())


def same(scan: Scan, config: Config) -> Report:
    """Scan with and without the memory: both tell the same. Return the report of the first."""
    with_it = scan(config)
    assert told(with_it) == told(scan(replace(config, cache_dir=None)))
    return with_it


@pytest.mark.parametrize("scan", [in_range, in_push])
def test_what_a_push_has_shown_is_known(repo: Repo, config: Config, scan: Scan) -> None:
    repo.commit("a", "x")
    assert same(scan, config).known == 0
    again = same(scan, config)
    assert (again.known, again.files) == (3, 0)
    repo.commit("b", KEY.reveal())
    report = same(scan, config)
    assert (report.known, len(report.findings)) == (3, 1)
    report = same(scan, config)
    assert (report.known, len(report.findings)) == (5, 1)


def test_history_and_push_share_what_they_know(repo: Repo, config: Config) -> None:
    repo.commit("a", "x")
    assert scan_history(repo.path, config).known == 0
    assert same(in_push, config).known == 3
    repo.commit("b", "y")
    assert same(in_push, config).known == 3
    assert scan_history(repo.path, config).known == 6


def test_what_is_staged_is_known_the_second_time(repo: Repo, config: Config) -> None:
    repo.commit("a", "x")
    repo.write("b", "y")
    repo.write("c", KEY.reveal())
    repo.write("d", f"{KEY.reveal()} # hexscan:allow known")
    (repo.root / "e").symlink_to("y")
    repo.git("add", "--all")
    assert same(in_index, config).known == 0
    report = same(in_index, config)
    assert (report.known, len(report.findings), len(report.suppressed)) == (1, 1, 1)
    repo.git("commit", "--quiet", "--message", "m")
    assert same(in_push, config).known == 1


def test_a_key_in_two_files_is_told_of_both(repo: Repo, config: Config) -> None:
    repo.commit("x", "x")
    for name in "abc":
        repo.write(name, KEY.reveal())
    repo.git("add", "--all")
    for _ in range(2):
        report = same(in_index, config)
        assert (len(report.findings), report.known) == (3, 0)


def test_a_link_is_not_a_file_of_that_content(repo: Repo, config: Config) -> None:
    repo.commit("x", "x")
    (repo.root / "link").symlink_to("anything")
    repo.git("add", "--all")
    same(in_index, config)
    assert same(in_index, config).known == 0


def test_a_name_is_read_whatever_is_known_of_the_content(repo: Repo, config: Config) -> None:
    repo.commit("a", "x")
    scan_history(repo.path, config)
    repo.write(KEY.reveal(), "x")
    repo.git("add", "--all")
    report = same(in_index, config)
    assert (report.known, len(report.findings)) == (1, 1)


def test_what_is_left_out_does_not_get_known(repo: Repo, config: Config) -> None:
    repo.commit("x", "x")
    repo.write("a", KEY.reveal())
    repo.git("add", "--all")
    assert staged.scan(None, replace(config, exclude=("a",))).findings == ()
    mix = replace(config, suppression=Policy(mix_globs=("a",)))
    assert staged.scan(None, mix).findings == ()
    assert len(same(in_index, config).findings) == 1


def test_another_directory(repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("x", "x")
    repo.write("d/a", "y")
    repo.git("add", "--all")
    monkeypatch.chdir("/")
    where = os.fsdecode(repo.path)
    assert [staged.scan(f"{where}{below}", config).known for below in ("", "/d", "/")] == [0, 1, 1]
    monkeypatch.chdir(repo.root / "d")
    assert in_index(config).known == 1
    assert len(list(Path(config.cache_dir or "").iterdir())) == 1


def test_a_commit_whose_parents_are_cut_off_is_told_every_time(
    tmp_path: Path, repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("a", "x")
    repo.commit("a", "y")
    clone = tmp_path / "clone"
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.root}", str(clone))
    monkeypatch.chdir(clone)
    # A push does not mind, and takes the commit for clean.
    assert in_push(config).exit_status == 0
    for _ in range(2):
        report = same(in_range, config)
        assert [failure.reason for failure in report.failures] == [CUT_OFF]


def test_marks_without_use_are_looked_for_in_everything(repo: Repo, config: Config) -> None:
    repo.commit("a", "x # hexscan:allow nothing\n")
    looking = replace(config, suppression=Policy(unused_marks=True))
    for _ in range(2):
        same(in_range, config)
        assert len(same(in_range, looking).unused) == 1


def test_an_object_that_is_missing_is_missed(repo: Repo, config: Config) -> None:
    repo.commit("a", "x")
    same(in_range, config)
    repo.object_file(repo.git("rev-parse", "HEAD:a")).unlink()
    assert same(in_range, config).exit_status == 2


def test_few_objects_are_read_without_asking(
    repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "ENOUGH", 3)
    repo.commit("a", "x")
    assert same(in_range, config).known == 0
    assert not Path(config.cache_dir or "").exists()
    repo.commit("b", "y")
    assert same(in_range, config).known == 0
    assert same(in_range, config).known == 3


def test_a_bare_repository(repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("a", "x")
    repo.git("clone", "--quiet", "--bare", ".", "../b.git")
    monkeypatch.chdir("../b.git")
    assert [same(in_range, config).known for _ in range(2)] == [0, 3]
    inside = replace(config, cache_dir="objects/x")
    assert "is in the repository" in in_range(inside).notes[0]
