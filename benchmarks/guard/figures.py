"""The committed figures, and the verdict on what was counted."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.result import markdown_table

FIGURES = Path(__file__).with_name("figures.json")
HEADINGS = ("what", "figure", "counted", "change", "margin", "verdict")


OTHER_BUILD_MARGIN = 0.2
"""What another build of Python may differ by, in instructions.

Measured with one and the same hexscan: CPython 3.12 and 3.13 are between 9 % under 3.11 and 13 %
over it. One more import on the clean path of the hook is above this too.
"""


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted for one figure, and by what share it may exceed the committed one.

    ``of_python`` says that the code of the interpreter itself is in it.
    """

    name: str
    counted: float
    margin: float
    of_python: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """A count beside its committed figure, ``None`` where none is committed."""

    count: Count
    figure: float | None

    @property
    def holds(self) -> bool:
        """Whether there is a figure and the count is within its margin; less is always well."""
        if self.figure is None:
            return False
        return self.count.counted <= self.figure + abs(self.figure) * self.count.margin

    def row(self) -> tuple[str, ...]:
        """Return the cells of this verdict: what, figure, counted, change, margin, verdict."""
        name, counted, margin = self.count.name, self.count.counted, f"+{self.count.margin:.0%}"
        if self.figure is None:
            return name, "none", f"{counted:,.2f}", "", margin, "**no figure**"
        change = f"{counted / self.figure - 1:+.2%}" if self.figure else ""
        verdict = "holds" if self.holds else "**EXCEEDED**"
        return name, f"{self.figure:,.2f}", f"{counted:,.2f}", change, margin, verdict


@dataclass(frozen=True, slots=True)
class Figures:
    """The committed figures by name, and the build of Python on which they were counted."""

    python: str
    counts: Mapping[str, float]

    @classmethod
    def read(cls, path: Path = FIGURES) -> "Figures":
        """Read the committed figures."""
        content = json.loads(path.read_text(encoding="utf-8"))
        return cls(content["python"], content["counts"])

    def judge(self, counts: Sequence[Count], python: str) -> list[Verdict]:
        """Put counts of this build of Python beside the figures.

        A count without a figure does not hold.
        """
        verdicts = []
        for count in counts:
            wide = count.of_python and python != self.python
            margin = max(count.margin, OTHER_BUILD_MARGIN) if wide else count.margin
            settled = replace(count, margin=margin)
            verdicts.append(Verdict(settled, self.counts.get(count.name)))
        return verdicts

    def forgotten(self, counts: Sequence[Count]) -> list[str]:
        """Return the figures that nothing counts any more."""
        return sorted(self.counts.keys() - {count.name for count in counts})


def this_python() -> str:
    """Name the build of the running interpreter, whose own code is counted too."""
    build = (platform.python_implementation(), platform.python_version())
    return " ".join((*build, platform.python_compiler(), platform.machine()))


def write(counts: Sequence[Count], path: Path = FIGURES) -> None:
    """Write what was counted as the figures to hold."""
    found = {count.name: round(count.counted, 3) for count in counts}
    content = {"python": this_python(), "counts": found}
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def table(verdicts: Sequence[Verdict]) -> str:
    """Return the verdicts as a Markdown table."""
    return markdown_table(HEADINGS, [verdict.row() for verdict in verdicts])
