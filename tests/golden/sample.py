"""A report with one of everything, made by hand: hostile names, failures, a key in two places."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from hexscan import rule as rules
from hexscan.blob import CONTENT, NAME, TARGET, Origin, Skip
from hexscan.finding import Excerpt, Finding, GitPlace, Location, Report, Suppression, UnusedMark
from hexscan.key import Key
from hexscan.reports.facts import Facts
from tests.support.keys import legacy, random_key, wrong_checksum

if TYPE_CHECKING:
    from hexscan.blob import Place

KEY = random_key(1)
OLD_KEY = legacy(2)
LOOKALIKE = Key.from_random(bytes(16))


def finding(  # noqa: PLR0913 - a finding has many sides, and a test sets one or two of them
    path: bytes = b"lib/app.ex",
    *,
    key: Key = KEY,
    rule: str = rules.API_KEY,
    place: Place = CONTENT,
    container: tuple[bytes, ...] = (),
    decoding: tuple[str, ...] = (),
    before: str | None = '  @key "',
    after: str = '"',
    line: int = 3,
    git: GitPlace | None = None,
    suppressed: Suppression | None = None,
) -> Finding:
    """Make a finding whose line is ``before``, the preview and ``after``, or has no excerpt."""
    column = 1 if before is None else len(before) + 1
    excerpt = None
    if before is not None:
        end = len(before) + len(key.preview)
        excerpt = Excerpt(before + key.preview + after, len(before), end)
    return Finding(
        rule=rule,
        severity=rules.NOTE if rule == rules.LOOKALIKE else rules.ERROR,
        location=Location(path, container, 57, len(key.reveal()), line, column, place),
        preview=key.preview,
        fingerprint=key.fingerprint,
        decoding=decoding,
        excerpt=excerpt,
        git=git,
        suppressed=suppressed,
    )


def failure(path: bytes, reason: str = "permission denied") -> Skip:
    """Make the skip of something that could not be read."""
    return Skip(Origin(path), "failure", reason)


CLEAN = Report(
    policies=MappingProxyType({"ignored by git": 1204, "a FIFO": 1}),
    files=10,
    bytes=12_345,
    seconds=0.0234,
)

FULL = Report(
    findings=(
        finding(b"::error::x\n/\x1b[2J\xff.ex", before="\t日本語 \x1b[31m", after="\u202e;"),
        finding(b"lib/app.ex"),
        finding(b"app.tgz", container=(b"lib/a.beam", b"LitT"), decoding=("utf-16", "base64")),
        finding(b"old/hex.config", key=OLD_KEY, rule=rules.LEGACY, before="{api_key,<<"),
        finding(b"priv/hex_key.txt", place=NAME, before=None, line=1),
        finding(b"priv/link", place=TARGET, before=None, line=1),
        finding(b"test/x.exs", key=LOOKALIKE, rule=rules.LOOKALIKE, before=""),
    ),
    failures=(failure(b"secret/\xe2\x80\xae.key"), failure(b"gone\n", "input/output error")),
    policies=MappingProxyType({"ignored by git": 12, "a FIFO": 1}),
    warnings=("git cannot list ./x\n: every file is read",),
    files=1234,
    bytes=5_678_901,
    seconds=61.5,
)

FACTS = Facts(
    version="0.1.0",
    started=1_770_000_000,
    directory=b"/srv/app",
    root=b"/srv/app",
    commit="c" * 40,
)

PUBLISHED = GitPlace(
    object="0a" * 20,
    type="blob",
    commit="1b" * 20,
    commit_date="2026-01-10T09:00:00+01:00",
    removed_in="2c" * 20,
    in_head=False,
    refs=("refs/remotes/origin/main", "refs/heads/<b>::error::", "refs/tags/v1", "refs/tags/v2"),
    reach="published",
)
UNREACHABLE = GitPlace("3d" * 20, "tag", None, None, None, in_head=False, refs=(), reach=None)
STILL_THERE = GitPlace(
    object="4e" * 20,
    type="blob",
    commit="5f" * 20,
    commit_date="2026-02-01T00:00:00Z",
    removed_in=None,
    in_head=True,
    refs=("refs/heads/main",),
    reach="local",
)

# What each format has marks of its own for, in a name and in a reason.
HOSTILE = (
    b"=cmd()|' /C calc'!A0",
    b"]]><script>alert(1)</script>&\"'.ex",
    b"`a`|![x](http://x.example)\n| @all, 100%: a:b",
    b"/abs/\xe2\x80\xaea\x1b]0;t\x07\xff.ex",
    b"##vso[task.complete]x",
)

RICH = Report(
    findings=(
        *(finding(name) for name in HOSTILE),
        finding(b"config/prod.exs", git=PUBLISHED),
        finding(b"rel/app.tar", container=(b"=1+1|<b>", b"\xff/x\n"), git=STILL_THERE),
        finding(b"refs/tags/v0", key=OLD_KEY, rule=rules.LEGACY, before=None, git=UNREACHABLE),
        finding(b"test/x.exs", key=LOOKALIKE, rule=rules.LOOKALIKE, before=""),
    ),
    failures=tuple(failure(name, "corrupt: <b>]]>\n::error::x, |`") for name in HOSTILE),
    policies=MappingProxyType({"ignored by <git>": 12, "=a FIFO": 1}),
    warnings=("git cannot list ./x\n::error::<b>",),
    suppressed=(
        finding(b"test/a.exs", suppressed=Suppression("inline", "=revoked\n<b> 2026-05-20 ]]>")),
        finding(
            b"test/b.exs",
            key=OLD_KEY,
            suppressed=Suppression("baseline", "", "A. Reviewer", "2026-05-20"),
        ),
    ),
    unused=(UnusedMark(b"lib/<b>\n::error::.ex", 7),),
    files=1234,
    bytes=5_678_901,
    seconds=61.5,
)

# The same, as it is told with --show-suppressed.
SHOWN = RICH.showing_suppressed()

# Everything that no report may hold.
SECRETS = (KEY.reveal()[4:], OLD_KEY.reveal(), LOOKALIKE.reveal()[4:], wrong_checksum(1)[4:])
