"""Run all benchmarks. Writes ``RESULTS.md`` beside this file, except in the smoke form."""

import sys
from pathlib import Path

from benchmarks import (
    bench_containers,
    bench_history,
    bench_history_again,
    bench_matcher,
    bench_staged,
    bench_startup,
    bench_tree,
)
from benchmarks.installation import installed_project
from benchmarks.report import report, smoke_is_asked_for, tell

RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> int:
    """Run all benchmarks, print the report and write it down; return 1 if a bound is missed."""
    smoke = smoke_is_asked_for("python -m benchmarks.run")
    sections = [bench_matcher.measure(smoke=smoke)]
    with installed_project() as installed:
        sections.append(bench_startup.measure(installed, smoke=smoke))
        sections.append(bench_staged.measure(installed, smoke=smoke))
        sections.append(bench_tree.measure(installed, smoke=smoke))
        sections.append(bench_history.measure(installed, smoke=smoke))
        sections.append(bench_history_again.measure(installed, smoke=smoke))
        sections.append(bench_containers.measure(installed, smoke=smoke))
    if not smoke:
        RESULTS.write_text(report(sections, judged=True), encoding="utf-8")
    return tell(sections, smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
