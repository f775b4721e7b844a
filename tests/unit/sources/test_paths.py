"""Named paths, and directories outside of git."""

import errno
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest

from hexscan import skim
from hexscan.errors import ConfigError
from hexscan.sources import directory
from hexscan.sources.paths import Paths
from tests.support.keys import random_key
from tests.unit.sources.told import Told, plant, tell

VANISHED = "vanished before it was opened"


def told(*paths: bytes, exclude: tuple[str, ...] = (), ignore: bool = True) -> Told:
    return Told(Paths(paths, exclude=exclude, ignore=ignore).items())


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestWhatAPathPrintsAs:
    @pytest.mark.parametrize(
        ("root", "printed"),
        [
            (b".", b"d/e/f"),
            (b"./", b"./d/e/f"),
            (b"d", b"d/e/f"),
            (b"d/", b"d/e/f"),
            (b"d//", b"d//e/f"),
            (b"./d", b"./d/e/f"),
            (b"d/../d", b"d/../d/e/f"),
            (b"d/e/f", b"d/e/f"),
        ],
    )
    def test_as_grep_prints_it(self, here: Path, root: bytes, printed: bytes) -> None:
        plant(here, "d/e/f")
        assert told(root).contents == {printed: b"d/e/f"}

    def test_absolute(self, here: Path) -> None:
        plant(here, "d/f")
        root = os.fsencode(here)
        assert told(root).contents == {root + b"/d/f": b"d/f"}

    def test_names_of_any_bytes(self, here: Path) -> None:
        names = [b"new\nline", b"\x1b[2Jescape", b"\xff\xfe", b"-dash", b" blank "]
        for name in names:
            (here / os.fsdecode(name)).write_bytes(name)
        assert told(b".").contents == {name: name for name in names}


class TestNamedPaths:
    def test_a_file_is_scanned_whatever_the_ignore_rules_say(self, here: Path) -> None:
        plant(here, "a.log", ".git/config")
        (here / ".gitignore").write_text("*.log")
        (here / ".hexscanignore").write_text("*.log")
        assert told(b"a.log", b".git/config").contents == {
            b"a.log": b"a.log",
            b".git/config": b".git/config",
        }

    def test_gits_own_directory_is_scanned_like_any(self, here: Path) -> None:
        plant(here, ".git/config", ".git/hooks/x")
        source = Paths([b".git"])
        assert set(Told(source.items()).contents) == {b".git/config", b".git/hooks/x"}
        assert source.warnings == []

    @pytest.mark.parametrize("path", [b"a.log", b"./a.log", b"d/a.log", b"../here/d/a.log"])
    def test_exclude_speaks_for_a_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: bytes
    ) -> None:
        plant(tmp_path / "here", "a.log", "d/a.log")
        monkeypatch.chdir(tmp_path / "here")
        assert told(path, exclude=("*.log",)).policies == {path: "excluded"}

    def test_exclude_is_relative_to_every_directory(self, here: Path) -> None:
        plant(here, "a/x", "a/b/x", "b/x")
        everything = told(b"a", b"b", exclude=("/x",))
        assert everything.policies == {b"a/x": "excluded", b"b/x": "excluded"}
        assert set(everything.contents) == {b"a/b/x"}

    def test_a_missing_one_is_a_failure(self, here: Path) -> None:
        plant(here, "file")
        result = told(b"missing", b"file/below", b"file")
        assert result.failures == {
            b"missing": "no such file or directory",
            b"file/below": "not a directory",
        }
        assert set(result.contents) == {b"file"}

    def test_a_link_to_a_file_gives_target_and_content(self, here: Path) -> None:
        plant(here, "file")
        (here / "link").symlink_to("file")
        result = told(b"link")
        assert result.targets == {b"link": b"file"}
        assert result.contents == {b"link": b"file"}

    def test_a_link_to_a_directory_is_walked(self, here: Path) -> None:
        plant(here, "d/f")
        (here / "link").symlink_to("d")
        result = told(b"link")
        assert result.targets == {b"link": b"d"}
        assert result.contents == {b"link/f": b"d/f"}

    @pytest.mark.parametrize(
        ("target", "why"),
        [("nowhere", errno.ENOENT), ("link", errno.ELOOP)],
    )
    def test_a_link_that_leads_nowhere_is_a_failure(
        self, here: Path, target: str, why: int
    ) -> None:
        (here / "link").symlink_to(target)
        result = told(b"link")
        assert result.targets == {b"link": target.encode()}
        assert result.failures == {b"link": os.strerror(why).lower()}

    def test_a_special_file_is_left_out(self, here: Path) -> None:
        os.mkfifo(here / "fifo")
        (here / "null").symlink_to("/dev/null")
        assert told(b"fifo", b"null").policies == {
            b"fifo": "a FIFO, never opened",
            b"null": "a device, never opened",
        }

    def test_no_path_gives_nothing(self) -> None:
        assert list(Paths([]).items()) == []

    def test_a_pattern_that_is_none_is_refused_at_once(self) -> None:
        with pytest.raises(ConfigError):
            Paths([b"."], exclude=["!"])


