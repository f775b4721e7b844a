"""Run all benchmarks. Writes its part of ``RESULTS.md``, except in the smoke form."""

import sys

from benchmarks import (
    bench_containers,
    bench_decoders,
    bench_history,
    bench_history_again,
    bench_matcher,
    bench_staged,
    bench_startup,
    bench_tree,
)
from benchmarks.installation import installed_project
from benchmarks.report import report, smoke_is_asked_for, tell
from benchmarks.results_file import write_part


def main() -> int:
    """Run all benchmarks, print the report and write it down; return 1 if a bound is missed."""
    smoke = smoke_is_asked_for("python -m benchmarks.run")
    sections = [bench_matcher.measure(smoke=smoke), bench_decoders.measure(smoke=smoke)]
    with installed_project() as installed:
        sections.append(bench_startup.measure(installed, smoke=smoke))
        sections.append(bench_staged.measure(installed, smoke=smoke))
        sections.append(bench_tree.measure(installed, smoke=smoke))
        sections.append(bench_history.measure(installed, smoke=smoke))
        sections.append(bench_history_again.measure(installed, smoke=smoke))
        sections.append(bench_containers.measure(installed, smoke=smoke))
    if not smoke:
        write_part("benchmarks.run", f"## hexscan alone\n\n{report(sections, judged=True)}")
    return tell(sections, smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
