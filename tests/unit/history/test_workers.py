"""Batches that are scanned side by side."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.run import scan_history
from hexscan.sources.git import families
from hexscan.sources.git.families import Batch
from hexscan.workers import pool
from hexscan.workers.pool import Lost, Pool
from tests.support.histories import Repo
from tests.support.keys import random_key


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    monkeypatch.setattr(families, "BATCH_OBJECTS", 3)
    repo = Repo(tmp_path / "r")
    for number in range(10):
        repo.commit(f"f{number}", random_key(number).reveal())
    return repo


def scan(repo: Repo, *, jobs: int, forks: bool) -> Report:
    return scan_history(repo.path, Config(jobs=jobs, forks=forks))


@pytest.mark.parametrize("forks", [True, False])
def test_several_processes_find_what_one_does(repo: Repo, *, forks: bool) -> None:
    alone = scan(repo, jobs=1, forks=forks)
    shared = scan(repo, jobs=2, forks=forks)
    assert shared.findings == alone.findings
    assert len(alone.findings) == 10
    assert shared.objects == alone.objects
    assert (shared.failures, shared.exit_status) == ((), 1)


class _Dying(Pool[None, Batch]):
    """Workers of which the first one to have a commit dies."""

    def run(
        self, units: Iterable[tuple[None, Batch]]
    ) -> Iterator[tuple[None, Batch, Report | Lost]]:
        died = False
        for tag, batch, answer in super().run(units):
            dies, died = not died and batch.kinds == b"c", died or batch.kinds == b"c"
            yield tag, batch, Lost("was ended by signal 9") if dies else answer


def test_a_worker_that_dies_is_a_failure_and_the_others_go_on(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "Pool", _Dying)
    monkeypatch.setattr(families, "BATCH_OBJECTS", 1)
    report = scan(repo, jobs=2, forks=False)
    assert report.exit_status == 2
    assert [skip.reason for skip in report.failures] == [
        "a process that read 1 object was ended by signal 9"
    ]
    assert len(report.findings) == 10
    assert report.objects == 29