class TestNames:
    def test_a_key_in_any_name_is_a_blob(self, here: Path) -> None:
        key = random_key().reveal()
        plant(here, f"{key}/x{key}.txt", "clean/plain")
        (here / f"l-{key}").symlink_to("clean")
        names = told(b".").names
        assert names == {
            key.encode(): key.encode(),
            f"{key}/x{key}.txt".encode(): f"x{key}.txt".encode(),
            f"l-{key}".encode(): f"l-{key}".encode(),
        }

    def test_of_a_named_path_the_whole_string_counts(self, here: Path) -> None:
        key = random_key().reveal()
        plant(here, f"{key}/f")
        root = key.encode()
        assert told(root).names == {root: root}
        assert told(root + b"/f").names == {root + b"/f": root + b"/f"}

    def test_what_is_left_out_keeps_its_name_to_itself(self, here: Path) -> None:
        key = random_key().reveal()
        plant(here, f"{key}.log", f"{key}.txt")
        assert set(told(b".", exclude=("*.log",)).names) == {f"{key}.txt".encode()}


class TestWalk:
    def test_hidden_files_count(self, tmp_path: Path) -> None:
        plant(tmp_path, ".hidden", ".d/.f", "..x")
        assert set(tell(tmp_path).contents) == {b".hidden", b".d/.f", b"..x"}

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        plant(tmp_path, "d/f")
        (tmp_path / "to-file").symlink_to("d/f")
        (tmp_path / "to-directory").symlink_to("d")
        (tmp_path / "d" / "up").symlink_to("..")
        result = tell(tmp_path)
        assert set(result.contents) == {b"d/f"}
        assert result.targets == {b"to-file": b"d/f", b"to-directory": b"d", b"d/up": b".."}

    def test_special_files_are_left_out(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "fifo")
        assert tell(tmp_path).policies == {b"fifo": "a FIFO, never opened"}

    def test_an_ignored_directory_counts_once(self, tmp_path: Path) -> None:
        plant(tmp_path, "build/a", "build/b", "src/build/c", "src/d")
        (tmp_path / ".gitignore").write_text("build/\n")
        result = tell(tmp_path)
        assert result.policies == {
            b"build": "ignored by .gitignore",
            b"src/build": "ignored by .gitignore",
        }
        assert set(result.contents) == {b".gitignore", b"src/d"}

    def test_no_ignore_reads_all_but_the_excluded(self, tmp_path: Path) -> None:
        plant(tmp_path, "a.log", "b.log", "d/.git/config", "d/c")
        (tmp_path / ".gitignore").write_text("*.log")
        (tmp_path / ".hexscanignore").write_text("d")
        result = tell(tmp_path, exclude=["b.*"], ignore=False)
        assert set(result.contents) == {
            b".gitignore",
            b".hexscanignore",
            b"a.log",
            b"d/.git/config",
            b"d/c",
        }
        assert result.policies == {b"b.log": "excluded"}

    def test_the_three_kinds_of_rules_are_told_apart(self, tmp_path: Path) -> None:
        plant(tmp_path, "d/a", "d/b", "d/c", "d/d")
        (tmp_path / ".gitignore").write_text("a\nb\nc")
        (tmp_path / "d" / ".hexscanignore").write_text("b\nc")
        result = tell(tmp_path, exclude=["c"])
        assert result.policies == {
            b"d/a": "ignored by .gitignore",
            b"d/b": "ignored by .hexscanignore",
            b"d/c": "excluded",
        }

    def test_hexscanignore_of_a_parent_outside_git_does_not_count(self, tmp_path: Path) -> None:
        plant(tmp_path, "d/a.log")
        (tmp_path / ".hexscanignore").write_text("*.log")
        assert set(tell(tmp_path / "d").contents) == {b"a.log"}

    def test_the_order_is_settled(self, tmp_path: Path) -> None:
        plant(tmp_path, "b", "a", "d/z", "d/y", "c/x", "c/w/v")
        contents = tell(tmp_path).contents
        assert list(contents) == [b"a", b"b", b"c/x", b"c/w/v", b"d/y", b"d/z"]

    def test_a_large_directory_is_read_in_batches(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(directory, "BATCH", 3)
        plant(tmp_path, *(f"f{number}" for number in range(10)), "d/f")
        assert len(tell(tmp_path).contents) == 11

    def test_a_deep_tree_is_no_recursion(self, tmp_path: Path) -> None:
        levels = [tmp_path]
        for _ in range(1200):
            levels.append(levels[-1] / "d")
            levels[-1].mkdir()
        (levels[-1] / "f").write_bytes(b"deep")
        assert list(tell(tmp_path).contents.values()) == [b"deep"]
        (levels[-1] / "f").unlink()
        for level in reversed(levels[1:]):
            level.rmdir()  # pytest would remove them by recursion

    def test_an_unreadable_directory_is_a_failure(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        plant(tmp_path, "a/f", "locked/f")
        scandir = os.scandir
        locked = os.fsencode(tmp_path / "locked")

        def refuse(path: bytes) -> Iterator[os.DirEntry[bytes]]:
            if path == locked:
                raise PermissionError(errno.EACCES, "Permission denied")
            return scandir(path)

        monkeypatch.setattr(skim, "listing", None)
        monkeypatch.setattr(os, "scandir", refuse)
        result = tell(tmp_path)
        assert result.failures == {b"locked": "permission denied"}
        assert set(result.contents) == {b"a/f"}

    def test_what_vanishes_meanwhile_is_left_out(self, tmp_path: Path) -> None:
        plant(tmp_path, "a", "b", "d/f")
        items = Paths([os.fsencode(tmp_path)]).items()
        first = next(items)
        (tmp_path / "b").unlink()
        (tmp_path / "d" / "f").unlink()
        (tmp_path / "d").rmdir()
        told = Told(chain([first], items), tmp_path)
        assert told.policies == {b"b": VANISHED, b"d": VANISHED}
        assert set(told.contents) == {b"a"}
