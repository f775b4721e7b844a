"""Findings on standard output while the scan still goes on: what ``--format jsonl`` is for."""

from collections.abc import Callable

from hexscan.cli import output
from hexscan.errors import ReportError
from hexscan.finding import Finding, Report
from hexscan.reports import jsonl
from hexscan.reports.facts import Facts


class Live:
    """A report that is written line by line, each line flushed.

    A reader who leaves hinders no scan, which still has a status to give. Nor does any other
    trouble with standard output, for there may be further reports: :meth:`finish` raises it.
    ``before`` is called before each line.
    """

    def __init__(self, *, show_suppressed: bool, before: Callable[[], None]) -> None:
        self._show_suppressed = show_suppressed
        self._before = before
        self._trouble: ReportError | None = None

    def tell(self, finding: Finding) -> None:
        """Write a finding down, unless it is judged and such are not to be told."""
        if self._trouble or (finding.suppressed and not self._show_suppressed):
            return
        self._before()
        try:
            output.write(iter([jsonl.finding_line(finding)]))
        except ReportError as error:
            self._trouble = error

    def finish(self, report: Report, facts: Facts) -> None:
        """Write down what comes after the findings; raises ``ReportError`` if anything failed."""
        if self._trouble:
            raise self._trouble
        output.write(jsonl.ending(report, facts))
