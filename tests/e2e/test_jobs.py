"""The command with several processes: told as with one, and nothing is left of them at its end."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.keys import random_key

# Stands in for a file on which a process dies, and for one on which it is busy: the workers are
# forked from this program, and have its matcher.
TROUBLED = """
import os, signal, sys, time
# Whoever runs the tests may ignore it, as a shell does for what it runs in the background.
signal.signal(signal.SIGINT, signal.default_int_handler)
from hexscan import sharing, units
from hexscan.cli import main

sharing.PATIENCE = {True: 0.0}
sharing.FILES = 2
answer = units.Work.answer

def troubled(self, unit):
    for path in units.paths(unit):
        if path.endswith(b"deadly"):
            os.kill(os.getpid(), signal.SIGKILL)
        if path.endswith(b"slow"):
            os.write(1, b"begun %d\\n" % os.getpid())
            time.sleep(600)
    return answer(self, unit)

units.Work.answer = troubled
sys.exit(main.main(sys.argv[1:]))
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for number in range(1500):
        (tmp_path / f"{number % 7}").mkdir(exist_ok=True)
        text = random_key(number).reveal() if number % 100 == 0 else "clean"
        (tmp_path / f"{number % 7}" / f"{number}.ex").write_text(f"# {number}\n{text}\n")
    with (tmp_path / "large").open("wb") as file:
        for megabyte in (0, 16, 33, 47):
            file.seek((megabyte << 20) - 20 if megabyte else 0)
            file.write(b"\n" + random_key(megabyte).reveal().encode() + b"\n")
        file.truncate(50 << 20)
    return tmp_path


def run(tree: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "hexscan", *arguments],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("form", ["text", "jsonl", "csv", "gitlab"])
def test_the_report_is_that_of_one_process(tree: Path, form: str) -> None:
    alone, shared = (run(tree, "--jobs", jobs, "--format", form) for jobs in ("1", "3"))
    assert alone[0] == shared[0] == 1
    told = [
        [line for line in lines.splitlines() if "seconds" not in line and " s)" not in line]
        for _, lines in (alone, shared)
    ]
    if form == "gitlab":
        told = [[line for line in lines if "_time" not in line] for lines in told]
    assert len(told[0]) > 10
    assert told[1] == told[0]


def troubled(tree: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start it in a process group of its own, as a shell does with what a terminal runs."""
    return subprocess.Popen(
        [sys.executable, "-c", TROUBLED, "--jobs", "2", "--no-config", *arguments],
        cwd=tree,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def test_what_a_process_dies_of_is_named_and_the_others_go_on(tree: Path) -> None:
    (tree / "3" / "deadly").write_text("x")
    told, trouble = troubled(tree, "--format", "json").communicate()
    report = json.loads(told)
    assert trouble == ""
    assert not report["complete"]
    assert len(report["findings"]) >= 18
    paths = [skip["path"] for skip in report["skipped"] if skip["kind"] == "failure"]
    assert "3/deadly" in paths
    assert len(paths) <= 2
    reasons = {skip["reason"] for skip in report["skipped"]}
    assert reasons == {"not scanned: the process that read it was ended by signal 9"}


@pytest.mark.parametrize("everybody", [True, False])
def test_an_interrupt_ends_all_at_once(tree: Path, *, everybody: bool) -> None:
    """A terminal's reaches all processes of the group, that of ``kill`` the first one alone."""
    for number in range(4):
        (tree / f"{number}" / "slow").write_text("x")
    process = troubled(tree)
    assert process.stdout is not None
    pids = [int(process.stdout.readline().split()[1]) for _ in range(2)]
    assert process.pid not in pids
    if everybody:
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    told, trouble = process.communicate(timeout=60)
    assert (process.returncode, told, trouble) == (130, "", "")
    assert not is_alive(process.pid)


def test_its_end_is_that_of_all(tree: Path) -> None:
    (tree / "0" / "slow").write_text("x")
    process = troubled(tree)
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.communicate()
    until = time.monotonic() + 20
    while is_alive(process.pid):
        assert time.monotonic() < until
        time.sleep(0.01)


def is_alive(group: int) -> bool:
    """Tell whether there is a process in a group."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
