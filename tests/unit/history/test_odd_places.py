"""Places in a repository where a key survives and no listing of git's shows it."""

import os
import shutil
import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.run import scan_history
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    made = Repo(tmp_path / "r")
    made.commit("a", "x")
    return made


def scan(repo: Repo) -> Report:
    return scan_history(repo.path, Config())


def found(repo: Repo) -> set[bytes]:
    """Return where the key is found, as paths below the git directory, after a whole scan."""
    report = scan(repo)
    assert report.complete, report.failures
    assert {finding.fingerprint for finding in report.findings} == {KEY.fingerprint}
    return {
        finding.location.path.removeprefix(repo.path + b"/.git/") for finding in report.findings
    }


def put(repo: Repo, file: str, content: bytes) -> None:
    path = repo.root / ".git" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "file",
    [
        "rebase-merge/patch",
        "MERGE_MSG",
        "rr-cache/0123/preimage",
        "rr-cache/index",
        "lfs/objects/aa/bb/x",
        "objects/info/packs",
        "objects/tmp_obj_abc",
        "objects/17/tmp_obj_abc",
        "objects/17/garbage",
        "objects/pack/pack-1.keep",
        "objects/incoming-x/17/" + "c" * 38,
        "modules/gone/COMMIT_EDITMSG",
        "modules/file",
    ],
)
def test_a_file_that_is_no_object(repo: Repo, file: str) -> None:
    put(repo, file, KEY.reveal().encode())
    assert found(repo) == {file.encode()}


def test_an_object_that_was_not_put_in_its_place(repo: Repo) -> None:
    content = KEY.reveal().encode()
    put(repo, "objects/17/tmp_obj_abc", zlib.compress(b"blob %d\0%b" % (len(content), content)))
    assert found(repo) == {b"objects/17/tmp_obj_abc"}


@pytest.mark.parametrize("left", ["tmp_pack_abc", "pack-0123.pack"])
def test_a_pack_without_an_index(repo: Repo, left: str) -> None:
    repo.orphan(KEY.reveal())
    name = repo.git("hash-object", "--stdin", data=KEY.reveal().encode())
    pack = repo.git("pack-objects", "--quiet", ".git/made", data=name.encode() + b"\n")
    (repo.root / f".git/made-{pack}.pack").rename(repo.root / ".git/objects/pack" / left)
    (repo.root / f".git/made-{pack}.idx").unlink()
    repo.object_file(name).unlink()
    assert found(repo) == {b"objects/pack/" + left.encode()}


def test_a_pack_with_its_index_is_read_by_git_alone(repo: Repo) -> None:
    repo.commit("a", KEY.reveal())
    repo.git("gc", "--quiet")
    assert found(repo) == {b"a"}


def test_the_name_of_a_file_that_is_not_tracked_in_the_index(repo: Repo) -> None:
    repo.git("update-index", "--untracked-cache", "--force-untracked-cache")
    repo.write(f"u-{KEY.reveal()}", "x")
    repo.git("status")
    assert found(repo) == {b"index"}


def test_links_that_git_goes_through(repo: Repo, tmp_path: Path) -> None:
    other = Repo(tmp_path / "other")
    other.commit("a", "x")
    other.git("update-ref", "--create-reflog", "-m", KEY.reveal(), "refs/heads/x", "HEAD")
    other.git("config", "user.key", KEY.reveal())
    shutil.rmtree(repo.root / ".git")
    (repo.root / ".git" / "logs").mkdir(parents=True)
    for name in ("config", "refs", "logs/refs", "objects", "info", "hooks"):
        (repo.root / ".git" / name).symlink_to(other.root / ".git" / name)
    shutil.copy(other.root / ".git" / "HEAD", repo.root / ".git" / "HEAD")
    assert found(repo) == {b"config", b"logs/refs/heads/x"}


def test_a_link_to_anywhere_is_read_and_not_followed(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x").write_text(KEY.reveal())
    (repo.root / ".git" / "link").symlink_to(tmp_path / "elsewhere")
    assert scan(repo).exit_status == 0
    (repo.root / ".git" / "other").symlink_to(tmp_path / KEY.reveal())
    assert found(repo) == {b"other"}
    (repo.root / ".git" / "other").unlink()
    (tmp_path / KEY.reveal()).mkdir()
    (repo.root / ".git" / "other").symlink_to(tmp_path / KEY.reveal())
    assert found(repo) == {b"other"}


@pytest.mark.parametrize(
    "content",
    [
        KEY.reveal().encode(),
        b"100644" + KEY.reveal().encode() + b" a\0" + b"\1" * 20,
        b"100644 a\0" + b"\1" * 20 + KEY.reveal().encode(),
    ],
)
def test_a_tree_that_is_none(repo: Repo, content: bytes) -> None:
    tree = repo.git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=content)
    assert found(repo) == {tree.encode()}


def in_a_linked_work_tree(repo: Repo, inner: Repo) -> None:
    repo.git("worktree", "add", "--quiet", "../linked")
    linked = repo.root.parent / "linked"
    subprocess.run(
        ["git", "submodule", "--quiet", "add", os.fspath(inner.root), "sub"], cwd=linked, check=True
    )


def where_it_stands(repo: Repo, inner: Repo) -> None:
    inner.root.rename(repo.root / "sub")
    repo.git("add", "sub")


def in_a_submodule(repo: Repo, inner: Repo) -> None:
    middle = Repo(repo.root.parent / "middle")
    middle.git("submodule", "--quiet", "add", os.fspath(inner.root), "in/ner")
    middle.git("commit", "--quiet", "--message", "m")
    repo.git("submodule", "--quiet", "add", os.fspath(middle.root), "mid/dle")
    repo.git("submodule", "--quiet", "update", "--init", "--recursive")


@pytest.mark.parametrize("add", [in_a_linked_work_tree, where_it_stands, in_a_submodule])
def test_submodules_wherever_they_are(
    repo: Repo, tmp_path: Path, add: Callable[[Repo, Repo], None]
) -> None:
    inner = Repo(tmp_path / "inner")
    inner.commit("k", KEY.reveal())
    add(repo, inner)
    (place,) = found(repo)
    assert place.endswith(b":k")


def test_a_submodule_is_scanned_once(repo: Repo, tmp_path: Path) -> None:
    inner = Repo(tmp_path / "inner")
    inner.commit("k", KEY.reveal())
    repo.git("submodule", "--quiet", "add", os.fspath(inner.root), "sub")
    assert [finding.location.path for finding in scan(repo).findings] == [
        repo.path + b"/.git/modules/sub:k"
    ]


def test_a_submodule_s_link_is_not_gone_through(repo: Repo, tmp_path: Path) -> None:
    inner = Repo(tmp_path / "inner")
    inner.commit("k", KEY.reveal())
    head = inner.head()
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    (repo.root / "sub").symlink_to(inner.root)
    assert scan(repo).exit_status == 0
