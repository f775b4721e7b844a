"""The command lines: how each scanner is given each kind of work.

Every one tells what it found in full, so that the report of the very command that is timed can be
checked. The peers have a rule for Hex.pm keys alone, from ``benchmarks/peers/``: gitleaks and
kingfisher the plain pattern (a checksum costs kingfisher 1.7 ms a match), betterleaks and
detect-secrets the checksum too. In the table of recall kingfisher checks it as well, and each has
the options for more of archives and of git that it knows.
"""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from benchmarks.comparison.environment import (
    BETTERLEAKS,
    DETECT_SECRETS,
    DIRECTORY,
    GITLEAKS,
    GREP,
    KINGFISHER,
    RIPGREP,
    RULES,
    Peers,
)
from benchmarks.comparison.running import Run, neutral_environment

HEXSCAN = "hexscan"
PLAIN = f"{HEXSCAN}, plain rule"
PATTERN = "hex_[0-9a-f]{40}"


class Job(Enum):
    """A kind of work: the place that is scanned is a path, or the repository that is run in."""

    TREE = "files and directories"
    STDIN = "standard input"
    HISTORY = "the history of a repository"
    STAGED = "what is staged"


@dataclass(frozen=True, slots=True)
class Tool:
    """A scanner: how it is called for each job, and the exit status that says "nothing found".

    ``names_files`` says that of a binary file it tells the name and not the key, so that of a
    place with one string in it the exit status has to tell; ``from_parent``, that it has to run in
    the directory above what it scans, and passes over whatever is elsewhere.
    """

    name: str
    jobs: Mapping[Job, Callable[[Path], Sequence[str]]]
    clean: int = 0
    found: int = 1
    names_files: bool = False
    from_parent: bool = False

    def run(self, job: Job, place: Path) -> Run | None:
        """Return how it is given a job, or ``None`` if it knows none of that kind."""
        argv = self.jobs.get(job)
        if argv is None:
            return None
        environment = {"KF_RULE_CACHE_DIR": str(DIRECTORY / "kingfisher-cache")}
        if job is Job.STDIN:
            return Run(argv(place), stdin=place, environment=environment)
        above = place.parent if self.from_parent else None
        directory = place if job is Job.STAGED else above
        return Run(argv(place), directory=directory, environment=environment)


@dataclass(frozen=True, slots=True)
class Options:
    """What the hexscan that is measured can be told, by its own help."""

    program: str
    known: frozenset[str]

    @classmethod
    def of(cls, program: str) -> "Options":
        """Ask a hexscan for its options."""
        said = [
            subprocess.check_output([program, verb, "--help"], text=True, env=neutral_environment())
            for verb in ("scan", "history")
        ]
        words = " ".join(said).replace(",", " ").split()
        return cls(program, frozenset(word for word in words if word.startswith("--")))

    @property
    def everything(self) -> list[str]:
        """The options with which every reading takes part, where that is not the default."""
        return [] if "--no-decode" in self.known else ["--decode"]

    @property
    def plain(self) -> list[str]:
        """The options with which neither readings nor containers take part."""
        readings = ["--no-decode"] if "--no-decode" in self.known else []
        return ["--no-unpack", *readings]


def hexscan(options: Options, *extra: str) -> Tool:
    """Return hexscan, with all its readings unless ``extra`` says otherwise."""
    shared = [*(extra or options.everything), "--format", "json"]
    program = options.program

    def scan(*arguments: str) -> list[str]:
        return [program, *arguments, *shared]

    return Tool(
        HEXSCAN,
        {
            Job.TREE: lambda path: scan("scan", str(path), "--no-ignore"),
            Job.STDIN: lambda _: scan("scan", "-"),
            Job.HISTORY: lambda path: scan("history", str(path), "--allow-partial"),
            Job.STAGED: lambda _: scan("staged"),
        },
    )


def peer_tools(peers: Peers, *, thorough: bool = False) -> list[Tool]:
    """Return the peers that are installed.

    With ``thorough`` each is given the options to find more and to tell better, at any cost.
    """
    makers = (_ripgrep, _grep, _kingfisher, _betterleaks, _gitleaks, _detect_secrets)
    tools = []
    for name, maker in zip(_NAMES, makers, strict=True):
        if name in peers.programs:
            tools.append(maker(peers.programs[name], thorough))
    return tools


