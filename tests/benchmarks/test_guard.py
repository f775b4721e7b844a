import shutil
from pathlib import Path

import pytest

from benchmarks.guard.counters import missing_programs, total
from benchmarks.guard.figures import Count, Figures, write
from benchmarks.guard.subjects import Place, Subject, subjects
from tests.support import checkout

TABLE = """\
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 33.85    0.000628           1       320        50 newfstatat
 17.36    0.000322           3       101           read
  9.42    0.000001           0        24           mmap
------ ----------- ----------- --------- --------- ----------------
100.00    0.001855           2       445        50 total
"""
CALLS = "hook, each file: system calls"
START = "hook, 10 files: system calls, over a bare start"
INSTRUCTIONS = "hook, 10 files: instructions, over a bare start"
needs_programs = pytest.mark.skipif(
    bool(missing_programs()), reason="valgrind or strace is not installed"
)


def test_calls_are_added_up_with_and_without_errors_and_those_about_memory_left_out() -> None:
    assert total(TABLE) == 320 + 101


def test_a_count_within_its_margin_holds_and_one_above_does_not() -> None:
    figures = Figures("this", {"a": 100.0})
    counts = [Count("a", counted, 0.03, of_python=False) for counted in (50, 100, 103, 103.1)]
    verdicts = [figures.judge([count], "this")[0].holds for count in counts]
    assert verdicts == [True, True, True, False]


def test_another_python_has_a_wider_margin_for_instructions_alone() -> None:
    figures = Figures("this", {"calls": 5.0, "instructions": 100.0})
    counts = [
        Count("calls", 5.1, 0.01, of_python=False),
        Count("instructions", 115.0, 0.03, of_python=True),
    ]
    assert [verdict.holds for verdict in figures.judge(counts, "this")] == [False, False]
    assert [verdict.holds for verdict in figures.judge(counts, "another")] == [False, True]


def test_a_count_without_a_figure_does_not_hold_and_a_figure_without_a_count_is_told() -> None:
    figures = Figures("this", {"old": 1.0})
    counts = [Count("new", 1.0, 0.03, of_python=False)]
    assert not figures.judge(counts, "this")[0].holds
    assert figures.forgotten(counts) == ["old"]


def test_renewed_figures_hold(tmp_path: Path) -> None:
    counts = [Count("a", 123.4567, 0.03, of_python=True)]
    write(counts, tmp_path / "figures.json")
    verdicts = Figures.read(tmp_path / "figures.json").judge(counts, "another")
    assert [verdict.holds for verdict in verdicts] == [True]


def test_there_is_a_figure_for_every_subject(tmp_path: Path) -> None:
    names = {subject.name for subject in subjects(Place(checkout.ROOT / "src", tmp_path))}
    assert names == Figures.read().counts.keys()


def changed_source(root: Path, module: str, old: str, new: str) -> Path:
    """Copy the package and change one place of one module."""
    shutil.copytree(checkout.ROOT / "src" / "hexscan", root / "hexscan")
    path = root / "hexscan" / module
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return root


def hook_subjects(source: Path, scratch: Path) -> dict[str, Subject]:
    scratch.mkdir()
    return {subject.name: subject for subject in subjects(Place(source, scratch))}


@needs_programs
def test_an_import_of_re_in_the_hook_is_noticed(tmp_path: Path) -> None:
    source = changed_source(tmp_path / "src", "cli/hook.py", "import stat\n", "import re, stat\n")
    found = hook_subjects(source, tmp_path / "scratch")
    committed = Figures.read()
    for name in (START, INSTRUCTIONS):
        # Even on another build of Python, where the margin is wide.
        count = Count(name, found[name].count(), found[name].margin, of_python=name != START)
        assert not committed.judge([count], "another")[0].holds, name


@needs_programs
def test_one_more_system_call_for_each_file_is_noticed(tmp_path: Path) -> None:
    old = "        for file in files:\n            path = os.fsencode(file)\n"
    source = changed_source(
        tmp_path / "src", "cli/hook.py", old, old + "            os.stat(path)\n"
    )
    found = hook_subjects(source, tmp_path / "scratch")
    committed = Figures.read()
    count = Count(CALLS, found[CALLS].count(), found[CALLS].margin, of_python=False)
    assert not committed.judge([count], committed.python)[0].holds
    assert count.counted == pytest.approx(committed.counts[CALLS] + 1, abs=0.01)
