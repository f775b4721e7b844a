import os
import stat
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.errors import ReportError
from hexscan.history.run import scan_history
from hexscan.respond import replacements
from hexscan.respond.replacements import Written
from hexscan.sources.git.repository import find
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)
OTHER = random_key(2)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


def write(repo: Repo, file: Path) -> Written:
    replacements.check(repo.path, str(file))
    findings = scan_history(repo.path, Config()).findings
    return replacements.write(repo.path, findings, str(file))


def test_each_key_once_as_it_is_written(repo: Repo, tmp_path: Path) -> None:
    upper = OTHER.reveal().upper()
    repo.commit("a", f"x {KEY.reveal()} {upper}\n{KEY.reveal()}", message=KEY.reveal())
    file = tmp_path / "keys"
    (repo.root / ".git" / "logs" / "HEAD").unlink()
    (repo.root / ".git" / "logs" / "refs" / "heads" / "main").unlink()
    (repo.root / ".git" / "COMMIT_EDITMSG").unlink()
    assert write(repo, file) == Written(2, 0, in_messages=True)
    assert file.read_text().splitlines() == [
        f"literal:{upper}==>{replacements.REPLACEMENT}",
        f"literal:{KEY.reveal()}==>{replacements.REPLACEMENT}",
    ]


def test_a_key_at_the_end_of_a_large_blob(repo: Repo, tmp_path: Path) -> None:
    repo.orphan("a" * (9 << 20) + KEY.reveal())
    assert write(repo, tmp_path / "keys") == Written(1, 0)
    assert KEY.reveal() in (tmp_path / "keys").read_text()


def test_only_the_owner_can_read_it_whatever_was_there(repo: Repo, tmp_path: Path) -> None:
    repo.orphan(KEY.reveal())
    file = tmp_path / "keys"
    file.write_text("old")
    file.chmod(0o644)
    write(repo, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["keys", "r"] or sorted(os.listdir(tmp_path)) == ["keys", "r"]  # noqa: PTH208 - names are enough


def test_names_and_plain_files_are_counted_as_left(repo: Repo, tmp_path: Path) -> None:
    repo.commit(f"d/{KEY.reveal()}", "x")
    (repo.root / ".git" / "description").write_text(OTHER.reveal())
    # The tree, the index and the plain file.
    assert write(repo, tmp_path / "keys") == Written(0, 3)
    assert not (tmp_path / "keys").exists()


def test_keys_of_submodules_are_counted_as_left(repo: Repo, tmp_path: Path) -> None:
    inner = Repo(tmp_path / "inner")
    inner.commit("k", KEY.reveal())
    repo.commit("k", OTHER.reveal())
    repo.git("submodule", "--quiet", "add", str(inner.root), "sub")
    assert write(repo, tmp_path / "keys") == Written(1, 1)
    assert KEY.reveal() not in (tmp_path / "keys").read_text()


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("r/keys", "in a work tree"),
        ("r/.git/keys", "in the git directory"),
        ("r", "that is a directory"),
        ("none/keys", "its directory does not exist"),
        ("file/keys", "its directory does not exist"),
        ("fifo", "that is no regular file"),
        ("link", "that is a symbolic link"),
        ("dangling", "that is a symbolic link"),
        ("around/keys", "in a work tree"),
        ("linked/keys", "in a work tree"),
        ("r/sub/keys", "in a work tree"),
        ("other/keys", "in a work tree"),
        ("other/deep/er/keys", "in a work tree"),
        ("other/.git/info/keys", "in a git directory"),
        ("bare/keys", "in a git directory"),
    ],
)
def test_where_it_must_not_be(repo: Repo, tmp_path: Path, where: str, why: str) -> None:
    repo.commit("a", KEY.reveal())
    for name in "other", "around-it":
        Repo(tmp_path / name)
    (tmp_path / "other" / "deep" / "er").mkdir(parents=True)
    (tmp_path / "around").symlink_to(tmp_path / "other" / "deep")
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    repo.git("worktree", "add", "--quiet", "../linked")
    repo.git("submodule", "--quiet", "add", str(tmp_path / "linked"), "sub")
    repo.git("clone", "--quiet", "--bare", ".", "../bare")
    target = tmp_path / where
    before = target.lstat() if os.path.lexists(target) else None
    with pytest.raises(ReportError, match=why):
        write(repo, target)
    assert (target.lstat() if os.path.lexists(target) else None) == before
    assert not (tmp_path / "nowhere").exists()


def test_where_git_trusts_nobody_is_no_leave_to_write(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Repo(tmp_path / "other")
    trusted = find(repo.path)
    monkeypatch.setattr(replacements, "find", lambda _path: trusted)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(ReportError, match=r"cannot say if .*: detected dubious"):
        replacements.check(repo.path, str(other.root / "keys"))


def test_a_work_tree_that_is_far_from_its_repository(repo: Repo, tmp_path: Path) -> None:
    far = tmp_path / "far"
    (far / "deep").mkdir(parents=True)
    repo.git("config", "core.worktree", str(far))
    with pytest.raises(ReportError, match="in the work tree that is configured"):
        replacements.check(repo.path, str(far / "deep" / "keys"))
    replacements.check(repo.path, str(tmp_path / "keys"))


def test_in_the_work_tree_if_git_ignores_it(repo: Repo) -> None:
    repo.commit(".gitignore", "/keys\n")
    repo.orphan(KEY.reveal())
    assert write(repo, repo.root / "keys") == Written(1, 0)
    assert repo.git("status", "--porcelain") == ""
