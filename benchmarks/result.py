"""What a benchmark tells: bounds that hold or do not, and a table of all that was measured."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.measure import Spread


@dataclass(frozen=True, slots=True)
class Bound:
    """A promise, and what was measured for it.

    ``limit`` and ``measured`` are in ``unit``; ``detail`` says what the measured value was made
    from.
    """

    what: str
    limit: float
    unit: str
    measured: Spread
    detail: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the median is on the right side of the limit."""
        if self.at_least:
            return self.measured.median >= self.limit
        return self.measured.median <= self.limit

    def row(self, *, judged: bool) -> tuple[str, ...]:
        """Return the cells of this bound: promise, limit, measured, quartiles, detail, verdict."""
        limit = f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}"
        measured = f"{self.measured.median:.3g} {self.unit}"
        quartiles = f"{self.measured.low:.3g} to {self.measured.high:.3g}"
        verdict = ("pass" if self.holds else "**FAIL**") if judged else "not judged"
        return self.what, limit, measured, quartiles, self.detail, verdict


BOUND_HEADINGS = ("what", "bound", "measured", "quartiles", "from", "verdict")


@dataclass(frozen=True, slots=True)
class Section:
    """The result of one benchmark: its bounds, and a table of all its times."""

    title: str
    command: str
    method: str
    bounds: Sequence[Bound]
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]

    def markdown(self) -> str:
        """Return the section's account of itself, without its bounds."""
        parts = (
            f"## {self.title}",
            f"`{self.command}`",
            self.method,
            markdown_table(self.headings, self.rows),
        )
        return "\n\n".join(parts)


def bounds_table(sections: Iterable[Section], *, judged: bool) -> str:
    """Return one Markdown table of the bounds of all sections, with the command of each."""
    rows = [
        (*bound.row(judged=judged), f"`{section.command}`")
        for section in sections
        for bound in section.bounds
    ]
    return markdown_table((*BOUND_HEADINGS, "command"), rows)


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a Markdown table whose columns line up in plain text too."""
    lines = [tuple(headings), *(tuple(row) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    padded = [
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        + " |"
        for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([padded[0], rule, *padded[1:]])


def milliseconds(seconds: Spread) -> str:
    """Write a time as its median and quartiles in milliseconds."""
    spread = seconds.times(1000)
    return f"{spread.median:.3g} ms ({spread.low:.3g} to {spread.high:.3g})"
