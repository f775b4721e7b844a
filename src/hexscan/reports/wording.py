"""The words that several reports share: numbers, counts, manners, the life of a key in git."""

from __future__ import annotations

from hexscan.blob import NAME, TARGET
from hexscan.reports import escape

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hexscan.finding import Finding, GitPlace, Report, UnusedMark

_UNITS = ("kB", "MB", "GB", "TB")

_PLACES = {NAME: "in the file's name", TARGET: "in the link's target"}

REACHES = {
    "published": "published: a remote has it",
    "local": "on local branches or tags only",
    "reflog": "in the reflog only",
    "stash": "in a stash only",
    "unreachable": "unreachable, but there until git collects it",
}

# Enough of a hash to find the object by; git itself shows less.
_SHORT_HASH = 12
_REFS_TOLD = 3


def human_bytes(size: int) -> str:
    """Return a number of bytes for people, in steps of 1,000.

    >>> human_bytes(1), human_bytes(999), human_bytes(12_345), human_bytes(3_000_000_000)
    ('1 byte', '999 bytes', '12.3 kB', '3.0 GB')
    """
    if size < 1000:  # noqa: PLR2004 - the step
        return count(size, "byte")
    power = 1
    # 999.95 would be rounded up to a "1000.0" of its unit.
    while size >= 999.95 * 1000**power and power < len(_UNITS):
        power += 1
    return f"{size / 1000**power:.1f} {_UNITS[power - 1]}"


def human_seconds(seconds: float) -> str:
    """Return a duration for people.

    >>> human_seconds(0.0234), human_seconds(12.34), human_seconds(125)
    ('0.02 s', '12.3 s', '2 min 5 s')
    """
    if seconds < 10:  # noqa: PLR2004 - beyond it nobody asks for hundredths
        return f"{seconds:.2f} s"
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def count(number: int, noun: str) -> str:
    """Return a number and its noun, which takes an ``s`` for the plural."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def counted(policies: Mapping[str, int]) -> list[str]:
    """Return why things were left out, with how often, the most frequent first."""
    ranked = sorted(policies.items(), key=lambda item: (-item[1], item[0]))
    return [f"{escape.message(reason)} ({number:,})" for reason, number in ranked]


def outcome(report: Report) -> str:
    """Return what came of a run: what was found, in how much, and how much of it is judged."""
    told = f"Found {found(report)} in {scope(report)}."
    return f"{told} Suppressed: {len(report.suppressed):,}." if report.suppressed else told


def scope(report: Report) -> str:
    """Return how much was read: ``3 files (1.2 kB, 0.01 s)``, or objects of git."""
    size, time = human_bytes(report.bytes), human_seconds(report.seconds)
    what = count(report.files, "file")
    if report.objects:
        objects = count(report.objects, "object")
        what = f"{objects} and {what}" if report.files else objects
    known = f"; {count(report.known, 'object')} known to be clean" if report.known else ""
    return f"{what} ({size}, {time}{known})"


def found(report: Report) -> str:
    """Return what was found in numbers: ``6 places, 2 keys, 1 lookalike``; without the judged."""
    open_ones = [finding for finding in report.findings if finding.suppressed is None]
    failing = [finding for finding in open_ones if finding.fails]
    lookalikes = len(open_ones) - len(failing)
    keys = len({finding.fingerprint for finding in failing})
    parts = ["no key"] if not keys else []
    if keys != len(failing):
        parts.append(count(len(failing), "place"))
    if keys:
        parts.append(count(keys, "key"))
    if lookalikes:
        parts.append(count(lookalikes, "lookalike"))
    return ", ".join(parts)


def by_key(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return findings with those of one key together, in the order of each key's first place."""
    keys: dict[str, list[Finding]] = {}
    for finding in findings:
        keys.setdefault(finding.fingerprint, []).append(finding)
    return list(keys.values())


def where(finding: Finding) -> str:
    """Return the place as ``path:line:column``, escaped."""
    location = finding.location
    path = escape.place(location.path, location.container)
    return f"{path}:{location.line}:{location.column}"


def manner(finding: Finding) -> str:
    """Return how the key stands there, to be put behind its name; empty for plain text."""
    told = ""
    if finding.decoding:
        told += f" ({' in '.join(reversed(finding.decoding))})"
    if finding.location.place in _PLACES:
        told += f", {_PLACES[finding.location.place]}"
    return told


def reach(git: GitPlace) -> str:
    """Return how a key can be reached; empty if nobody has asked."""
    if git.reach == "local" and git.bare:
        return "in a bare repository, which others may fetch from"
    return REACHES[git.reach] if git.reach else ""


def still_in(git: GitPlace) -> list[str]:
    """Return what is at hand and has the key: ``HEAD``, ``the index``, ``the working tree``."""
    places = {
        "HEAD": git.in_head,
        "the index": git.in_index,
        "the working tree": git.in_worktree,
    }
    return [name for name, has_it in places.items() if has_it]


def life(git: GitPlace) -> str:
    """Return in a line where a key is in git's history, and how far it has come.

    >>> from hexscan.finding import GitPlace
    >>> life(GitPlace("a" * 40, "blob", "b" * 40, "2026-05-20T10:00:00Z", None, True, (), "local"))
    'since commit bbbbbbbbbbbb of 2026-05-20, still in HEAD; on local branches or tags only'
    """
    if git.commit is None:
        told = f"in {escape.message(git.type)} {git.object[:_SHORT_HASH]}"
    else:
        told = f"since commit {git.commit[:_SHORT_HASH]}"
        if git.commit_date:
            told += f" of {git.commit_date[:10]}"
    if git.removed_in and not git.in_head:
        told += f", removed in {git.removed_in[:_SHORT_HASH]}"
    if places := still_in(git):
        told += f", still in {' and '.join(places)}"
    if git.reach is not None:
        told += f"; {reach(git)}"
    if git.refs:
        told += f" ({_refs(git.refs)})"
    return told


def judgement(finding: Finding) -> str:
    """Return where it is written that a finding is no matter, why, by whom and when.

    Empty if nobody says so.
    """
    judged = finding.suppressed
    if judged is None:
        return ""
    said = " ".join(part for part in (judged.reason, judged.who, judged.when) if part)
    return f"suppressed ({judged.kind}{': ' if said else ''}{escape.message(said)})"


def unused(mark: UnusedMark) -> str:
    """Return that a mark allows nothing, and where it stands."""
    return f"{escape.name(mark.path)}:{mark.line}: this hexscan:allow allows nothing"


def _refs(refs: tuple[str, ...]) -> str:
    told = ", ".join(escape.message(ref) for ref in refs[:_REFS_TOLD])
    more = len(refs) - _REFS_TOLD
    return f"{told} and {more:,} more" if more > 0 else told
