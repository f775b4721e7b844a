"""Directories in a git work tree, with real git."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hexscan.sources.paths import Paths
from tests.support.keys import random_key
from tests.unit.sources.told import Told, git, plant, repository, tell

ABSENT = "listed by git, not in the working tree"


def with_warnings(root: Path) -> tuple[Told, list[str]]:
    source = Paths([os.fsencode(root)])
    return Told(source.items(), root), source.warnings


class TestWhatGitLists:
    def test_tracked_and_new_files_count_and_ignored_ones_do_not(self, tmp_path: Path) -> None:
        repository(tmp_path, "a", "d/b", "forced.log")
        plant(tmp_path, "new", "x.log", "build/y", "build/z")
        (tmp_path / ".gitignore").write_text("*.log\nbuild/\n")
        result = tell(tmp_path)
        assert set(result.contents) == {b".gitignore", b"a", b"d/b", b"forced.log", b"new"}
        assert result.policies == {b"x.log": "ignored by git", b"build": "ignored by git"}
        assert result.failures == {}

    def test_a_subdirectory_is_listed_relative_to_itself(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repository(tmp_path, "a", "d/b", "d/e/c")
        (tmp_path / ".gitignore").write_text("*.log")
        plant(tmp_path, "d/x.log")
        monkeypatch.chdir(tmp_path)
        result = Told(Paths([b"d"]).items())
        assert set(result.contents) == {b"d/b", b"d/e/c"}
        assert result.policies == {b"d/x.log": "ignored by git"}

    def test_an_ignored_directory_that_is_named_is_read(self, tmp_path: Path) -> None:
        repository(tmp_path)
        plant(tmp_path, "build/a", "build/deep/b")
        (tmp_path / ".gitignore").write_text("build/")
        result = tell(tmp_path / "build")
        assert set(result.contents) == {b"a", b"deep/b"}
        assert result.policies == {}

    def test_a_repository_that_points_elsewhere_hides_nothing(self, tmp_path: Path) -> None:
        root = repository(tmp_path / "r", "secret")
        (tmp_path / "other").mkdir()
        git(root, "config", "core.worktree", str(tmp_path / "other"))
        result, warnings = with_warnings(root)
        assert b"secret" in result.contents
        assert len(warnings) == 1
        assert "another directory" in warnings[0]

    def test_a_broken_repository_in_another_hides_nothing(self, tmp_path: Path) -> None:
        # The colon switches off the ceiling that keeps git from going on upwards.
        root = repository(tmp_path / "a:b", "top")
        plant(root, "sub/secret")
        (root / "sub" / ".git").mkdir()
        git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
        result, warnings = with_warnings(root)
        assert b"sub/secret" in result.contents
        assert len(warnings) == 1

    def test_names_of_any_bytes(self, tmp_path: Path) -> None:
        repository(tmp_path)
        names = [b"new\nline", b"\x1b[2Jescape", b"\xff\xfe", b"-dash", b'"quote"']
        for name in names:
            (tmp_path / os.fsdecode(name)).write_bytes(name)
        git(tmp_path, "add", "--", "-dash", "new\nline")
        assert tell(tmp_path).contents == {name: name for name in names}

    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        repository(tmp_path, "d/f")
        (tmp_path / "link").symlink_to("d")
        (tmp_path / "tracked").symlink_to("/nowhere")
        git(tmp_path, "add", "tracked")
        result = tell(tmp_path)
        assert result.targets == {b"link": b"d", b"tracked": b"/nowhere"}
        assert set(result.contents) == {b"d/f"}

    def test_an_unmerged_file_is_read_once(self, tmp_path: Path) -> None:
        repository(tmp_path, "f")
        git(tmp_path, "switch", "--quiet", "--create", "other")
        (tmp_path / "f").write_text("theirs")
        git(tmp_path, "commit", "--quiet", "--all", "--message", "theirs")
        git(tmp_path, "switch", "--quiet", "main")
        (tmp_path / "f").write_text("ours")
        git(tmp_path, "commit", "--quiet", "--all", "--message", "ours")
        subprocess.run(
            ["git", "merge", "--quiet", "other"], cwd=tmp_path, check=False, capture_output=True
        )
        assert git(tmp_path, "ls-files", "--unmerged").count("\n") == 3
        assert set(tell(tmp_path).contents) == {b"f"}

    def test_a_key_in_a_name_is_a_blob_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = random_key().reveal()
        repository(tmp_path, f"{key}/d/a", f"{key}/d/b", f"{key}/{key}", "plain")
        name = key.encode()
        monkeypatch.chdir(tmp_path)
        names = Told(Paths([b"."]).items()).names
        assert names == {name: name, name + b"/" + name: name}


class TestWhatIsNotAsGitSays:
    def test_a_tracked_file_that_is_gone_is_left_out(self, tmp_path: Path) -> None:
        repository(tmp_path, "a", "d/b")
        (tmp_path / "a").unlink()
        shutil.rmtree(tmp_path / "d")
        assert tell(tmp_path).policies == {b"a": ABSENT, b"d/b": ABSENT}

    def test_a_directory_that_became_a_link_is_not_followed(self, tmp_path: Path) -> None:
        root = repository(tmp_path / "r", "d/a", "d/e/b")
        (root / "d").rename(tmp_path / "elsewhere")
        (root / "d").symlink_to("../elsewhere")
        result = tell(root)
        why = "listed by git, now behind a symbolic link"
        assert result.policies == {b"d/a": why, b"d/e/b": why}
        assert result.targets == {b"d": b"../elsewhere"}
        assert result.contents == {}

    def test_a_file_that_became_a_directory_is_read_once(self, tmp_path: Path) -> None:
        repository(tmp_path, "f")
        (tmp_path / "f").unlink()
        plant(tmp_path, "f/g")
        result = tell(tmp_path)
        assert result.contents == {b"f/g": b"f/g"}
        assert result.policies == {b"f": ABSENT}

    def test_a_tracked_file_that_became_a_fifo_is_left_out(self, tmp_path: Path) -> None:
        repository(tmp_path, "f")
        (tmp_path / "f").unlink()
        os.mkfifo(tmp_path / "f")
        assert tell(tmp_path).policies == {b"f": "a FIFO, never opened"}


class TestHexscanignore:
    def test_it_counts_on_top_of_gits_list(self, tmp_path: Path) -> None:
        repository(tmp_path, "a.log", "d/b.log", "d/keep.log", "gen/x", "gen/y")
        (tmp_path / ".hexscanignore").write_text("*.log\ngen/\n")
        (tmp_path / "d" / ".hexscanignore").write_text("!keep.log\n")
        result = tell(tmp_path)
        assert set(result.contents) == {b".hexscanignore", b"d/.hexscanignore", b"d/keep.log"}
        why = "ignored by .hexscanignore"
        assert result.policies == dict.fromkeys([b"a.log", b"d/b.log", b"gen/x", b"gen/y"], why)

    def test_that_of_the_parents_counts_up_to_the_top(self, tmp_path: Path) -> None:
        root = repository(tmp_path / "r", "d/e/a.log", "d/e/b.txt", "d/e/c.md")
        (tmp_path / ".hexscanignore").write_text("*.md")
        (root / ".hexscanignore").write_text("*.log")
        (root / "d" / ".hexscanignore").write_text("/e/b.txt")
        result = tell(root / "d" / "e")
        assert set(result.contents) == {b"c.md"}
        assert set(result.policies) == {b"a.log", b"b.txt"}

    def test_a_directory_that_is_named_is_in_scope(self, tmp_path: Path) -> None:
        repository(tmp_path, "gen/d/f", "gen/d/g.log")
        (tmp_path / ".hexscanignore").write_text("/gen/\n*.log\n")
        result = tell(tmp_path / "gen" / "d")
        assert set(result.contents) == {b"f"}
        assert result.policies == {b"g.log": "ignored by .hexscanignore"}

    def test_exclude_is_relative_to_what_was_named(self, tmp_path: Path) -> None:
        repository(tmp_path, "d/a", "d/e/a")
        result = tell(tmp_path / "d", exclude=["/a"])
        assert result.policies == {b"a": "excluded"}
        assert set(result.contents) == {b"e/a"}


class TestNestedRepositories:
    def test_one_that_is_not_tracked_is_listed_by_itself(self, tmp_path: Path) -> None:
        repository(tmp_path, "a")
        repository(tmp_path / "d" / "nested", "b", "e/c")
        plant(tmp_path, "d/nested/x.log")
        (tmp_path / "d" / "nested" / ".gitignore").write_text("*.log")
        result = tell(tmp_path)
        assert set(result.contents) == {
            b"a",
            b"d/nested/.gitignore",
            b"d/nested/b",
            b"d/nested/e/c",
        }
        assert result.policies == {b"d/nested/x.log": "ignored by git"}

    def test_a_submodule_is_listed_by_itself(self, tmp_path: Path) -> None:
        library = repository(tmp_path / "library", "b")
        root = repository(tmp_path / "r", "a")
        git(root, "submodule", "--quiet", "add", str(library), "sub")
        plant(root, "sub/new")
        (root / ".hexscanignore").write_text("/sub/b")
        result = tell(root)
        assert set(result.contents) == {b".gitmodules", b".hexscanignore", b"a", b"sub/new"}
        assert result.policies == {b"sub/b": "ignored by .hexscanignore"}

    def test_a_submodule_that_was_not_fetched_is_walked(self, tmp_path: Path) -> None:
        library = repository(tmp_path / "library", "b")
        root = repository(tmp_path / "r", "a")
        git(root, "submodule", "--quiet", "add", str(library), "sub")
        git(root, "submodule", "--quiet", "deinit", "--force", "sub")
        plant(root, "sub/loose", "sub/x.log")
        (root / "sub" / ".gitignore").write_text("*.log")
        result = tell(root)
        assert set(result.contents) == {b".gitmodules", b"a", b"sub/loose", b"sub/.gitignore"}
        assert result.policies == {b"sub/x.log": "ignored by .gitignore"}

    def test_one_in_a_plain_directory_is_listed_by_git(self, tmp_path: Path) -> None:
        plant(tmp_path, "a", "x.log")
        (tmp_path / ".gitignore").write_text("*.log")
        repository(tmp_path / "nested", "b", "y.log")
        result = tell(tmp_path)
        assert set(result.contents) == {b".gitignore", b"a", b"nested/b", b"nested/y.log"}
        assert result.policies == {b"x.log": "ignored by .gitignore"}

    def test_many_levels_are_no_recursion(self, tmp_path: Path) -> None:
        directory = tmp_path
        for _ in range(12):
            repository(directory, "f")
            directory /= "n"
        assert len(tell(tmp_path).contents) == 12


class TestWhereGitFails:
    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        """Make a repository in which one file is ignored by git and one by hexscan."""
        root = repository(tmp_path / "r", "a", "d/b")
        plant(root, "x.log", "y.md", "z.txt")
        (root / ".gitignore").write_text("*.log")
        (root / ".hexscanignore").write_text("*.md")
        return root

    @staticmethod
    def reads_everything(root: Path) -> str:
        result, warnings = with_warnings(root)
        assert set(result.contents) >= {b"a", b"d/b", b"x.log", b"z.txt"}
        assert result.policies == {
            b".git": "git's own directory",
            b"y.md": "ignored by .hexscanignore",
        }
        assert result.failures == {}
        (warning,) = warnings
        assert warning.endswith("files that it ignores were read too")
        assert "\n" not in warning
        return warning

    def test_because_it_is_missing(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
        assert "git is not installed" in self.reads_everything(root)

    def test_because_the_repository_is_broken(self, root: Path) -> None:
        (root / ".git" / "HEAD").unlink()
        assert "not a git repository" in self.reads_everything(root)

    def test_because_the_index_is_broken(self, root: Path) -> None:
        (root / ".git" / "index").write_bytes(b"no index")
        assert "index" in self.reads_everything(root)

    def test_because_it_does_not_trust_the_owner(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        assert "dubious ownership" in self.reads_everything(root)

    def test_nested_ones_are_read_as_well(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repository(root / "d" / "nested", "c")
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        result, warnings = with_warnings(root)
        assert b"d/nested/c" in result.contents
        assert len(warnings) == 1

    def test_a_broken_nested_repository_is_not_taken_for_an_empty_one(self, root: Path) -> None:
        """In a submodule whose own repository is broken git would go on to the outer one."""
        repository(root / "sub", "c")
        git(root, "-c", "advice.addEmbeddedRepo=false", "add", "sub")
        shutil.rmtree(root / "sub" / ".git")
        (root / "sub" / ".git").mkdir()
        result, warnings = with_warnings(root)
        assert b"sub/c" in result.contents
        assert b"x.log" not in result.contents
        assert len(warnings) == 1
        assert "sub" in warnings[0]

    def test_half_way_is_a_failure(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        script(tmp_path, r"printf 'a\0'; echo 'fatal: out of luck' >&2; exit 128")
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
        source = Paths([os.fsencode(root)])
        result = Told(source.items())
        assert result.failures == {os.fsencode(root): "out of luck"}
        assert set(result.contents) == {os.fsencode(root / "a")}
        assert source.warnings == []


def script(directory: Path, body: str) -> None:
    """Put a ``git`` of our own into ``directory/bin``; only where it is, the real one says."""
    path = directory / "bin" / "git"
    path.parent.mkdir()
    real = f'case "$*" in *--show-toplevel) exec "{shutil.which("git")}" "$@";; esac'
    path.write_text(f"#!/bin/sh\n{real}\n{body}\n")
    path.chmod(0o755)


def test_a_directory_that_git_could_not_open_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git only warns of it and ends well."""
    root = repository(tmp_path / "r", "d/a")
    warning = "warning: could not open directory 'd/locked/': Permission denied"
    other = "warning: something else"
    script(tmp_path, rf"""printf 'a\0'; echo "{warning}" >&2; echo '{other}' >&2""")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    result, warnings = with_warnings(root / "d")
    assert result.failures == {b"locked": "permission denied"}
    assert warnings == ["git: something else"]


def test_a_hooks_variables_do_not_lead_to_another_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = repository(tmp_path / "other", "o")
    root = repository(tmp_path / "r", "a")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    assert set(tell(root).contents) == {b"a"}


def test_no_ignore_runs_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository(tmp_path, "a")
    monkeypatch.setattr(subprocess, "Popen", None)
    result = tell(tmp_path, ignore=False)
    assert b".git/HEAD" in result.contents
    assert b"a" in result.contents


def test_the_work_tree_is_found_through_a_link(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", "d/a")
    plant(root, "d/x.log")
    (root / ".gitignore").write_text("*.log")
    (tmp_path / "link").symlink_to("r/d")
    assert tell(tmp_path / "link").contents == {b"a": b"d/a"}


def test_a_linked_worktree_is_listed(tmp_path: Path) -> None:
    root = repository(tmp_path / "r", "a")
    git(root, "worktree", "add", "--quiet", str(tmp_path / "w"))
    assert set(tell(tmp_path / "w").contents) == {b"a"}
