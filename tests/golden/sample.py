"""A report with one of everything, made by hand: hostile names, failures, a key in two places."""

from types import MappingProxyType

from hexscan import rule as rules
from hexscan.blob import CONTENT, NAME, TARGET, Origin, Place, Skip
from hexscan.finding import Excerpt, Finding, Location, Report
from hexscan.key import Key
from tests.support.keys import legacy, random_key, wrong_checksum

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

# Everything that no report may hold.
SECRETS = (KEY.reveal()[4:], OLD_KEY.reveal(), LOOKALIKE.reveal()[4:], wrong_checksum(1)[4:])
