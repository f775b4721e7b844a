import os
import time
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.memory import meaning
from hexscan.memory.memory import Memory
from hexscan.memory.record import Record

ID = b"\xab" * 20
RECORD = Record(ID)
DAY = 24 * 3600


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "a" / "cache"


def opened(cache: Path | str, repository: bytes = b"/r/.git", **options: bool) -> Memory:
    config = Config(cache_dir=str(cache), **options)  # type: ignore[arg-type]
    return Memory(config, repository, [repository], 20)


def kept(cache: Path, repository: bytes = b"/r/.git", **options: bool) -> Path:
    before = set(cache.glob("*"))
    opened(cache, repository, **options).keep(RECORD)
    (new,) = set(cache.glob("*")) - before
    return new


def test_what_is_kept_is_remembered(cache: Path) -> None:
    memory = opened(cache)
    assert memory.record == Record()
    memory.keep(RECORD)
    again = opened(cache)
    assert again.holds(ID.hex().encode())
    assert not again.holds(b"cd" * 20)
    assert memory.notes == again.notes == []
    assert cache.stat().st_mode & 0o777 == 0o700


def test_without_a_directory_nothing_is_kept(tmp_path: Path) -> None:
    memory = Memory(Config(), bytes(tmp_path), [], 20)
    assert not memory.is_kept
    memory.keep(RECORD)
    assert list(tmp_path.iterdir()) == []


def test_repositories_and_options_have_files_of_their_own(cache: Path) -> None:
    kept(cache)
    kept(cache, b"/other/.git")
    kept(cache, unprefixed=True)
    assert len(list(cache.iterdir())) == 3
    assert opened(cache, b"/third/.git").record == Record()
    assert opened(cache, lookalikes=True).record == Record()


def test_a_link_to_the_repository_is_the_repository(cache: Path, tmp_path: Path) -> None:
    (tmp_path / "r").mkdir()
    (tmp_path / "link").symlink_to("r")
    kept(cache, bytes(tmp_path / "r"))
    assert opened(cache, bytes(tmp_path / "link")).record == RECORD


def test_the_file_of_another_repository_is_thrown_away(cache: Path) -> None:
    mine, theirs = kept(cache), kept(cache, b"/other/.git")
    mine.write_bytes(theirs.read_bytes())
    memory = opened(cache)
    assert memory.record == Record()
    assert "thrown away" in memory.notes[0]
    memory.keep(RECORD)
    assert opened(cache).record == RECORD


def test_an_older_version_is_thrown_away(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(cache)
    monkeypatch.setattr(meaning, "program", lambda: b"another")
    memory = opened(cache)
    assert memory.record == Record()
    assert "another version" in memory.notes[0]
    memory.keep(RECORD)
    assert opened(cache).notes == []
    assert len(list(cache.iterdir())) == 1


def test_a_program_that_changes_while_it_runs_keeps_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = opened(cache)
    monkeypatch.setattr(meaning, "program", lambda: b"another")
    memory.keep(RECORD)
    assert not cache.exists()
    assert "changed while it ran" in memory.notes[0]


def test_a_program_that_cannot_be_told_keeps_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "program", lambda: None)
    memory = opened(cache)
    memory.keep(RECORD)
    assert not memory.is_kept
    assert memory.notes
    assert not cache.exists()


@pytest.mark.parametrize("below", ["", "cache", "a/b"])
def test_nothing_is_kept_in_the_repository(tmp_path: Path, below: str) -> None:
    memory = opened(tmp_path / below, bytes(tmp_path))
    memory.keep(RECORD)
    assert list(tmp_path.iterdir()) == []
    assert memory.notes == [
        f"no memory of clean objects is kept: {tmp_path / below} is in the repository"
    ]


def test_a_link_into_the_repository_leads_there(tmp_path: Path) -> None:
    repository = tmp_path / "r"
    repository.mkdir()
    (tmp_path / "cache").symlink_to(repository)
    memory = opened(tmp_path / "cache", bytes(repository))
    memory.keep(RECORD)
    assert list(repository.iterdir()) == []
    assert not memory.is_kept


def test_a_directory_beside_with_a_longer_name_is_outside(tmp_path: Path) -> None:
    repository = tmp_path / "r"
    assert opened(tmp_path / "r-cache", bytes(repository)).is_kept


def test_what_cannot_be_written_is_noted(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    memory = opened(tmp_path / "file")
    memory.keep(RECORD)
    assert memory.notes[-1] == "no memory of clean objects is kept: file exists"


def test_what_is_still_of_use_is_not_written_again(cache: Path) -> None:
    file = kept(cache)
    os.utime(file, (0, 0))
    inode = file.stat().st_ino
    opened(cache).keep(RECORD)
    assert file.stat().st_ino == inode
    assert file.stat().st_mtime > time.time() - DAY


def test_what_nobody_uses_goes_and_nothing_else(cache: Path) -> None:
    old, recent = kept(cache, b"/old"), kept(cache, b"/recent")
    name = "0" * 64
    foreign = {
        f"{name}.clean": b"not of ours",
        f"{name}.txt": b"hexscan memory 1",
        "notes.clean": b"hexscan memory 1",
        f"{name}.clean.part.txt": b"",
    }
    for foreign_name, content in foreign.items():
        (cache / foreign_name).write_bytes(content)
    abandoned = cache / f"{name}.clean.0123456789abcdef.part"
    abandoned.write_bytes(b"hexscan mem")
    (cache / f"{'1' * 64}.clean").mkdir()
    (cache / f"{'2' * 64}.clean").symlink_to(old)
    for path in cache.iterdir():
        age = 89 if path == recent else 91
        stamp = time.time() - age * DAY
        os.utime(path, (stamp, stamp), follow_symlinks=False)
    new = kept_beside(cache)
    left = {path.name for path in cache.iterdir()}
    assert left == {*foreign, "1" * 64 + ".clean", "2" * 64 + ".clean", recent.name, new}


def kept_beside(cache: Path) -> str:
    before = {path.name for path in cache.iterdir()}
    opened(cache, b"/new").keep(RECORD)
    (new,) = {path.name for path in cache.iterdir()} - before
    return new


def test_it_holds_no_names(cache: Path) -> None:
    file = kept(cache, b"/srv/secret-project/.git")
    assert b"secret" not in file.read_bytes()
    assert "secret" not in file.name
