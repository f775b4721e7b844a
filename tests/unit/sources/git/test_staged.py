"""What ``hexscan staged`` reads, in both of its forms: the engine's and the one that is fast."""

import gzip
import os
from pathlib import Path

import pytest

from hexscan.cli.staged import all_clean
from hexscan.errors import SourceError
from hexscan.sources.files import BUFFER_SIZE
from hexscan.sources.git.staged import Staged
from tests.support.keys import random_key
from tests.support.repositories import blobs, commit, git, repository, snapshot, stage, told

KEY = random_key().reveal().encode()


@pytest.fixture(params=["sha1", "sha256"])
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    root = repository(tmp_path / "r", f"--object-format={request.param}")
    monkeypatch.chdir(root)
    return root


def staged(**options: object) -> dict[tuple[bytes, str], bytes | str]:
    return told(Staged(None, **options).items())  # type: ignore[arg-type]


def test_before_the_first_commit(root: Path) -> None:
    stage(root, "a", b"one")
    stage(root, "d/b", b"two")
    assert staged() == {(b"a", "content"): b"one", (b"d/b", "content"): b"two"}


def test_nothing_is_staged(root: Path) -> None:
    assert staged() == {}
    stage(root, "a", b"one")
    commit(root)
    assert staged() == {}
    assert all_clean()


def test_only_what_differs_from_head_and_from_the_index(root: Path) -> None:
    stage(root, "old", b"old")
    stage(root, "changed", b"before")
    stage(root, "gone", b"gone")
    commit(root)
    stage(root, "changed", b"after")
    git(root, "rm", "--quiet", "gone")
    (root / "changed").write_bytes(b"not staged")
    (root / "old").write_bytes(b"not staged")
    (root / "untracked").write_bytes(KEY)
    assert staged() == {(b"changed", "content"): b"after"}
    assert all_clean()


@pytest.mark.parametrize(
    "content",
    [
        KEY,
        b"\0\xff" + KEY,
        gzip.compress(KEY, mtime=0),  # the same name of the test in every worker
        b"x" * BUFFER_SIZE + KEY + b"y" * BUFFER_SIZE,
        b"x" * (BUFFER_SIZE - len(KEY)) + KEY,
    ],
)
@pytest.mark.parametrize("attributes", ["", "* -diff", "* -text", "* binary", "* filter=x"])
def test_content_of_every_kind(root: Path, content: bytes, attributes: str) -> None:
    (root / ".gitattributes").write_text(attributes)
    stage(root, "data", content)
    assert staged()[b"data", "content"] == content
    assert not all_clean()


def test_a_rename_with_an_edit_a_new_mode_and_a_new_type(root: Path) -> None:
    stage(root, "old", b"line\n" * 50)
    stage(root, "tool", b"tool")
    stage(root, "link", b"link")
    commit(root)
    git(root, "mv", "old", "new")
    stage(root, "new", b"line\n" * 50 + b"more")
    git(root, "update-index", "--chmod=+x", "tool")
    (root / "link").unlink()
    (root / "link").symlink_to("where/to")
    git(root, "add", "link")
    assert staged() == {
        (b"new", "content"): b"line\n" * 50 + b"more",
        (b"tool", "content"): b"tool",
        (b"link", "target"): b"where/to",
    }


def test_a_key_in_a_path_and_in_a_target(root: Path) -> None:
    stage(root, f"d/{KEY.decode()}/x", b"clean")
    assert not all_clean()
    path = b"d/" + KEY + b"/x"
    assert staged() == {(path, "name"): path, (path, "content"): b"clean"}
    git(root, "rm", "--quiet", "--cached", "-r", "d")
    (root / "link").symlink_to(KEY.decode())
    git(root, "add", "link")
    assert not all_clean()
    assert staged() == {(b"link", "target"): KEY}


def test_names_of_every_kind(root: Path) -> None:
    commit(root)
    names = [b"with two spaces", b"new\nline", b"tab\t", b"-dash", b"HEAD", b"\xff\xfe", b'"quote"']
    for name in names:
        (Path(os.fsdecode(os.fsencode(root) + b"/" + name))).write_bytes(name)
    git(root, "add", "--all")
    assert staged() == {(name, "content"): name for name in names}
    assert all_clean()


def test_of_an_intended_entry_nothing_but_the_path_is_read(root: Path) -> None:
    stage(root, "a", b"a")
    commit(root)
    (root / "intended").write_bytes(KEY)
    (root / KEY.decode()).write_bytes(b"")
    git(root, "add", "--intent-to-add", "--", "intended", KEY.decode())
    assert staged() == {
        (b"intended", "content"): b"",
        (KEY, "name"): KEY,
        (KEY, "content"): b"",
    }
    # The reason: this is what a commit records.
    commit(root)
    assert git(root, "ls-tree", "-r", "--name-only", "HEAD") == "a"


