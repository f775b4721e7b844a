"""The life of a key in git, drawn: brought in, taken out, and where it still is today.

Git's history is an order and not a calendar (of the commit that took a key out only the hash is
known), so the drawing has stations and no scale.
"""

from collections.abc import Iterator, Sequence

from hexscan.finding import GitPlace
from hexscan.reports import wording
from hexscan.reports.xml import safe

# A drawing of more lives than this says less than the table below it, which has all of them.
LONGEST = 12

_ROW = 62
_BROUGHT_IN, _TAKEN_OUT, _TODAY = 20, 270, 500
_WIDTH = 720

# The same hash on each of them, shortened as git does it.
_HASH = 10

_STATIONS = {
    "published": ("published", "on a remote: published"),
    "local": ("local", "on local branches or tags"),
    "reflog": ("hidden", "in the reflog only"),
    "stash": ("hidden", "in a stash only"),
    "unreachable": ("hidden", "unreachable, not deleted"),
}


def draw(lives: Sequence[GitPlace], name: str) -> Iterator[str]:
    """Yield an SVG image of lives, a row each; ``name`` is an id that is free in the document."""
    drawn = lives[:LONGEST]
    height = _ROW * len(drawn)
    yield (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img"'
        f' aria-labelledby="{name}-title {name}-text">'
    )
    yield f'<title id="{name}-title">The life of this key in git</title>'
    told = ". ".join(f"{number}: {wording.life(git)}" for number, git in enumerate(drawn, start=1))
    yield f'<desc id="{name}-text">{safe(told)}.</desc>'
    for number, git in enumerate(drawn):
        yield from _row(git, _ROW * number + 18)
    yield "</svg>"


def _row(git: GitPlace, y: int) -> Iterator[str]:
    if git.commit is None:
        brought_in, when = f"in a {git.type}", git.object[:_HASH]
    else:
        brought_in = "brought in"
        when = " ".join(filter(None, ((git.commit_date or "")[:10], git.commit[:_HASH])))
    gone = git.removed_in is not None and not git.in_head
    end = _TAKEN_OUT if gone else _TODAY
    yield f'<line class="line" x1="{_BROUGHT_IN}" y1="{y}" x2="{end}" y2="{y}"/>'
    if gone:
        yield f'<line class="after" x1="{_TAKEN_OUT}" y1="{y}" x2="{_TODAY}" y2="{y}"/>'
    yield from _point(_BROUGHT_IN, y, "point", brought_in, when)
    if git.removed_in is not None and gone:
        yield from _point(_TAKEN_OUT, y, "point", "taken out", git.removed_in[:_HASH])
    style, reach = _STATIONS[git.reach] if git.reach else ("hidden", "not known how to reach")
    today = "today: still in HEAD" if git.in_head else "today: still in the repository"
    yield from _point(_TODAY, y, style, today, reach)


def _point(x: int, y: int, style: str, told: str, detail: str) -> Iterator[str]:
    if style == "published":
        # A shape of its own: not everybody sees the colour, and not every printer prints it.
        corners = f"{x},{y - 9} {x + 9},{y} {x},{y + 9} {x - 9},{y}"
        yield f'<polygon class="{style}" points="{corners}"/>'
    else:
        yield f'<circle class="{style}" cx="{x}" cy="{y}" r="6"/>'
    yield f'<text x="{x - 8}" y="{y + 24}">{safe(told)}</text>'
    yield f'<text class="small" x="{x - 8}" y="{y + 39}">{safe(detail)}</text>'
