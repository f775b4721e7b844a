"""The documents name what there is: options, hooks, rules, targets of make, Pythons."""

import re
import tomllib
from importlib import import_module

import click
import pytest

from hexscan import rule
from hexscan.cli.commands import VERBS, hook
from hexscan.cli.commands.options import Scanning
from tests.support import checkout
from tools import readme as tools_readme


def read(name: str) -> str:
    return (checkout.ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]


def commands() -> dict[str, click.Command]:
    """Find every command that can be called, by what is typed for it."""
    found: dict[str, click.Command] = {"hexscan-hook": hook.command}
    pending = [(f"hexscan {verb}", import_module(VERBS[verb]).command) for verb in VERBS]
    for call, command in pending:
        if isinstance(command, click.Group):
            pending += [(f"{call} {name}", inner) for name, inner in command.commands.items()]
        elif not command.hidden:
            found[call] = command
    assert "hexscan scan" in found
    return found


def options() -> set[str]:
    """Collect every option of every command, as it is typed."""
    names = {
        name
        for command in commands().values()
        for parameter in command.get_params(click.Context(command, **command.context_settings))
        if isinstance(parameter, click.Option) and not parameter.hidden
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    assert "--help" in names
    return names


def test_the_readme_names_every_option() -> None:
    readme = read("README.md")
    missing = [name for name in options() if not re.search(rf"`{re.escape(name)}[` ,]", readme)]
    assert missing == []


def test_the_readme_names_no_option_that_is_none() -> None:
    table = read("README.md").split("| option |")[1].split("\n\n")[0]
    named = set(re.findall(r"`(--?[a-z][a-z-]*)", table))
    assert named - options() == set()


def test_the_readme_names_every_command() -> None:
    readme = read("README.md")
    assert [call for call in commands() if f"`{call}" not in readme] == []


def test_the_readme_has_the_tables_that_the_options_give() -> None:
    # Written by: make docs
    assert tools_readme.written(read("README.md")) == read("README.md")
    assert tools_readme.tables().keys() == set(
        re.findall(r"<!-- options of ([a-z ]+) -->", read("README.md"))
    )


def test_every_command_with_the_options_of_a_scan_is_configured() -> None:
    scanning = {
        call: command
        for call, command in commands().items()
        if any(param.name == "exclude" for param in command.params)
    }
    assert "hexscan-hook" in scanning
    assert [call for call, command in scanning.items() if not isinstance(command, Scanning)] == []


def test_the_readme_shows_every_hook() -> None:
    readme = read("README.md")
    hooks = re.findall(r"(?m)^- id: (\S+)$", read(".pre-commit-hooks.yaml"))
    assert hooks
    assert [hook for hook in hooks if f"- id: {hook}\n" not in readme] == []


def test_hooks_run_scripts_that_are_installed() -> None:
    entries = re.findall(r"(?m)^  entry: (\S+)", read(".pre-commit-hooks.yaml"))
    assert set(entries) <= set(PROJECT["scripts"])


@pytest.mark.parametrize("rule_id", rule.ALL)
def test_the_readme_explains_every_rule(rule_id: str) -> None:
    assert f"| `{rule_id}` |" in read("README.md")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", ".ci/run"])
def test_documents_name_only_targets_that_make_has(name: str) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", read("Makefile")))
    named = set(re.findall(r"(?:^|`|; then )make ([a-z-]+)", read(name), re.MULTILINE))
    assert named
    assert named <= targets


def test_the_readme_starts_with_scan_and_test() -> None:
    assert re.findall(r"(?m)^ *make .*$", read("README.md"))[:2] == [
        "make scan DIR=path/",
        "make test",
    ]


def test_the_version_is_told_once_everywhere() -> None:
    version = PROJECT["version"]
    assert f"rev: v{version}\n" in read("README.md")
    assert f"\n## [{version}]" in read("CHANGELOG.md")


def test_supported_pythons_are_the_tested_ones() -> None:
    declared = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    tox = tomllib.loads(read("pyproject.toml"))["tool"]["tox"]["env_list"]
    assert tox == [f"py{version.replace('.', '')}" for version in declared]
    assert PROJECT["requires-python"] == f">={declared[0]}"


@pytest.mark.parametrize("dependency", PROJECT["dependencies"])
def test_every_dependency_has_its_reason(dependency: str) -> None:
    name = re.split(r"[^a-z]", dependency)[0]
    assert f"\n| {name} |" in read("ARCHITECTURE.md")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_links_to_files_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", read(name))
    assert [link for link in links if not (checkout.ROOT / link).exists()] == []
