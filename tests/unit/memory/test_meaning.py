import shutil
import sys
from dataclasses import fields, replace
from pathlib import Path

import pytest
import stringzilla

from hexscan.config import Config
from hexscan.memory import meaning

CHANGED = {
    "unprefixed": True,
    "lookalikes": True,
    "unpack": False,
    "max_expanded": 1,
    "max_ratio": 1,
    "max_members": 1,
    "max_depth": 1,
    "decode": False,
}
NO_MATTER = {"exclude", "ignore", "suppression", "strict", "cache_dir", "jobs", "forks"}


def test_every_setting_counts_or_is_known_not_to() -> None:
    assert {field.name for field in fields(Config)} == CHANGED.keys() | NO_MATTER


@pytest.mark.parametrize("name", CHANGED)
def test_a_setting_that_decides_what_is_found_counts(name: str) -> None:
    changed = replace(Config(), **{name: CHANGED[name]})  # type: ignore[arg-type]
    assert meaning.options(changed) != meaning.options(Config())


def test_what_decides_nothing_does_not_count() -> None:
    other = Config(exclude=("x",), ignore=False, strict=True, cache_dir="/x", jobs=2, forks=True)
    assert meaning.options(other) == meaning.options(Config())


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / "hexscan"
    shutil.copytree(Path(meaning.__file__).parents[1], copy)
    monkeypatch.setattr(meaning, "_PACKAGE", str(copy))
    return copy


def test_every_source_file_counts(package: Path) -> None:
    before = meaning.program()
    assert before == meaning.program()
    for name in ("matcher.py", "containers/zip.py", "decoders/base64.py"):
        file = package / name
        text, status = file.read_bytes(), file.stat()
        # As long as before and with the same times: what is in it counts.
        file.write_bytes(text[:-2] + b" \n")
        assert meaning.program() != before
        file.write_bytes(text)
        assert file.stat().st_size == status.st_size
        assert meaning.program() == before
    (package / "new.py").touch()
    assert meaning.program() != before


def test_a_name_and_what_follows_it_are_told_apart(package: Path) -> None:
    (package / "a.py").write_text("x")
    before = meaning.program()
    (package / "a.py").rename(package / "ax.py")
    (package / "ax.py").write_text("")
    assert meaning.program() != before


@pytest.mark.parametrize(("where", "what"), [(sys, "version"), (stringzilla, "__version__")])
def test_what_it_runs_on_counts(where: object, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = meaning.program()
    monkeypatch.setattr(where, what, "another")
    assert meaning.program() != before


def test_without_source_there_is_no_telling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in (tmp_path, tmp_path / "none"):
        monkeypatch.setattr(meaning, "_PACKAGE", str(place))
        assert meaning.program() is None
