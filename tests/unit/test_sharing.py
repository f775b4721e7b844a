"""A run with workers of its own, as the library starts them."""

import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from hexscan import engine, gathering, sharing, units
from hexscan.config import Config
from hexscan.finding import Finding, Report
from hexscan.progress import Progress
from hexscan.workers import processors
from tests.support.keys import random_key

SHARED = Config(jobs=2)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sharing, "PATIENCE", {False: 0.0, True: 0.0})
    monkeypatch.setattr(sharing, "FILES", 3)
    for number in range(40):
        name = random_key(number).reveal() if number == 7 else f"{number:02}"
        (tmp_path / name).write_text(
            f"{random_key(number).reveal()} hexscan:allow\n" * (number % 3)
        )
    (tmp_path / "50").mkdir()
    (tmp_path / "50" / "link").symlink_to(random_key(50).reveal())
    with (tmp_path / "60").open("wb") as file:
        file.seek((17 << 20) - 20)
        file.write(random_key(60).reveal().encode())
        file.truncate(40 << 20)
    return tmp_path


def scanned(tree: Path, config: Config) -> tuple[Report, list[Finding]]:
    told: list[Finding] = []
    return replace(engine.scan(tree, config, told=told.append), seconds=0), told


def test_spawned_workers_come_to_the_same(tree: Path) -> None:
    alone, shared = scanned(tree, Config()), scanned(tree, SHARED)
    assert len(alone[1]) == 42
    assert shared == alone


def test_a_program_with_threads_may_share_the_work(tree: Path) -> None:
    reports: list[tuple[Report, list[Finding]]] = []
    threads = [
        threading.Thread(target=lambda: reports.append(scanned(tree, replace(SHARED, forks=True))))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reports == [scanned(tree, Config())] * 3


# A program of its own, which has no threads: so a copy of it has what is changed here.
DIES_IN_THE_FIRST_SECTION = """
import os, sys
from hexscan import Config, scan, sharing, units
from hexscan.sections import ask

def die_at_the_start(reading, scanner, section):
    if section.start == 0:
        os._exit(9)
    return ask(reading, scanner, section)

units.ask = die_at_the_start
sharing.PATIENCE = {True: 0.0}
report = scan(sys.argv[1], Config(jobs=2, forks=True))
print([os.path.basename(skip.origin.path) for skip in report.failures])
print([finding.fingerprint for finding in report.findings])
"""


def test_a_process_that_dies_in_a_large_file_loses_no_more_than_its_section(tree: Path) -> None:
    argv = [sys.executable, "-c", DIES_IN_THE_FIRST_SECTION, str(tree)]
    failures, findings = subprocess.check_output(argv, text=True).splitlines()
    assert failures == "[b'60']"
    # Among them the one whose key lies behind the first section.
    alone = engine.scan(tree, Config())
    assert findings == str([finding.fingerprint for finding in alone.findings])


def test_a_watcher_sees_it_all(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "FILES_BETWEEN", 1)
    monkeypatch.setattr(gathering, "BYTES_BETWEEN", 1 << 20)
    told: list[Progress] = []
    report = engine.scan(tree, SHARED, watch=told.append)
    done = [progress.done for progress in told]
    assert done == sorted(done)
    assert (done[-1], told[-1].bytes) == (41, report.bytes)
    assert any(progress.bytes > 16 << 20 and progress.bytes < 40 << 20 for progress in told)


def test_what_a_listener_raises_leaves_no_process(tree: Path) -> None:
    def stop(finding: Finding) -> None:
        raise InterruptedError(finding.preview)

    with pytest.raises(InterruptedError, match="hex_"):
        engine.scan(tree, SHARED, told=stop)
    assert children() == []


def children() -> list[int]:
    """Return the processes that this one has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # one of somebody else's, which has ended
            words = stat.read_text().rpartition(")")[2].split()
            if int(words[1]) == os.getpid():
                found.append(int(stat.parent.name))
    return found


def test_a_short_run_starts_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / "60").unlink()
    monkeypatch.setattr(sharing, "PATIENCE", {False: 60.0})
    monkeypatch.delitem(sys.modules, "hexscan.workers.pool", raising=False)
    assert scanned(tree, SHARED) == scanned(tree, Config())
    assert "hexscan.workers.pool" not in sys.modules


def test_one_processor_starts_nothing(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processors, "available", lambda: 1)
    monkeypatch.setattr(units, "SECTION", 1 << 20)
    monkeypatch.setattr(sharing, "SECTION", 1 << 20)
    report, told = scanned(tree, Config(jobs=0))
    assert (report, told) == scanned(tree, Config())
    assert children() == []


def test_the_work_goes_on_no_further_than_the_window(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sharing, "WINDOW", 0)
    assert scanned(tree, SHARED) == scanned(tree, Config())
