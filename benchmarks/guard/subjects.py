"""What the guard counts: the hot loop, the clean hook, what is staged, a small tree.

Each figure is a difference of two runs, so that what both have in common (the start of Python, the
making of the input) goes out; the interpreter comes in only by the code that it runs.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import KIB, code
from benchmarks.guard.counters import Command
from benchmarks.process import child_environment
from hexscan.cli.commands import scan

INSTRUCTIONS_MARGIN = 0.03
"""A share of the committed figure; from run to run it differs by 1 % at most."""
PIPE_MARGIN = 0.08
"""How often a pipe has to be read depends on who is faster."""
SMALL_MARGIN = 0.06
"""A file costs so little that what a start takes more in one run than in another shows: 14,600 to
15,100 instructions were counted in five runs of the same code."""
START_CALLS_MARGIN = 0.03
PER_FILE_CALLS_MARGIN = 0.01

_FIRST, _MORE = 10, 400

_ON_PATH = "import sys; sys.path.insert(0, {source!r})\n"
_HOT_LOOP = """
from hexscan.matcher import sift
data = open(sys.argv[1], "rb").read()
for _ in range(int(sys.argv[2])):
    assert not sift(data)
"""
_HOOK = """
from hexscan.cli.hook import main
sys.exit(main(sys.argv[1:]))
"""
_STAGED = """
from hexscan.cli.staged import all_clean
sys.exit(not all_clean())
"""
_SCAN = """
from hexscan.cli.main import main
sys.argv[0] = "hexscan"
sys.exit(main())
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A figure to hold: what it counts, how it is counted, and by what share it may grow."""

    name: str
    margin: float
    count: Callable[[], float]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the code stands that is counted, and a directory for what it reads."""

    source: Path
    scratch: Path

    def python(self, program: str, *arguments: object, directory: Path | None = None) -> Command:
        """Return the command of a Python program with the code on its path, after one run of it.

        It runs where no settings are: in the scratch directory, or the one that is given.
        """
        start = _ON_PATH.format(source=str(self.source)) + program
        argv = [sys.executable, "-I", "-c", start, *map(str, arguments)]
        command = Command(argv, directory or self.scratch)
        command.warm_up()
        return command


def subjects(place: Place) -> Iterator[Subject]:
    """Write what is read and yield every figure; it is counted when it is asked for."""
    yield from _hot_loop(place)
    yield from _hook(place)
    yield from _staged(place)
    yield from _tree(place)


def _hot_loop(place: Place) -> Iterator[Subject]:
    for size, times in ((256 * KIB, 40), (4 * KIB, 1000)):
        data = place.scratch / f"data-{size}"
        data.write_bytes(code(size, lookalikes=0))

        def count(data: Path = data, times: int = times) -> float:
            none, many = (
                place.python(_HOT_LOOP, data, repeats).instructions() for repeats in (0, times)
            )
            return (many - none) / times

        name = f"sift, clean, {size // KIB} KiB: instructions"
        yield Subject(name, INSTRUCTIONS_MARGIN, count)


def _hook(place: Place) -> Iterator[Subject]:
    files = _files(place.scratch / "hook", _FIRST + _MORE)
    few, many = (place.python(_HOOK, *files[:number]) for number in (_FIRST, _FIRST + _MORE))
    yield _start("hook", few, place)
    yield _start_calls("hook", few, place)
    yield _file_instructions("hook", few, many)
    yield _file_calls("hook", few, many)


def _staged(place: Place) -> Iterator[Subject]:
    few, many = (
        place.python(_STAGED, directory=_repository(place.scratch / f"staged-{number}", number))
        for number in (_FIRST, _FIRST + _MORE)
    )
    yield _start("staged", few, place)
    yield _file_instructions("staged", few, many, PIPE_MARGIN)


def _tree(place: Place) -> Iterator[Subject]:
    trees = [place.scratch / f"tree-{number}" for number in (_FIRST, _FIRST + _MORE)]
    for tree, number in zip(trees, (_FIRST, _FIRST + _MORE), strict=True):
        _files(tree, number)
    options = ["--no-ignore", "--no-config"]
    if any("--jobs" in option.opts for option in scan.command.params):
        options += ["--jobs", "1"]  # what other processes do is not counted
    few, many = (place.python(_SCAN, "scan", *options, tree) for tree in trees)
    yield _file_instructions("scan", few, many, SMALL_MARGIN)
    yield _file_calls("scan", few, many)


def _start(what: str, few: Command, place: Place) -> Subject:
    return Subject(
        f"{what}, {_FIRST} files: instructions, over a bare start",
        INSTRUCTIONS_MARGIN,
        lambda: few.instructions() / place.python("").instructions() - 1,
    )


def _start_calls(what: str, few: Command, place: Place) -> Subject:
    return Subject(
        f"{what}, {_FIRST} files: system calls, over a bare start",
        START_CALLS_MARGIN,
        lambda: few.system_calls() - place.python("").system_calls(),
    )


def _file_instructions(
    what: str, few: Command, many: Command, margin: float = INSTRUCTIONS_MARGIN
) -> Subject:
    return Subject(
        f"{what}, each file: instructions",
        margin,
        lambda: (many.instructions() - few.instructions()) / _MORE,
    )


def _file_calls(what: str, few: Command, many: Command) -> Subject:
    return Subject(
        f"{what}, each file: system calls",
        PER_FILE_CALLS_MARGIN,
        lambda: (many.system_calls() - few.system_calls()) / _MORE,
    )


def _files(root: Path, number: int) -> list[Path]:
    """Write small clean files into one directory, all of the same size."""
    root.mkdir()
    paths = [root / f"module_{at:03}.ex" for at in range(number)]
    for at, path in enumerate(paths):
        path.write_bytes(code(3 * KIB, lookalikes=0, seed=at))
    return paths


def _repository(root: Path, number: int) -> Path:
    """Make a repository with an empty commit, and so many clean files staged in it."""
    _files(root, number)
    person = ["-c", "user.name=A Developer", "-c", "user.email=developer@example.org"]
    for arguments in (
        ["init", "--quiet"],
        [*person, "commit", "--quiet", "--allow-empty", "--message", "words"],
        ["add", "--all"],
    ):
        subprocess.run(["git", *arguments], cwd=root, env=child_environment(), check=True)
    return root
