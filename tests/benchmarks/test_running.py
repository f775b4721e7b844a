import sys
from pathlib import Path

import pytest

from benchmarks.comparison.memory import is_known
from benchmarks.comparison.running import Ended, Run, Taken, execute, take_turns

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="measured on Linux")

# A child of the program holds 40 MB until its pipe ends.
CHILD = """
import subprocess, sys
held = "import sys; data = bytearray(b'x' * 40_000_000); print(flush=True); sys.stdin.read()"
child = subprocess.Popen([sys.executable, "-c", held], stdin=-1, stdout=-1)
child.stdout.readline()
import time; time.sleep(0.2)
child.communicate()
"""


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


def test_status_and_report_are_kept() -> None:
    ended = execute(Run(python("print('told'); raise SystemExit(3)")), 20, watched=True)
    assert (ended.status, ended.output) == (3, b"told\n")


def test_a_run_is_stopped_at_its_limit() -> None:
    ended = execute(Run(python("import time; time.sleep(60)")), 0.2)
    assert ended.status is None
    assert ended.seconds < 30


@pytest.mark.parametrize("watched", [True, False])
def test_a_report_goes_to_a_file_so_that_nobody_stops_at_a_match(*, watched: bool) -> None:
    program = "import os, stat; raise SystemExit(stat.S_ISREG(os.fstat(1).st_mode))"
    assert execute(Run(python(program)), 20, watched=watched).status == 1


def test_standard_input_comes_through_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("words", encoding="ascii")
    program = "import os, stat; print(stat.S_ISFIFO(os.fstat(0).st_mode), input())"
    ended = execute(Run(python(program), stdin=tmp_path / "text"), 20, watched=True)
    assert ended.output == b"True words\n"


def test_settings_of_the_user_do_not_reach_a_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEXSCAN_EXCLUDE", "*")
    program = "import os; print(os.environ.get('HEXSCAN_EXCLUDE'), os.environ['MORE'])"
    run = Run(python(program), environment={"MORE": "more"})
    assert execute(run, 20, watched=True).output == b"None more\n"


@pytest.mark.skipif(not is_known(), reason="this system does not tell the memory of processes")
def test_memory_is_that_of_children_too() -> None:
    ended = execute(Run(python(CHILD)), 20, watched=True)
    memory = ended.memory
    assert ended.status == 0
    assert memory is not None
    assert memory.whole >= memory.own >= 40_000_000


def test_what_goes_before_a_run_goes_before_each() -> None:
    calls: list[None] = []
    run = Run(python("pass"), before=lambda: calls.append(None))
    take_turns({"one": run}, rounds=2, budget=60, limit=20)
    assert len(calls) == 3


def test_a_contender_without_time_left_has_its_first_run_alone() -> None:
    taken = take_turns({"one": Run(python("pass"))}, rounds=3, budget=0, limit=20)["one"]
    assert taken.rounds == {}
    assert taken.seconds.median == taken.first.seconds


def test_ratios_are_of_the_rounds_that_both_have_run() -> None:
    slow = Taken(Ended(0, 9), {0: 4.0})
    fast = Taken(Ended(0, 9), {0: 2.0, 1: 100.0})
    assert slow.over(fast).median == 2


def test_without_a_round_in_common_medians_are_compared() -> None:
    assert Taken(Ended(0, 30)).over(Taken(Ended(0, 9), {0: 3.0})).median == 10
