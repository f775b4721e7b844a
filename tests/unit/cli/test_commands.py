"""The verbs and options that click reads, and what they are settled into."""

from collections.abc import Sequence
from dataclasses import replace

import click
import pytest

from hexscan import __version__
from hexscan.cli import paths as cli_paths
from hexscan.cli.commands import VERBS, group
from hexscan.cli.commands import scan as scan_command
from hexscan.cli.main import main
from hexscan.cli.run import Telling
from hexscan.config import Config

Call = tuple[Sequence[str], Config, Telling]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """Return the list in which scans are written down instead of made."""
    made: list[Call] = []

    def run_paths(
        paths: Sequence[str], config: Config, telling: Telling, *, progress: bool | None
    ) -> int:
        assert progress is None
        # Unlike the library, the command line uses all processors.
        assert config.forks
        made.append((paths, replace(config, forks=False), telling))
        return 1

    # The usual calls do not come to click.
    monkeypatch.setattr(scan_command, "run_paths", run_paths)
    monkeypatch.setattr(cli_paths, "run_paths", run_paths)
    return made


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ("-q lib", ("lib",)),
        ("lib -q", ("lib",)),
        ("scan -q lib test", ("lib", "test")),
        ("scan scan -q", ("scan",)),
        ("-q ./scan", ("./scan",)),
        ("-q -- -x scan", ("-x", "scan")),
        ("-q", (".",)),
        ("-q -", ("-",)),
    ],
)
def test_scan_is_the_verb_where_none_is_named(
    calls: list[Call], arguments: str, paths: tuple[str, ...]
) -> None:
    assert main(arguments.split()) == 1
    assert calls == [(paths, Config(jobs=0), Telling(quiet=True))]


def test_a_leading_separator_ends_the_options(calls: list[Call]) -> None:
    assert main(["--", "-x"]) == 1
    assert calls == [(("-x",), Config(jobs=0), Telling())]


def test_a_path_that_is_no_utf_8_arrives_as_it_is(calls: list[Call]) -> None:
    main(["-v", "\udcff"])
    assert calls[0][0] == ("\udcff",)


@pytest.mark.parametrize(
    ("arguments", "config", "telling"),
    [
        ("--exclude a --exclude b/**", Config(jobs=0, exclude=("a", "b/**")), Telling()),
        ("--no-ignore", Config(jobs=0, ignore=False), Telling()),
        ("--jobs 3", Config(jobs=3), Telling()),
        ("--unprefixed", Config(jobs=0, unprefixed=True), Telling()),
        ("--lookalikes", Config(jobs=0, lookalikes=True), Telling()),
        ("--format json", Config(jobs=0), Telling(format="json")),
        ("--format sarif", Config(jobs=0), Telling(format="sarif")),
        ("-o r", Config(jobs=0), Telling(file="r")),
        (
            "--report sarif=a=b --report html=c",
            Config(jobs=0),
            Telling(reports=(("sarif", "a=b"), ("html", "c"))),
        ),
        ("--output r", Config(jobs=0), Telling(file="r")),
        ("--verbose", Config(jobs=0), Telling(verbose=True)),
        ("-v", Config(jobs=0), Telling(verbose=True)),
        ("--quiet", Config(jobs=0), Telling(quiet=True)),
        ("--color always", Config(jobs=0), Telling(color="always")),
    ],
)
def test_options_are_settled(
    calls: list[Call], arguments: str, config: Config, telling: Telling
) -> None:
    main(arguments.split())
    assert calls == [((".",), config, telling)]


@pytest.mark.parametrize(
    "arguments",
    [
        "--no-such-option",
        "--jobs -1",
        "--jobs many",
        "--format xml",
        "--color",
        "-q -v",
        "scan --exclude",
        "-q=x",
        "--report xml=r",
        "--report json",
        "--report json=",
        "--report",
    ],
)
def test_a_wrong_call_is_one_line_and_2(
    calls: list[Call], capsys: pytest.CaptureFixture[str], arguments: str
) -> None:
    assert main(arguments.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("hexscan: ")
    assert told.err.endswith("(see hexscan --help)\n")
    assert told.err.count("\n") == 1
    assert calls == []


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], ["scan", "-h"], ["lib", "-h"]])
def test_help(calls: list[Call], capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert told.err == ""
    # Examples come before options.
    assert 0 < told.out.index("git log -p | hexscan -") < told.out.index("--no-ignore  ")
    assert max(map(len, told.out.splitlines())) <= 80
    assert calls == []


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"hexscan {__version__}\n"


def test_every_verb_can_be_loaded() -> None:
    verbs = group.Verbs("hexscan")
    context = click.Context(verbs)
    for verb in verbs.list_commands(context):
        command = verbs.get_command(context, verb)
        assert command is not None
        assert command.name == verb
    assert verbs.list_commands(context) == list(VERBS)
    assert verbs.get_command(context, "no-such-verb") is None


def test_an_interrupt_inside_of_click_is_one_outside(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def abort(*_arguments: object, **_options: object) -> None:
        raise click.Abort

    monkeypatch.setattr(group.Verbs, "main", abort)
    assert main(["--version"]) == 130
    assert capsys.readouterr() == ("", "")
