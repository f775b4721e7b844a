"""Time what a commit pays for ``hexscan staged``, beside what other scanners take for the same."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.corpus import write_project
from benchmarks.installation import Installation, installed_project
from benchmarks.measure import Timings, WrongCountError, take_turns
from benchmarks.process import child_environment, timed_program
from benchmarks.report import smoke_is_asked_for, tell
from benchmarks.result import Bound, Section, milliseconds
from tests.support.keys import random_key

TITLE = "One staged file"
COMMAND = "python -m benchmarks.bench_staged"
METHOD = (
    "Wall time of whole processes, which take turns, in a repository with one commit of a small "
    "Elixir project and one clean file staged. Each scanner looks for the one kind of key, by the "
    "plain pattern; hexscan checks the checksum too. Before a time is taken, each of them has "
    "refused the same file with a key in it. Scanners are those on the PATH: put the directory of "
    "the program itself there, and not that of a script around it. `git diff-index` and `git "
    "version` stand for what git alone takes."
)

BARE = "python -c pass"
STAGED = "hexscan staged"
GIT = "git diff-index"
GIT_VERSION = "git version"

PATTERN = r"\bhex_[0-9a-f]{40}\b"
FILE = "lib/staged.ex"

GITLEAKS_CONFIG = f"""\
title = "Hex.pm"
[[rules]]
id = "hexpm-api-key"
description = "Hex.pm API key"
regex = '''{PATTERN}'''
keywords = ["hex_"]
"""
KINGFISHER_RULES = f"""\
rules:
  - name: Hex.pm API key
    id: custom.hexpm.api_key
    pattern: '({PATTERN})'
    min_entropy: 2.0
    confidence: high
"""
DETECT_SECRETS_PLUGIN = f"""\
import re
from detect_secrets.plugins.base import RegexBasedDetector

class HexpmDetector(RegexBasedDetector):
    secret_type = "Hex.pm API Key"
    denylist = [re.compile(r"{PATTERN}")]
"""


def programs(installed: Installation, rules: Path) -> Mapping[str, list[str]]:
    """Return hexscan and the scanners that this machine has, all for the current directory."""
    gitleaks, kingfisher, plugin = (
        _written(rules / name, text)
        for name, text in (
            ("gitleaks.toml", GITLEAKS_CONFIG),
            ("kingfisher.yml", KINGFISHER_RULES),
            ("hexpm.py", DETECT_SECRETS_PLUGIN),
        )
    )
    options = ["--load-builtins=false", "--no-validate", "--no-update-check", "--staged"]
    peers = {
        "gitleaks": ["git", "--pre-commit", "--staged", "-c", gitleaks, "--no-banner", "."],
        "kingfisher": ["scan", ".", "--rules-path", kingfisher, *options],
        "detect-secrets-hook": ["-p", plugin, FILE],
    }
    found = {name: (shutil.which(name), arguments) for name, arguments in peers.items()}
    return {
        STAGED: [installed.hexscan, "staged"],
        **{name: [path, *arguments] for name, (path, arguments) in found.items() if path},
    }


def _written(path: Path, text: str) -> str:
    path.write_text(text, encoding="ascii")
    return str(path)


def make_repository(root: Path) -> None:
    """Make a repository of a small project in ``root``, all of it committed."""
    write_project(root, mentions_hex=False)
    _git("init", "--quiet")
    _git("config", "user.name", "A Developer")
    _git("config", "user.email", "developer@example.org")
    _git("add", "--all")
    _git("commit", "--quiet", "--message", "the project")


def stage(text: str) -> None:
    """Stage the one file with this text."""
    Path(FILE).parent.mkdir(exist_ok=True)
    Path(FILE).write_text(text, encoding="ascii")
    _git("add", FILE)


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], env=child_environment(), check=True)


def require_refusals(scanners: Mapping[str, list[str]]) -> None:
    """Raise :class:`WrongCountError` unless every scanner refuses what is staged."""
    for name, argv in scanners.items():
        done = subprocess.run(argv, env=child_environment(), capture_output=True, check=False)
        if not done.returncode:
            raise WrongCountError(f"{name} has passed a staged key")


def measure(installed: Installation, *, smoke: bool) -> Section:
    """Run the benchmark and return its result."""
    with tempfile.TemporaryDirectory(prefix="hexscan-bench-") as directory:
        root, rules = Path(directory, "repository"), Path(directory, "rules")
        root.mkdir()
        rules.mkdir()
        scanners = programs(installed, rules)
        with contextlib.chdir(root):
            make_repository(root)
            stage(f'@key "{random_key().reveal()}"\n')
            require_refusals(scanners)
            stage("defmodule Staged do\n  def value, do: :clean\nend\n" * 20)
            timings = _time(installed, scanners, rounds=3 if smoke else 40)
    rows = [
        (name, milliseconds(timings.of(name)), f"{timings.ratio(name, BARE).median:.2f}")
        for name in timings.seconds
    ]
    bounds = _bounds(timings, [name for name in scanners if name != STAGED])
    return Section(TITLE, COMMAND, METHOD, bounds, ("process", "time", "x bare"), rows)


def _time(installed: Installation, scanners: Mapping[str, list[str]], rounds: int) -> Timings:
    git = shutil.which("git") or "git"
    argvs = {
        BARE: [installed.python, "-c", "pass"],
        GIT_VERSION: [git, "version"],
        GIT: [git, "diff-index", "--cached", "HEAD"],
        **scanners,
    }
    calls = {name: timed_program(argv, exit_status=0) for name, argv in argvs.items()}
    return take_turns(calls, rounds)


def _bounds(timings: Timings, peers: list[str]) -> list[Bound]:
    ours = f"hexscan {milliseconds(timings.of(STAGED))}"
    bare = f"bare {milliseconds(timings.of(BARE))}, {ours}"
    over_bare = Bound(
        f"`{STAGED}`, over a bare interpreter", 3, "x", timings.ratio(STAGED, BARE), bare
    )
    return [
        over_bare,
        *(
            Bound(
                f"`{STAGED}`, over {name}",
                1,
                "x",
                timings.ratio(STAGED, name),
                f"{name} {milliseconds(timings.of(name))}, {ours}",
            )
            for name in peers
        ),
    ]


def main() -> int:
    """Run this benchmark alone and print its result."""
    smoke = smoke_is_asked_for(COMMAND)
    with installed_project() as installed:
        return tell([measure(installed, smoke=smoke)], smoke=smoke)


if __name__ == "__main__":
    sys.exit(main())