_NAMES = (RIPGREP, GREP, KINGFISHER, BETTERLEAKS, GITLEAKS, DETECT_SECRETS)


def _ripgrep(program: str, thorough: bool) -> Tool:  # noqa: FBT001 - a maker among makers
    options = ["-uuu", *(["--search-zip"] if thorough else [])]
    return Tool(
        RIPGREP,
        {
            Job.TREE: lambda path: [program, *options, PATTERN, str(path)],
            Job.STDIN: lambda _: [program, PATTERN, "-"],
        },
        clean=1,
        found=0,
        names_files=True,
    )


def _grep(program: str, _: bool) -> Tool:  # noqa: FBT001 - the same
    return Tool(
        GREP,
        {
            Job.TREE: lambda path: [program, "-rE", PATTERN, str(path)],
            Job.STDIN: lambda _: [program, "-E", PATTERN],
        },
        clean=1,
        found=0,
        names_files=True,
    )


def _kingfisher(program: str, thorough: bool) -> Tool:  # noqa: FBT001 - the same
    rules = RULES / f"kingfisher-hex-{'crc' if thorough else 'regex'}.yml"
    options = ["--rules-path", str(rules), "--load-builtins=false", "--no-validate"]
    options += ["--no-update-check", "--quiet", "--format", "jsonl"]
    # Its limit of 256 MB for a file is a default that would spare it the work.
    files = ["--git-history", "none", "--max-file-size", "0"]
    files += ["--extraction-depth", "8"] if thorough else []
    return Tool(
        KINGFISHER,
        {
            Job.TREE: lambda path: [program, "scan", str(path), *options, *files],
            Job.STDIN: lambda _: [program, "scan", "-", *options, "--max-file-size", "0"],
            Job.HISTORY: lambda path: [program, "scan", str(path), *options],
            Job.STAGED: lambda _: [program, "scan", ".", *options, "--staged"],
        },
        found=200,
    )


def _betterleaks(program: str, thorough: bool) -> Tool:  # noqa: FBT001 - the same
    options = ["-c", str(RULES / "betterleaks-hex-crc.toml"), "--silent", "--jsonl", "-o", "-"]
    more = ["--include=commit-messages,tag-messages,reflogs"] if thorough else []
    return Tool(
        BETTERLEAKS,
        {
            Job.TREE: lambda path: [program, "fs", str(path), *options],
            Job.STDIN: lambda _: [program, "stdin", *options],
            Job.HISTORY: lambda path: [program, "git", str(path), *more, *options],
            Job.STAGED: lambda _: [program, "git", ".", "--staged", *options],
        },
    )


def _gitleaks(program: str, _: bool) -> Tool:  # noqa: FBT001 - the same
    options = ["-c", str(RULES / "gitleaks-hex.toml"), "--no-banner", "-f", "json", "-r", "-"]
    archives = ["--max-archive-depth", "8"]
    return Tool(
        GITLEAKS,
        {
            Job.TREE: lambda path: [program, "dir", str(path), *archives, *options],
            Job.STDIN: lambda _: [program, "stdin", *options],
            Job.HISTORY: lambda path: [program, "git", str(path), "--log-opts=--all", *options],
            Job.STAGED: lambda _: [program, "git", "--pre-commit", "--staged", *options, "."],
        },
    )


def _detect_secrets(program: str, _: bool) -> Tool:  # noqa: FBT001 - the same
    hook = str(Path(program).with_name("detect-secrets-hook"))
    plugin = ["-p", str(RULES / "detect_secrets_hexpm.py"), "--no-verify"]
    listed = subprocess.check_output([program, "scan", "--list-all-plugins"], text=True)
    for name in listed.split():
        plugin += ["--disable-plugin", name]
    return Tool(
        DETECT_SECRETS,
        {
            Job.TREE: lambda path: [program, "scan", *plugin, "--all-files", path.name],
            Job.STAGED: lambda path: [hook, *plugin, "--json", *_staged_files(path)],
        },
        from_parent=True,
    )


def _staged_files(repository: Path) -> list[str]:
    """Return what pre-commit would hand to detect-secrets: the names of what is staged."""
    listing = ["git", "diff", "--cached", "--name-only", "-z", "--diff-filter=ACMR"]
    names = subprocess.check_output(listing, cwd=repository, env=neutral_environment(), text=True)
    return [name for name in names.split("\0") if name]
