"""The manual pages are what the commands say of themselves."""

import shutil
import subprocess
from pathlib import Path

import click
import pytest

from hexscan.cli import manual
from hexscan.cli.commands import VERBS
from tests.support import checkout

PAGES = manual.pages()


@pytest.mark.parametrize("name", PAGES)
def test_the_page_in_the_repository_is_up_to_date(name: str) -> None:
    written = (checkout.ROOT / "man" / name).read_text(encoding="ascii")
    assert written.splitlines() == PAGES[name], "`make man` writes it anew"


def test_every_page_in_the_repository_is_made() -> None:
    assert {path.name for path in (checkout.ROOT / "man").iterdir()} == set(PAGES)


def test_every_verb_and_option_is_in_the_page() -> None:
    text = "\n".join(PAGES["hexscan.1"]).replace("\\-", "-")
    for verb, module in VERBS.items():
        assert f"hexscan {verb}" in text
        command = manual._command(module)  # noqa: SLF001 - its own test
        for parameter in command.get_params(click.Context(command, **command.context_settings)):
            if isinstance(parameter, click.Option) and not parameter.hidden:
                assert all(name in text for name in parameter.opts)


def test_examples_come_before_options() -> None:
    text = "\n".join(PAGES["hexscan.1"]).replace("\\-", "-")
    assert 0 < text.index("git log -p | hexscan -") < text.index(".SS Options of hexscan scan")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "command",
    [
        ["mandoc", "-T", "lint", "-W", "warning"],
        ["groff", "-man", "-T", "utf8", "-ww", "-z"],
        ["man", "--warnings", "-l"],
    ],
    ids=lambda command: command[0],
)
def test_the_programs_that_show_manuals_have_nothing_to_say(name: str, command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here")
    done = subprocess.run(
        [*command, checkout.ROOT / "man" / name], capture_output=True, check=False
    )
    told = done.stderr + (done.stdout if command[0] == "mandoc" else b"")
    # Pages without a date are the same in every build; only mandoc wants one.
    assert [line for line in told.splitlines() if b"missing date" not in line] == []


def test_main_writes_the_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["manual", str(tmp_path / "man")])
    manual.main()
    assert sorted(path.name for path in (tmp_path / "man").iterdir()) == sorted(PAGES)
