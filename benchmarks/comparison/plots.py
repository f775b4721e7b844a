"""Draw how each contender's time grows with the work: ``plots.py GROWTH.json DIRECTORY``.

This runs in the environment of the peers, which has matplotlib, and needs nothing else of the
project. The same figures give the same bytes: no date, fixed ids, text as outlines.
"""

import json
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

_OURS = "hexscan"
_COLOURS = {
    "hexscan": "#6e4a9e",
    "ripgrep": "#d08a1d",
    "grep": "#8c6d46",
    "kingfisher": "#1f77a4",
    "betterleaks": "#2f8f5b",
    "gitleaks": "#c0392b",
    "detect-secrets": "#7f8c8d",
}
_OTHERS = "#a0a0a0"
_OTHER_STYLES = {"git cat-file --batch-check": "-."}


def draw(growth: dict[str, Any], path: Path) -> None:
    """Draw one kind of work on logarithmic scales, where linear growth is a line of slope 1."""
    figure = Figure(figsize=(6.4, 4.0), layout="constrained")
    axes = figure.add_subplot()
    for name, seconds in growth["seconds"].items():
        points = sorted((int(scale), value) for scale, value in seconds.items())
        if not points or name.startswith((f"{_OURS} ", f"{_OURS},")):
            continue
        ours = name == _OURS
        axes.plot(
            [scale for scale, _ in points],
            [value for _, value in points],
            marker="o",
            markersize=5 if ours else 3.5,
            linewidth=2.6 if ours else 1.3,
            linestyle="-" if name in _COLOURS else _OTHER_STYLES.get(name, ":"),
            color=_COLOURS.get(name, _OTHERS),
            zorder=3 if ours else 2,
            label=name,
        )
    axes.set(xscale="log", yscale="log", title=growth["title"], ylabel="seconds, whole process")
    axes.set_xlabel("times the least amount of work")
    axes.set_xticks([1, 10, 100], ["1", "10", "100"])
    axes.minorticks_off()
    axes.grid(visible=True, which="major", color="#e6e6e6", linewidth=0.8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, fontsize="small", loc="center left", bbox_to_anchor=(1, 0.5))
    figure.savefig(path, format="svg", metadata={"Date": None}, facecolor="white")


def main() -> None:
    """Draw every growth of a file into a directory."""
    source, directory = map(Path, sys.argv[1:])
    mpl.rcParams.update({"svg.hashsalt": "hexscan", "svg.fonttype": "path", "font.size": 10})
    for growth in json.loads(source.read_text(encoding="utf-8")):
        draw(growth, directory / f"{growth['name']}.svg")


if __name__ == "__main__":
    main()
