"""What is read without click is what click reads."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hexscan.cli import history as history_of
from hexscan.cli import light, settled
from hexscan.cli import run as running
from hexscan.cli.commands import group, history, scan
from hexscan.cli.main import main
from hexscan.config import Config
from hexscan.finding import Report
from hexscan.sources.git.history import EVERYTHING
from hexscan.suppression.judge import Policy

OPTIONS = {
    name: option
    for option in scan.command.params
    if isinstance(option, click.Option)
    for name in (*option.opts, *option.secondary_opts)
}
VALUES = (
    "",
    "-",
    "0",
    "3",
    "03",
    "-1",
    "99999",
    "\u0663",
    "json",
    "xml",
    "a",
    "!",
    "docs/*.md",
    "=",
)
WORDS = st.one_of(
    st.sampled_from(sorted({*OPTIONS, "--", "-", "-qv", "-h", "--help", "scan", "staged", "lib"})),
    st.sampled_from(VALUES),
    st.builds("{}={}".format, st.sampled_from(sorted(OPTIONS)), st.sampled_from(VALUES)),
    st.text(max_size=3),
)
USUAL = st.one_of(
    st.sampled_from([*light.SWITCHES, *light.PROGRESS, "lib", "-"]),
    st.builds("{}={}".format, st.sampled_from(sorted(light.VALUES)), st.sampled_from(VALUES)),
)


def read_by_click(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    read: list[tuple[Any, ...]] = []

    def run_paths(*settled: object, progress: bool | None) -> int:
        read.append((*settled, progress))
        return 0

    monkeypatch.setattr(scan, "run_paths", run_paths)
    assert group.parse(arguments)() == 0
    return read[0]


@given(st.lists(WORDS | USUAL, max_size=5))
@example(["scan", "scan"])
@example(["lib", "--jobs", "2", "--", "--jobs", "-q"])
@example(["--exclude", "a", "--exclude=!b", "-o", "-", "--format", "json"])
@example(["--jobs", "1", "--jobs", "2", "-q", "-q"])
@example(["--progress", "--no-progress"])
def test_whatever_is_read_click_reads_the_same(arguments: list[str]) -> None:
    call = light.read(arguments)
    if call is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(Path(__file__).parent)
        # As if there were no file, which is for the caller to see to.
        alone = arguments if call.no_config else ["scan", "--no-config", *_without_verb(arguments)]
        expected = read_by_click(alone, patch)
    assert (call.paths, *settled.settle(Policy(), **call.options), call.progress) == expected


def _without_verb(arguments: list[str]) -> list[str]:
    return arguments[1:] if arguments[:1] == ["scan"] else arguments


@pytest.mark.parametrize("word", sorted(light.SWITCHES))
def test_each_switch_is_read(word: str) -> None:
    name = light.SWITCHES[word]
    option = OPTIONS[word]
    assert (option.name, option.is_flag) == (name, True)
    call = light.read([word, "lib"])
    assert call is not None
    assert call.no_config is (name == "no_config")
    assert call.options == {"jobs": 0} | ({} if call.no_config else {name: True})


@pytest.mark.parametrize("word", sorted(light.VALUES))
@pytest.mark.parametrize("equals", [True, False])
def test_each_option_with_a_value_is_read(word: str, *, equals: bool) -> None:
    name = light.VALUES[word]
    assert OPTIONS[word].name == name
    value, expected = {"jobs": ("2", 2), "format_": ("json", "json"), "exclude": ("a", ("a",))}.get(
        name, ("r", "r")
    )
    words = [f"{word}={value}"] if equals and word.startswith("--") else [word, value]
    call = light.read(["scan", *words, "lib"])
    assert call is not None
    assert call.paths == ("lib",)
    assert call.options == {"jobs": 0, name: expected}


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ([], (".",)),
        (["lib", "-"], ("lib", "-")),
        (["lib", "scan"], ("lib", "scan")),
        (["scan"], (".",)),
        (["scan", "staged"], ("staged",)),
        (["-q", "staged"], ("staged",)),
        (["lib", "--", "-q", "--"], ("lib", "-q", "--")),
    ],
)
def test_paths(arguments: list[str], paths: tuple[str, ...]) -> None:
    call = light.read(arguments)
    assert call is not None
    assert call.paths == paths


@pytest.mark.parametrize(
    "arguments",
    [
        "staged",
        "history .",
        "--help",
        "--version",
        "-qv",
        "-q -v",
        "-or",
        "-o=r",
        "--no-ign",
        "--no-ignore=1",
        "--jobs",
        "--jobs -q",
        "--jobs=",
        "--jobs=+2",
        "--jobs=10000",
        "--format xml",
        "--exclude !",
        "--output=",
        "--baseline b",
        "--config c",
        "--report json=r",
        "--strict",
    ],
)
def test_the_rest_is_left_to_click(arguments: str) -> None:
    assert light.read(arguments.split()) is None


@pytest.mark.parametrize(
    ("file", "content", "option", "decides"),
    [
        (".hexscan.toml", "quiet = true", "-v", True),
        (".hexscan.toml", "quiet = true", "--no-config", False),
        ("pyproject.toml", "[tool.hexscan]", "--no-ignore", True),
        ("pyproject.toml", "[tool.ruff]", "--no-ignore", False),
        (".hexscan-baseline.json", "{}", "--no-config", True),
    ],
)
def test_where_there_is_a_file_to_read_click_reads_the_call(  # noqa: PLR0913 - a row of the table
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    file: str,
    content: str,
    option: str,
    *,
    decides: bool,
) -> None:
    (tmp_path / file).write_text(content)
    monkeypatch.chdir(tmp_path)
    asked: list[list[str]] = []

    def parse(arguments: list[str]) -> Callable[[], int]:
        asked.append(arguments)
        return lambda: 0

    monkeypatch.setattr(group, "parse", parse)
    assert main(["no-such-file", option]) == (0 if decides else 2)
    assert bool(asked) is decides


def test_a_variable_is_for_click_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEXSCAN_FORMAT", "json")
    monkeypatch.setattr(group, "parse", lambda _arguments: lambda: 130)
    assert main(["--no-ignore", "no-such-file"]) == 130


def test_the_default_of_what_was_not_given_is_that_of_click(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, config, _, _ = read_by_click(["--no-config"], monkeypatch)
    assert config == Config(jobs=0, forks=True)


HISTORY_OPTIONS = {
    name: option
    for option in history.command.params
    if isinstance(option, click.Option)
    for name in (*option.opts, *option.secondary_opts)
}
HISTORY_WORDS = st.one_of(
    st.sampled_from([*light.HISTORY_SWITCHES, *light.PROGRESS, "r", "-", "--", "history"]),
    st.sampled_from(sorted(HISTORY_OPTIONS)),
    st.sampled_from(VALUES),
    st.builds(
        "{}={}".format, st.sampled_from(sorted(light.HISTORY_VALUES)), st.sampled_from(VALUES)
    ),
)


def scanned_by(call: Callable[[], int], monkeypatch: pytest.MonkeyPatch) -> tuple[Any, ...]:
    """Return what a call has scanned, and how it was to be told."""
    seen: list[object] = []

    def scanned(*arguments: object, **options: object) -> Report:
        seen.extend([*arguments[:2], sorted(options.items())])
        assert arguments[2:] in ((), (EVERYTHING,))
        return Report()

    def run(scan: Callable[[], Report], telling: object) -> int:
        scan()
        seen.append(telling)
        return 0

    for module in (history, history_of):
        monkeypatch.setattr(module, "scanned", scanned)
    for module in (history, running):
        monkeypatch.setattr(module, "run", run)
    assert call() == 0
    return tuple(seen)


@given(st.lists(HISTORY_WORDS, max_size=5), st.sampled_from([None, "", "/c"]))
@example([], None)
@example(["r", "--cache-dir", "d"], "/c")
@example(["--no-cache", "--cache-dir=d", "--allow-partial", "-q", "--", "-q"], None)
@example(["r", "s"], None)
def test_whatever_is_read_of_a_history_click_reads_the_same(
    arguments: list[str], cache_dir: str | None
) -> None:
    call = light.read_history(arguments)
    if call is None:
        return
    with pytest.MonkeyPatch.context() as patch:
        # Where there is no file, and none is looked for.
        patch.chdir(Path(__file__).parent)
        if cache_dir is not None:
            patch.setenv("HEXSCAN_CACHE_DIR", cache_dir)
        alone = [word for word in arguments if word != "--no-config"]
        without_click = scanned_by(lambda: main(["history", *arguments]), patch)
        with_click = scanned_by(group.parse(["history", "--no-config", *alone]), patch)
    assert without_click == with_click


@pytest.mark.parametrize("word", [*light.HISTORY_SWITCHES, *light.HISTORY_VALUES])
def test_each_option_of_a_history_is_read(word: str) -> None:
    name = (light.HISTORY_SWITCHES | light.HISTORY_VALUES)[word]
    assert HISTORY_OPTIONS[word].name == name
    takes_value = word in light.HISTORY_VALUES
    value = {"jobs": "2", "format_": "json"}.get(name, "r")
    call = light.read_history([word, value, "lib"] if takes_value else [word, "lib"])
    assert call is not None
    assert call.paths == ("lib",)
    assert call.no_config is (word == "--no-config")
    assert (name in call.options) is not call.no_config


@pytest.mark.parametrize(
    "arguments",
    ["a b", "--no-ignore", "--exclude a", "--since x", "--range a..b", "--cache-dir=", "--strict"],
)
def test_the_rest_of_a_history_is_left_to_click(arguments: str) -> None:
    assert light.read_history(arguments.split()) is None


def test_that_nothing_is_to_be_remembered_is_for_click_to_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEXSCAN_NO_CACHE", "1")
    monkeypatch.setattr(group, "parse", lambda _arguments: lambda: 130)
    assert main(["history", "no-such-directory"]) == 130
    assert main(["scan", "no-such-directory"]) == 2
