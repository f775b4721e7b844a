"""``hexscan baseline``: write down which keys are judged, and read it back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from hexscan import rule as rules
from hexscan.cli import output, output_file
from hexscan.cli.commands.options import Scanning, reading, searching, settle_search
from hexscan.cli.settings.judgement import baseline_name, current_place, read_baseline
from hexscan.cli.settings.option import CallOnly
from hexscan.cli.settings.person import who_is_here
from hexscan.cli.settings.place import Place
from hexscan.engine import scan
from hexscan.errors import ConfigError, HexscanError, ReportError
from hexscan.finding import Finding, Report
from hexscan.redaction import redact
from hexscan.reports import escape
from hexscan.suppression.baseline import Baseline, Entry
from hexscan.suppression.judge import EVERYWHERE, Ways
from hexscan.values import replace

HELP = """Keep the file of keys that are judged: .hexscan-baseline.json.

\b
  hexscan baseline create --reason "revoked 2026-05-20"   take what is found today
  hexscan baseline update --reason "key of the example"   add what is new
  hexscan baseline prune                                  drop what is gone
  hexscan baseline list                                   print all entries
  hexscan baseline explain FINGERPRINT                    print one, and what it means

An entry holds a key's fingerprint, never the key. Look at a finding before you add it: a key that
is not revoked works for whoever has read it.
"""

_SHORTEST = 8

Function = TypeVar("Function", bound=Callable[..., Any])


class Changing:
    """A call that writes the baseline: where it is, and what the options have settled."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.config = settle_search(**options)
        self.place = current_place()
        self.name = baseline_name()
        # Not that of the policy, which is empty where nothing is to be suppressed.
        self.held = read_baseline()

    @property
    def file(self) -> str:
        """What messages call the baseline."""
        return self.place.shown(self.name)

    def report(self, paths: tuple[str, ...], judged: Baseline) -> Report:
        """Scan with a baseline, and refuse to go on from a scan that is not complete."""
        policy = replace(self.config.suppression, baseline=judged.by_place(), unused_marks=False)
        report = scan(paths, replace(self.config, suppression=policy))
        if not report.complete:
            failure = report.failures[0]
            raise HexscanError(
                f"the baseline was not changed: {escape.place(failure.origin.path)} could not be"
                f" read: {failure.reason}",
                hint="exclude it or make it readable",
            )
        return report

    def write(self, held: Baseline) -> None:
        """Write the baseline, whole or not at all."""
        # Not through a symbolic link: a stranger's repository could have one that leads out of it.
        file = Path(root_path(self.place)) / self.name
        try:
            output_file.replace(held.lines(), file)
        except OSError as error:
            why = output.reason(error)
            raise ReportError(f"cannot write the baseline {self.file}: {why}") from None


def root_path(place: Place) -> str:
    """Return the root of a place as text, which may hold bytes that are no UTF-8."""
    return place.root.decode("utf-8", "surrogateescape")


