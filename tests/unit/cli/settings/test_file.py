"""Settings in TOML, and what is wrong with them."""

from pathlib import Path

import click
import pytest

from hexscan.cli.commands.options import Scanning
from hexscan.cli.commands.scan import command
from hexscan.cli.settings import file
from hexscan.cli.settings.file import Given
from hexscan.cli.settings.place import Place
from hexscan.errors import ConfigError

FULL = """\
# settings
exclude = [
  "docs/",
  "*.md",
]
unprefixed = true

format = "json"
"""


def options() -> dict[str, click.Option]:
    assert isinstance(command, Scanning)
    return command.file_settings()


def find(directory: Path) -> Given:
    return file.find(Place(bytes(directory)), options())


def test_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / ".hexscan.toml").write_text(FULL)
    given = find(tmp_path)
    assert given.values == {"exclude": ["docs/", "*.md"], "unprefixed": True, "format": "json"}
    assert given.lines == {"exclude": 2, "unprefixed": 6, "format": 8}
    assert given.name == str(tmp_path / ".hexscan.toml")


@pytest.mark.parametrize(
    "text",
    [
        "[tool.ruff]\nquiet = 1\n[tool.hexscan]\nquiet = true\n",
        '\n[ tool . "hexscan" ] # ours\n\nquiet = true\n',
        "[project]\n\n[tool]\nhexscan = {quiet = true}\n",
    ],
)
def test_a_table_of_pyproject(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    given = find(tmp_path)
    assert given.values == {"quiet": True}
    assert given.lines["quiet"] in (1, 4)


@pytest.mark.parametrize("text", ["", "[tool.ruff]\nbroken", "# hexscan\n[tool.ruff]\n"])
def test_a_pyproject_of_others(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert find(tmp_path) == Given()


def test_an_empty_file_and_none(tmp_path: Path) -> None:
    assert find(tmp_path) == Given()
    (tmp_path / ".hexscan.toml").touch()
    assert find(tmp_path).values == {}


def test_two_files_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / ".hexscan.toml").touch()
    (tmp_path / "pyproject.toml").write_text("\n[tool.hexscan]\n")
    with pytest.raises(ConfigError, match="one of them has to go") as caught:
        find(tmp_path)
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("\nquite = true", 2, "unknown setting 'quite'; did you mean quiet?"),
        ("xyz = true", 1, "unknown setting 'xyz'"),
        ("no_ignore = true", 1, "did you mean no-ignore?"),
        ("[tool.hexscan]\nquiet = true", 1, "unknown setting 'tool'"),
        ("\n\nquiet = 1", 3, "quiet is true or false"),
        ('quiet = "yes"', 1, "quiet is true or false"),
        ('exclude = "docs/"', 1, "exclude is a list of strings"),
        ("exclude = [1]", 1, "exclude is a list of strings"),
        ('exclude = [\n"a",\n"build//"]', 3, "exclude: not a pattern to exclude by"),
        ("format = true", 1, "format is a string"),
        ("max-expanded = true", 1, "max-expanded is a number of bytes"),
        ("max-expanded = -1", 1, "max-expanded: not a size"),
        ('max-depth = "8"', 1, "max-depth is a whole number"),
        ('\nformat = "jsn"', 2, "did you mean json?"),
        ('output = "r"', 1, "output can be set by a call only"),
        ("quiet = true\nquiet = true", 2, "this is not TOML"),
        ("quiet =", 1, "this is not TOML"),
        ("exclude = [\n\n", 1, "this is not TOML"),
        ("a = " + "[" * 5000, 1, "this is not TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, why: str
) -> None:
    (tmp_path / ".hexscan.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        find(tmp_path)
    assert why in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(tmp_path / ".hexscan.toml"), line)


def test_what_is_no_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / ".hexscan.toml").write_bytes(b"# a\n# \xff\n")
    with pytest.raises(ConfigError, match="not UTF-8") as caught:
        find(tmp_path)
    assert caught.value.line == 2


def test_a_table_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\nhexscan = 3\n")
    with pytest.raises(ConfigError, match="is no table"):
        find(tmp_path)


def test_a_named_file(tmp_path: Path) -> None:
    named = tmp_path / "other.toml"
    named.write_text("quiet = true")
    assert file.load(str(named), options()).values == {"quiet": True}
    with pytest.raises(ConfigError, match="no such file"):
        file.load(str(tmp_path / "missing"), options())
    project = tmp_path / "pyproject.toml"
    project.write_text("[tool.hexscan]\nquiet = true")
    assert file.load(str(project), options()).lines == {"quiet": 2}


def test_windows_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / ".hexscan.toml").write_bytes(b"\xef\xbb\xbfquiet = true\r\nverbose = true\r\n")
    assert find(tmp_path).lines == {"quiet": 1, "verbose": 2}
