import os
import stat
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.errors import ReportError
from hexscan.history.run import scan_history
from hexscan.respond import replacements
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)
OTHER = random_key(2)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


def write(repo: Repo, file: Path) -> int:
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
    assert write(repo, file) == 0
    assert file.read_text().splitlines() == [
        f"literal:{upper}==>{replacements.REPLACEMENT}",
        f"literal:{KEY.reveal()}==>{replacements.REPLACEMENT}",
    ]


def test_a_key_at_the_end_of_a_large_blob(repo: Repo, tmp_path: Path) -> None:
    repo.orphan("a" * (9 << 20) + KEY.reveal())
    assert write(repo, tmp_path / "keys") == 0
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
    assert write(repo, tmp_path / "keys") == 3  # the tree, the index and the plain file
    assert (tmp_path / "keys").read_text() == ""


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("r/keys", "in the work tree"),
        ("r/.git/keys", "in the git directory"),
        ("r", "that is a directory"),
        ("none/keys", "its directory does not exist"),
    ],
)
def test_where_it_must_not_be(repo: Repo, tmp_path: Path, where: str, why: str) -> None:
    repo.orphan(KEY.reveal())
    with pytest.raises(ReportError, match=why):
        write(repo, tmp_path / where)
    assert not (tmp_path / "r" / "keys").exists()


def test_in_the_work_tree_if_git_ignores_it(repo: Repo) -> None:
    repo.commit(".gitignore", "/keys\n")
    repo.orphan(KEY.reveal())
    assert write(repo, repo.root / "keys") == 0
    assert repo.git("status", "--porcelain") == ""


def test_a_link_into_the_work_tree_is_seen_through(repo: Repo, tmp_path: Path) -> None:
    repo.write("keys", "")
    (tmp_path / "link").symlink_to(repo.root / "keys")
    with pytest.raises(ReportError, match="in the work tree"):
        write(repo, tmp_path / "link")
