"""Compare hexscan with the scanners that a user would pick instead: speed, memory, recall.

``python -m benchmarks.peers`` installs them, runs everything and writes its part of ``RESULTS.md``
and the plots. ``--only NAME`` runs one work and writes nothing.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path

from benchmarks.comparison import library, recall
from benchmarks.comparison.environment import Peers, installed_peers
from benchmarks.comparison.family import Family, Growth, Told, run_family
from benchmarks.comparison.huge import huge_file
from benchmarks.comparison.repositories import generated_history, real_history, staged_files
from benchmarks.comparison.tools import Options
from benchmarks.comparison.trees import archives, real_sources, small_files, standard_input
from benchmarks.comparison.work import Setting
from benchmarks.installation import PROJECT, installed_project
from benchmarks.process import child_environment
from benchmarks.report import all_hold, report
from benchmarks.result import Section
from benchmarks.results_file import write_part

COMMAND = "python -m benchmarks.peers"
PLOTS = PROJECT / "benchmarks" / "plots"

_WHOLE = (
    "Wall time of whole processes, in turns; the memory is that of all processes together (PSS), "
    "sampled every 10 ms or more in a run before the others."
)
FAMILIES = (
    Family("tree", "A tree of many small files", f"A generated tree. {_WHOLE}", small_files),
    Family(
        "sources",
        "Real sources",
        "A copy of a real tree (Debian's linux-source-6.1 where that is named), with a key and "
        f"five decoys planted, in the page cache. Nothing is ignored by any rule. {_WHOLE}",
        real_sources,
        scales=(1,),
        grows=False,
    ),
    Family(
        "huge",
        "One huge file",
        f"Generated code with a key in its middle and at its end, in the page cache. {_WHOLE} "
        "What a program maps of the file counts as its memory, but not as its own.",
        huge_file,
    ),
    Family("archives", "A tree of archives", f".tar.gz and .zip by turns. {_WHOLE}", archives),
    Family("stdin", "Standard input", f"A pipe that `cat` writes into. {_WHOLE}", standard_input),
    Family(
        "history",
        "The history of a repository",
        "A generated repository, packed, with a key that one commit brings in and the next takes "
        f"out. {_WHOLE} hexscan has an empty cache each time, except where it says again: there "
        "the cache is that of the run before and one commit was added. gitleaks, betterleaks and "
        "kingfisher read what refs reach; hexscan and git read every object.",
        generated_history,
    ),
    Family(
        "repository",
        "The history of a real repository",
        f"A copy of the repository that is named, with one more commit that has a key. {_WHOLE}",
        real_history,
        scales=(1,),
        grows=False,
    ),
    Family(
        "staged",
        "What is staged",
        "Clean files staged in a small repository. A key and a decoy were staged there before, "
        f"and what each told of them stands in the last columns. {_WHOLE}",
        staged_files,
        short=True,
    ),
)
_OTHER: dict[str, Callable[[Setting, str], Section]] = {
    "library": library.measure,
    "recall": recall.measure,
}


def main() -> int:
    """Run what is asked for, print it, and return 1 if a bound of what was judged is missed."""
    options = _options()
    peers = installed_peers()
    told: list[Told] = []
    with (
        installed_project() as installed,
        tempfile.TemporaryDirectory(prefix="hexscan-peers-", dir=options.scratch) as scratch,
    ):
        setting = Setting(
            Options.of(installed.hexscan),
            peers,
            installed.python,
            Path(scratch, "work"),
            smoke=options.smoke,
            rounds=2 if options.smoke else options.rounds,
            limit=options.limit,
            sources=_absolute(options.sources),
            repository=_absolute(options.repo),
            huge=options.huge,
        )
        for name, run in _parts().items():
            if options.only in (None, name):
                print(f"{name} …", file=sys.stderr)
                told.append(run(setting))
    sections = [one.section for one in told]
    text = report(sections, judged=not options.smoke, program=COMMAND, facts=peers.lines())
    print(text)
    if options.only is None and not options.smoke:
        write_part("benchmarks.peers", f"## hexscan and its peers\n\n{text}")
        draw([one.growth for one in told if one.growth], peers, PLOTS)
    return 0 if options.smoke or all_hold(sections) else 1


def _parts() -> dict[str, Callable[[Setting], Told]]:
    """Return everything that can be run, by its name, in order."""
    families = {family.name: partial(_family, family) for family in FAMILIES}
    others = {name: partial(_section, name, run) for name, run in _OTHER.items()}
    return {**families, **others}


def _family(family: Family, setting: Setting) -> Told:
    return run_family(family, setting, f"{COMMAND} --only {family.name}")


def _section(name: str, run: Callable[[Setting, str], Section], setting: Setting) -> Told:
    return Told(run(setting, f"{COMMAND} --only {name}"))


def draw(growths: Sequence[Growth], peers: Peers, directory: Path) -> None:
    """Draw the plots, with the Python that has matplotlib; without it they stay as they are."""
    if "matplotlib" in peers.absent:
        return
    directory.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hexscan-peers-") as scratch:
        source = Path(scratch, "growth.json")
        source.write_text(json.dumps([asdict(growth) for growth in growths]), encoding="utf-8")
        script = PROJECT / "benchmarks" / "comparison" / "plots.py"
        argv = [peers.python, "-I", str(script), str(source), str(directory)]
        environment = {**child_environment(), "MPLCONFIGDIR": scratch}
        subprocess.run(argv, env=environment, check=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=COMMAND)
    names = [*(family.name for family in FAMILIES), *_OTHER]
    parser.add_argument("--only", choices=names, help="run one work, and write nothing")
    parser.add_argument("--smoke", action="store_true", help="small inputs; no time is judged")
    parser.add_argument("--sources", metavar="DIR", help="a tree of real sources")
    parser.add_argument("--repo", metavar="DIR", help="a repository with a long history")
    parser.add_argument("--huge", metavar="BYTES", type=int, default=0, help="one huge file")
    parser.add_argument("--rounds", metavar="N", type=int, default=7, help="of each contender")
    parser.add_argument("--limit", metavar="SECONDS", type=float, default=60, help="for one run")
    parser.add_argument("--scratch", metavar="DIR", help="where inputs are written")
    return parser.parse_args()


def _absolute(directory: str | None) -> Path | None:
    return Path(os.path.abspath(directory)) if directory else None  # noqa: PTH100


if __name__ == "__main__":
    sys.exit(main())
