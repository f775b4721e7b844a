"""Run all benchmarks. Writes its part of ``RESULTS.md``, except in the smoke form.

With ``--repo DIR`` the history of that repository is measured, too, beside a generated one.
"""

import argparse
import os
import sys
from pathlib import Path

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
from benchmarks.report import report, tell
from benchmarks.results_file import write_part


def main() -> int:
    """Run all benchmarks, print the report and write it down; return 1 if a bound is missed."""
    options = _options()
    smoke: bool = options.smoke
    sections = [bench_matcher.measure(smoke=smoke), bench_decoders.measure(smoke=smoke)]
    with installed_project() as installed:
        sections.append(bench_startup.measure(installed, smoke=smoke))
        sections.append(bench_staged.measure(installed, smoke=smoke))
        sections.append(bench_tree.measure(installed, smoke=smoke))
        for path in (None, *options.repo):
            sections.append(bench_history.measure(installed, smoke=smoke, repository=path))
            sections.append(bench_history_again.measure(installed, smoke=smoke, repository=path))
        sections.append(bench_containers.measure(installed, smoke=smoke))
    if not smoke:
        write_part("benchmarks.run", f"## hexscan alone\n\n{report(sections, judged=True)}")
    return tell(sections, smoke=smoke)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run")
    parser.add_argument("--smoke", action="store_true", help="small inputs; no time is judged")
    parser.add_argument(
        "--repo",
        metavar="DIR",
        type=lambda path: Path(os.path.abspath(path)),  # noqa: PTH100 - relative to this directory
        action="append",
        default=[],
        help="measure the history of this repository, too",
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
