"""Compare what is counted with the committed figures, or renew these."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.guard.counters import missing_programs
from benchmarks.guard.figures import Count, Figures, table, this_python, write
from benchmarks.guard.subjects import Place, subjects
from benchmarks.installation import PROJECT


def counted(source: Path) -> list[Count]:
    """Count every figure for the package that stands in ``source``."""
    with tempfile.TemporaryDirectory(prefix="hexscan-guard-") as scratch:
        return [
            Count(subject.name, subject.count(), subject.margin, "instructions" in subject.name)
            for subject in subjects(Place(source, Path(scratch)))
        ]


def main() -> int:
    """Count, print a table, and return 1 if a figure is exceeded or cannot be counted in CI."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guard")
    parser.add_argument("--renew", action="store_true", help="write the figures anew")
    options = parser.parse_args()
    missing = missing_programs()
    if missing:
        print(f"the guard cannot count without {' and '.join(missing)}", file=sys.stderr)
        return 1 if options.renew or os.environ.get("CI") else 0
    counts = counted(PROJECT / "src")
    if options.renew:
        write(counts)
    committed = Figures.read()
    verdicts = committed.judge(counts, this_python())
    print(table(verdicts))
    forgotten = committed.forgotten(counts)
    if forgotten:
        print(f"figures that nothing counts: {', '.join(forgotten)}", file=sys.stderr)
    if forgotten or not all(verdict.holds for verdict in verdicts):
        print("If the change is meant: python -m benchmarks.guard --renew", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
