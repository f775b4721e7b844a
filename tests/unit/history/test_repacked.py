"""A repository that is repacked while it is read: all is found, or the run says that it is not."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history import recall
from hexscan.history.run import ATTEMPTS, REPACKED, scan_history
from hexscan.sources.git import families
from hexscan.sources.git.families import Batch
from hexscan.sources.git.objects import Listing
from hexscan.sources.git.reader import Reader
from hexscan.sources.git.repository import find
from tests.support.histories import Repo
from tests.support.keys import random_key

KEYS = [random_key(number) for number in range(12)]
EVERY_KEY = {key.fingerprint for key in KEYS}


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Make a repository with its keys in several packs."""
    made = Repo(tmp_path / "r")
    for number, key in enumerate(KEYS):
        made.commit(f"f{number}", key.reveal())
        if number % 4 == 3:
            made.git("repack", "-q", "-d")
    return made


def scan(repo: Repo) -> Report:
    return scan_history(repo.path, Config())


def fingerprints(report: Report) -> set[str]:
    return {finding.fingerprint for finding in report.findings}


def list_while(monkeypatch: pytest.MonkeyPatch, change: Callable[[int, Batch], Batch]) -> list[int]:
    """Let ``change`` happen to each batch that is listed; it is told the attempt's number."""
    attempts: list[int] = []

    class Disturbed(Listing):
        def batches(self) -> Iterator[Batch]:
            attempts.append(len(attempts) + 1)
            for batch in super().batches():
                yield change(attempts[-1], batch)

    monkeypatch.setattr(recall, "Listing", Disturbed)
    return attempts


def test_what_git_has_listed_nowhere_is_found_all_the_same(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose_half(attempt: int, batch: Batch) -> Batch:
        """Do as git does where objects move from packs that it has not opened to new ones."""
        if attempt > 1:
            return batch
        repo.git("repack", "-q", "-a", "-d")
        half = batch.count // 2
        width = len(batch.names) // batch.count
        sizes = batch.sizes[:half]
        return Batch(batch.names[: half * width], batch.kinds[:half], sizes, sum(sizes))

    attempts = list_while(monkeypatch, lose_half)
    report = scan(repo)
    assert (report.exit_status, fingerprints(report)) == (1, EVERY_KEY)
    assert attempts == [1, 2]
    places = [finding.git.object for finding in report.findings if finding.git]
    assert len(places) == len(set(places)) == len(KEYS)
    assert report.objects == 3 * len(KEYS)


def test_packs_that_never_come_to_rest(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    def repack(attempt: int, batch: Batch) -> Batch:
        repo.orphan(f"something new {attempt}")
        repo.git("repack", "-q", "-a", "-d", "-k")
        return batch

    attempts = list_while(monkeypatch, repack)
    report = scan(repo)
    assert (report.exit_status, fingerprints(report)) == (2, EVERY_KEY)
    assert [skip.reason for skip in report.failures] == [REPACKED]
    assert len(attempts) == ATTEMPTS


def test_objects_that_are_pruned_after_they_were_listed(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        repo.orphan(f"nobody's {number}")

    def prune(attempt: int, batch: Batch) -> Batch:
        if attempt == 1:
            repo.git("gc", "--quiet", "--prune=now")
        return batch

    attempts = list_while(monkeypatch, prune)
    report = scan(repo)
    assert (report.exit_status, fingerprints(report)) == (1, EVERY_KEY)
    assert attempts == [1, 2]


def test_objects_that_vanish_without_a_new_pack_are_failures(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = repo.orphan("nobody's")

    def remove(_attempt: int, batch: Batch) -> Batch:
        repo.object_file(gone).unlink(missing_ok=True)
        return batch

    list_while(monkeypatch, remove)
    report = scan(repo)
    assert (report.exit_status, fingerprints(report)) == (2, EVERY_KEY)
    assert gone in report.failures[0].reason


def test_a_git_that_has_an_old_pack_open(repo: Repo) -> None:
    reader = Reader(find(repo.path))
    try:
        for number, key in enumerate(KEYS):
            name = repo.git("rev-parse", f"HEAD:f{number}")
            (item,) = reader.items(name)
            assert bytes(getattr(item, "head", b"")) == key.reveal().encode()
            repo.git("repack", "-q", "-a", "-d", "-F")
    finally:
        reader.close()


def test_repacked_again_and_again(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scan while git repacks for real: with luck it meets a gap, and must not fall into it."""
    monkeypatch.setattr(families, "BATCH_OBJECTS", 3)
    for number in range(60):
        repo.orphan(f"nobody's {number}")
    script = (
        "for i in 1 2 3 4 5 6; do git repack -q -a -d -F -A; echo $i | git hash-object -w --stdin;"
        " git gc -q --prune=now; done >/dev/null"
    )
    statuses: list[int] = []
    with subprocess.Popen(["sh", "-c", script], cwd=os.fsdecode(repo.path)) as repacking:
        while not statuses or (repacking.poll() is None and len(statuses) < 50):
            report = scan(repo)
            statuses.append(report.exit_status)
            if report.exit_status == 1:
                assert fingerprints(report) == EVERY_KEY
    assert set(statuses) <= {1, 2}
    assert scan(repo).exit_status == 1