@pytest.mark.parametrize("variable", ["", "GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS"])
def test_every_version_of_an_unmerged_path(
    root: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    stage(root, "f", b"base")
    stage(root, "d/x", b"x")
    commit(root)
    git(root, "checkout", "--quiet", "-b", "theirs")
    stage(root, "f", b"theirs " + KEY)
    commit(root)
    git(root, "checkout", "--quiet", "main")
    stage(root, "f", b"ours")
    commit(root)
    with pytest.raises(Exception, match="merge"):
        git(root, "merge", "--quiet", "theirs")
    # Magit calls git with such options, and git hands them on to its hooks.
    if variable:
        monkeypatch.setenv(variable, "1")
    assert not all_clean()
    monkeypatch.chdir(root / "d")
    contents = [bytes(item.head) for item in Staged(None).items()]  # type: ignore[union-attr]
    assert contents == [b"base", b"ours", b"theirs " + KEY]


def test_a_submodule_has_no_content_here(root: Path, tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", "--object-format=" + object_format(root))
    commit(inner)
    git(root, "submodule", "--quiet", "add", os.fspath(inner), "sub")
    assert staged()[b"sub", "policy"] == "a directory, of which a commit records no content"
    assert not all_clean()


def object_format(root: Path) -> str:
    return git(root, "rev-parse", "--show-object-format")


def test_ignore_files_and_exclude_hold_from_a_subdirectory_too(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / ".hexscanignore").write_text("fixtures/\n")
    stage(root, "test/fixtures/a", KEY)
    stage(root, "lib/b.txt", KEY)
    monkeypatch.chdir(root / "lib")
    assert staged() == {
        (b"test/fixtures/a", "policy"): "ignored by .hexscanignore",
        (b"lib/b.txt", "content"): KEY,
    }
    assert staged(exclude=["*.txt"])[b"lib/b.txt", "policy"] == "excluded"
    assert staged(ignore=False)[b"test/fixtures/a", "content"] == KEY


def test_the_index_that_git_names_for_its_hook(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stage(root, "a", b"a")
    commit(root)
    stage(root, "a", KEY)
    assert not all_clean()
    monkeypatch.setenv("GIT_INDEX_FILE", os.fspath(root / "other"))
    git(root, "read-tree", "HEAD")
    assert all_clean()
    assert staged() == {}
    # It does not speak of a repository that is named.
    assert told(Staged(os.fsencode(root)).items()) == {(b"a", "content"): KEY}


def test_a_linked_work_tree_a_git_file_and_a_bare_repository(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(root, "a", b"a")
    commit(root)
    linked, bare = tmp_path / "linked", tmp_path / "bare"
    git(root, "worktree", "add", "--quiet", os.fspath(linked))
    stage(linked, "b", KEY)
    assert told(Staged(os.fsencode(linked)).items()) == {(b"b", "content"): KEY}
    assert staged() == {}
    monkeypatch.chdir(linked)
    assert not all_clean()
    git(tmp_path, "clone", "--quiet", "--bare", os.fspath(root), os.fspath(bare))
    assert told(Staged(os.fsencode(bare)).items()) == {}


def test_objects_of_an_alternate(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(root, "a", KEY)
    commit(root)
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", "--shared", os.fspath(root), os.fspath(other))
    name = git(root, "rev-parse", ":a")
    git(other, "update-index", "--add", "--cacheinfo", f"100644,{name},b")
    monkeypatch.chdir(other)
    assert staged() == {(b"b", "content"): KEY}
    assert not all_clean()


def test_a_missing_object_is_a_failure_and_the_rest_is_read(root: Path) -> None:
    stage(root, "a", b"a")
    stage(root, "b", b"b")
    name = git(root, "rev-parse", ":a")
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert not all_clean()
    assert staged() == {
        (b"a", "failure"): "the object is missing or corrupt",
        (b"b", "content"): b"b",
    }


def test_a_broken_head_lets_everything_be_read(root: Path) -> None:
    stage(root, "a", b"a")
    commit(root)
    name = git(root, "rev-parse", "HEAD")
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    assert staged() == {(b"a", "content"): b"a"}
    assert not all_clean()


def test_a_repository_that_is_repacked_while_it_is_read(root: Path) -> None:
    expected = {f"{number} of many".encode() for number in range(300)}
    for number, content in enumerate(expected):
        (root / f"f{number}").write_bytes(content)
    git(root, "add", "--all")
    items = Staged(None).items()
    found = blobs([next(items)])
    git(root, "gc", "--quiet", "--prune=now")
    assert found | blobs(items) == expected


def test_nothing_is_written(root: Path) -> None:
    stage(root, "a", KEY)
    commit(root)
    stage(root, "b", b"b")
    os.utime(root / "a")  # git would like to write down that the file is the same
    before = snapshot(root)
    all_clean()
    staged()
    assert snapshot(root) == before


def test_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not all_clean()
    with pytest.raises(SourceError, match="not a git repository"):
        staged()


def test_a_git_directory_without_head(root: Path) -> None:
    (root / ".git" / "HEAD").unlink()
    assert not all_clean()
    with pytest.raises(SourceError, match="not a git repository"):
        staged()


def test_a_corrupt_index(root: Path) -> None:
    (root / ".git" / "index").write_bytes(b"DIRC nonsense" * 10)
    assert not all_clean()
    with pytest.raises(SourceError, match="index"):
        staged()


@pytest.mark.parametrize("name", ["file", "missing"])
def test_a_path_that_is_no_directory(root: Path, name: str) -> None:
    (root / "file").write_text("")
    with pytest.raises(SourceError, match="cannot change to"):
        told(Staged(os.fsencode(root / name)).items())


@pytest.mark.parametrize("words", ["git version 2.29.9", "git version 1.9", "nonsense", ""])
def test_a_git_that_is_too_old(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    commit(root)
    stage(root, "a", b"a")
    assert all_clean()
    real = git(tmp_path, "--exec-path") + "/git"
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text(
        f'#!/bin/sh\ncase "$*" in --version) echo "{words}";;'
        f' *--merge-base*) exit 129;; *) {real} "$@";; esac\n'
    )
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    assert not all_clean()
    with pytest.raises(SourceError, match="is too old") as caught:
        staged()
    assert caught.value.hint == "git 2.30 or later is needed"


def test_without_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.fspath(root))
    assert not all_clean()
    with pytest.raises(SourceError, match="not installed"):
        staged()
