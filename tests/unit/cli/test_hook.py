"""The hook: what it takes for a file, and when it lets the engine stay away."""

import gzip
from pathlib import Path

import pytest

from hexscan.cli import hook
from hexscan.sources.files import BUFFER_SIZE
from tests.support.keys import legacy, random_key

KEY = random_key(1).reveal()


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "clean.ex").write_text("nothing of that kind\n")
    (tmp_path / "mix.exs").write_text('{:hex_core, "~> 0.1"} # mix hex.publish, hex: [x: 1]\n')
    (tmp_path / "leak.ex").write_text(f"key = {KEY}\n")
    return tmp_path


def test_an_archive_is_looked_into(repository: Path) -> None:
    (repository / "app.gz").write_bytes(gzip.compress(KEY.encode()))
    assert not hook.all_clean(["app.gz"])
    assert hook.main(["app.gz"]) == 1
    assert hook.main(["--no-unpack", "--", "app.gz"]) == 0


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["--"]),
        (["a", "b"], ["--", "a", "b"]),
        (["--", "-q"], ["--", "-q"]),
        (["--", "--"], ["--", "--"]),
        (["-q", "a"], ["-q", "a"]),
        (["--exclude", "lib/", "a"], ["--exclude", "lib/", "a"]),
        (["-q", "--", "-x"], ["-q", "--", "./-x"]),
        (["-x", "a"], ["./-x", "a"]),
    ],
)
def test_a_file_is_never_taken_for_an_option(
    repository: Path, arguments: list[str], expected: list[str]
) -> None:
    (repository / "-x").touch()
    assert hook.settled(arguments) == expected


@pytest.mark.parametrize("file", ["clean.ex", "mix.exs"])
def test_a_clean_file_is_all_clean(file: str) -> None:
    assert hook.all_clean([file])


def test_everything_else_wants_a_closer_look(repository: Path) -> None:
    (repository / "link").symlink_to("clean.ex")
    (repository / "old").write_text(f"HEX_API_KEY={legacy(2).reveal()}")
    (repository / KEY).touch()
    (repository / "large").write_bytes(b"." * BUFFER_SIZE)
    for file in ("leak.ex", "link", "old", KEY, "large", "gone", "."):
        assert not hook.all_clean(["clean.ex", file])


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["clean.ex", "mix.exs"], 0),
        (["--", "clean.ex", "leak.ex"], 1),
        (["-q", "leak.ex"], 1),
        (["--exclude", "leak.ex", "clean.ex", "leak.ex"], 0),
        (["leak.ex", "gone"], 2),
        (["--nonsense", "clean.ex"], 2),
        ([], 0),
    ],
)
def test_the_status(arguments: list[str], status: int) -> None:
    assert hook.main(arguments) == status


def test_a_file_called_like_an_option_is_scanned(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "--quiet").write_text(KEY)
    assert hook.main(["--quiet", "clean.ex"]) == 1
    told = capsys.readouterr()
    assert "--quiet:1:1" in told.out
    assert KEY not in told.out + told.err


def test_an_ignored_file_passes(repository: Path) -> None:
    (repository / ".hexscanignore").write_text("leak.ex\n")
    assert hook.main(["--", "leak.ex"]) == 0