@click.group(
    "baseline",
    help=HELP,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
def command() -> None:
    """Run nothing itself: the verbs below do."""


def _judging(function: Function) -> Function:
    """Give a verb the options that say who judges, and why."""
    options = (
        click.option("--reason", default="", cls=CallOnly, help="Why they need no attention."),
        click.option(
            "--who", metavar="NAME", cls=CallOnly, help="Who says so; by default git's user."
        ),
        click.option(
            "--in-file",
            is_flag=True,
            cls=CallOnly,
            help="Let an entry hold for the file it was found in alone.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


class _Making(Scanning):
    makes_baseline = True


@command.command("create", cls=_Making)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@_judging
@searching
def create(
    paths: tuple[str, ...],
    reason: str,
    who: str | None,
    in_file: bool,  # noqa: FBT001 - click passes it by name
    **options: Any,  # noqa: ANN401 - see settle_search
) -> Callable[[], int]:
    """Take the findings of today into a new baseline."""
    call = Changing(options)
    if call.place.read(call.name) is not None:
        raise ConfigError(
            "there is a baseline already", path=call.file, hint="use: hexscan baseline update"
        )
    return lambda: _add(call, paths, Baseline(), _by(call, reason, who), in_file=in_file)


@command.command("update", cls=Scanning)
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@_judging
@searching
def update(
    paths: tuple[str, ...],
    reason: str,
    who: str | None,
    in_file: bool,  # noqa: FBT001 - click passes it by name
    **options: Any,  # noqa: ANN401 - see settle_search
) -> Callable[[], int]:
    """Add the findings that are not in the baseline yet; needs --reason."""
    call = Changing(options)
    if not reason:
        raise ConfigError("an update needs a reason", hint="for example --reason 'revoked'")
    return lambda: _add(call, paths, call.held, _by(call, reason, who), in_file=in_file)


@command.command("prune", cls=Scanning)
@searching
def prune(**options: Any) -> Callable[[], int]:  # noqa: ANN401 - see settle_search
    """Drop the entries whose keys are in no file any more."""
    call = Changing(options)
    return lambda: _prune(call)


@command.command("list", cls=Scanning)
@reading
def list_(**_read: object) -> Callable[[], int]:
    """Print the entries, one on a line."""
    entries = read_baseline().entries
    return lambda: _print(
        f"{entry.fingerprint[:16]} {entry.rule} {entry.path} {_judgement(entry)}".rstrip()
        for entry in entries
    )


@command.command("explain", cls=Scanning)
@click.argument("fingerprint")
@reading
def explain(fingerprint: str, **_read: object) -> Callable[[], int]:
    """Print the entries of one FINGERPRINT, of which the first 8 digits are enough."""
    given = fingerprint.lower()
    entries = [
        entry
        for entry in read_baseline().entries
        if len(given) >= _SHORTEST and entry.fingerprint.startswith(given)
    ]
    if not entries:
        raise HexscanError(
            "no entry of the baseline has this fingerprint", hint="see: hexscan baseline list"
        )
    return lambda: _print(line for entry in entries for line in _explained(entry))


def _by(call: Changing, reason: str, who: str | None) -> Entry:
    """Return an entry that holds nothing but who judges, why and when."""
    if call.config.suppression.require_reason and not reason:
        raise ConfigError("require-reason asks for a reason", hint="add --reason")
    name = who_is_here(call.place.root) if who is None else who
    today = datetime.now(tz=UTC).date().isoformat()
    return Entry("", "", reason=redact(reason), who=redact(name), when=today)


def _add(
    call: Changing, paths: tuple[str, ...], held: Baseline, by: Entry, *, in_file: bool
) -> int:
    report = call.report(paths or (".",), held)
    ways = Ways(call.place.root)

    def entry(finding: Finding) -> Entry:
        path = EVERYWHERE
        if in_file:
            path = ways.to(finding.location.path).decode("utf-8", "surrogateescape")
        return replace(by, fingerprint=finding.fingerprint, rule=finding.rule, path=path)

    judged = held.with_entries(map(entry, report.findings))
    call.write(judged)
    added = len(judged.entries) - len(held.entries)
    return _print(iter([f"{call.file}: {_count(added)} added, {len(judged.entries)} in all."]))


def _prune(call: Changing) -> int:
    held = call.held
    if call.place.read(call.name) is None:
        raise ConfigError("there is no baseline", path=call.file)
    unjudged = replace(call.config.suppression, honoured=False)
    call.config = replace(call.config, suppression=unjudged)
    root = root_path(call.place)
    found, report = _places(call, (root,))
    absent = [entry for entry in held.entries if (entry.fingerprint, entry.path) not in found]
    elsewhere = _left_out(call, absent) if absent else frozenset()
    kept = tuple(
        entry for entry in held.entries if (entry.fingerprint, entry.path) in found | elsewhere
    )
    call.write(Baseline(kept))
    dropped = len(held.entries) - len(kept)
    lines = [f"{call.file}: {_count(dropped)} dropped, {len(kept)} in all."]
    spared = len(absent) - dropped
    if spared:
        lines.append(f"{_count(spared)} kept for files that are left out of a scan.")
    if dropped and any("ignored" in reason for reason in report.policies):
        lines.append("What is ignored was not looked at, but for files that an entry names.")
    return _print(iter(lines))


def _places(call: Changing, paths: tuple[str, ...]) -> tuple[frozenset[tuple[str, str]], Report]:
    """Return the fingerprints in some paths, each with its file and with ``*``, and the report."""
    report = call.report(paths, Baseline())
    ways = Ways(call.place.root)
    places = set()
    for finding in report.findings:
        way = ways.to(finding.location.path).decode("utf-8", "surrogateescape")
        places |= {(finding.fingerprint, way), (finding.fingerprint, EVERYWHERE)}
    return frozenset(places), report


def _left_out(call: Changing, entries: list[Entry]) -> frozenset[tuple[str, str]]:
    """Return the places in files that are left out of scans: by exclude, mix.exs or ignore files.

    Of those that are ignored only what an entry names is read.
    """
    root = root_path(call.place)
    named = {str(Path(root, entry.path)) for entry in entries if entry.path != EVERYWHERE}
    files = sorted(file for file in named if Path(file).is_file())
    everything = replace(call.config.suppression, mix_globs=())
    call.config = replace(call.config, exclude=(), suppression=everything)
    return _places(call, (root, *files))[0]


def _explained(entry: Entry) -> Iterator[str]:
    yield f"fingerprint {entry.fingerprint}"
    yield f"  rule    {entry.rule}: {rules.TITLES[entry.rule]}"
    yield f"  where   {'in every file' if entry.path == EVERYWHERE else entry.path}"
    yield f"  judged  {_judgement(entry) or 'nobody has said why'}"
    yield "A key with this fingerprint is not reported there. To have it reported again, delete"
    yield "the entry. If it was never revoked, it still works: https://hex.pm/dashboard/keys"


def _judgement(entry: Entry) -> str:
    by = " ".join(part for part in (entry.who, entry.when) if part)
    return f"{entry.reason} ({by})" if by and entry.reason else entry.reason or by


def _print(lines: Iterator[str]) -> int:
    output.write(escape.message(redact(line)) for line in lines)
    return 0


def _count(number: int) -> str:
    return f"{number} {'entry' if number == 1 else 'entries'}"
