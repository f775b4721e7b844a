"""What the README shows is what happens."""

import doctest
import re
import subprocess
from pathlib import Path

import pytest

from tests.support import checkout
from tests.support.keys import key_of

README = (checkout.ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
EXAMPLE_KEY = key_of("0123456789abcdef0123456789abcdef")


def test_the_python_examples_are_true() -> None:
    # One after the other: later ones use what earlier ones have made.
    test = doctest.DocTestParser().get_doctest("".join(BLOCKS), {}, "README.md", "README.md", 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("name", ["find", "redact", "scan", "Key", "Config"])
def test_the_python_examples_use(name: str) -> None:
    assert f"hexscan.{name}(" in "".join(BLOCKS) or f"hexscan.{name}." in "".join(BLOCKS)


def test_the_terminal_example_is_true(hexscan_command: Path, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    prod = f'import Config\n\nconfig :hex, api_key: "{EXAMPLE_KEY.reveal()}"\n'
    (tmp_path / "config/prod.exs").write_text(prod, encoding="utf-8")
    mix = "defmodule App.MixProject do\n  use Mix.Project\nend\n"
    (tmp_path / "mix.exs").write_text(mix, encoding="utf-8")

    done = subprocess.run(
        [hexscan_command], cwd=tmp_path, capture_output=True, check=False, encoding="utf-8"
    )

    assert done.returncode == 1, done.stderr
    (shown,) = re.findall(r"^\$ hexscan\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert without_times(done.stdout).startswith(without_times(shown.removesuffix("  …\n")))


def without_times(text: str) -> str:
    return re.sub(r"\d+\.\d+ s\b", "0.01 s", text)
