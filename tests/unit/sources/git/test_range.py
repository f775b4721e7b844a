import os
from itertools import islice
from pathlib import Path

import pytest

from hexscan.errors import SourceError
from hexscan.sources.git.range import CUT_OFF, Range
from tests.support.keys import random_key
from tests.support.repositories import (
    blobs,
    commit,
    git,
    loose_object,
    repository,
    snapshot,
    stage,
    told,
)

KEY = random_key().reveal()


@pytest.fixture(params=["sha1", "sha256"])
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    root = repository(tmp_path / "r", f"--object-format={request.param}")
    monkeypatch.chdir(root)
    return root


def read(*revisions: str, remote: str = "") -> dict[tuple[bytes, str], bytes | str]:
    items = Range([revision.encode() for revision in revisions], remote=remote.encode()).items()
    return told(items)


def contents(*revisions: str, remote: str = "") -> set[bytes]:
    """Return what is read of blobs."""
    named = [revision.encode() for revision in revisions]
    return blobs(Range(named, remote=remote.encode()).items())


def test_blobs_commits_and_tags(root: Path) -> None:
    stage(root, "d/a", b"one")
    first = commit(root, "first words")
    git(root, "tag", "--annotate", "--message", "of the tag", "v1")
    tag = git(root, "rev-parse", "v1")
    found = read("v1")
    assert found[b"d/a", "content"] == b"one"
    message = found[f"commit {first}".encode(), "content"]
    assert isinstance(message, bytes)
    assert message.endswith(b"\n\nfirst words\n")
    assert b"\ncommitter A Developer <developer@example.org>" in message
    about = found[f"tag {tag}".encode(), "content"]
    assert isinstance(about, bytes)
    assert about.endswith(b"\n\nof the tag\n")
    assert len(found) == 3


def test_only_what_is_new_in_the_range(root: Path) -> None:
    stage(root, "a", b"one")
    commit(root)
    stage(root, "a", b"two")
    commit(root)
    git(root, "rm", "--quiet", "a")
    commit(root)
    assert contents("HEAD~2..HEAD~1") == {b"two"}
    assert contents("HEAD~2..HEAD") == {b"two"}
    assert contents("HEAD~1..HEAD") == set()
    assert contents("HEAD") == {b"one", b"two"}
    assert contents("HEAD~1", "^HEAD~2") == {b"two"}
    assert read("HEAD..HEAD") == {}


def test_what_a_merge_alone_brings_in(root: Path) -> None:
    stage(root, "a", b"one")
    commit(root)
    git(root, "checkout", "--quiet", "-b", "side")
    stage(root, "b", b"side")
    commit(root)
    git(root, "checkout", "--quiet", "main")
    git(root, "merge", "--quiet", "--no-ff", "--no-commit", "side")
    stage(root, "evil", b"in the merge")
    commit(root)
    assert contents("side..main") == {b"in the merge"}


def test_names_in_trees(root: Path) -> None:
    stage(root, f"d/{KEY}/x", b"clean")
    stage(root, f"new\nline {KEY}", b"clean too")
    commit(root)
    found = read("HEAD")
    assert found[f"d/{KEY}".encode(), "name"] == KEY.encode()
    assert found[f"new\nline {KEY}".encode(), "name"] == f"new\nline {KEY}".encode()
    names = [item for item in Range([b"HEAD"]).items() if item.origin.place == "name"]
    assert {item.origin.git_object for item in names} == {
        (git(root, "rev-parse", "HEAD^{tree}"), "tree"),
        (git(root, "rev-parse", "HEAD:d"), "tree"),
    }


def test_what_the_remote_has_is_left_out(root: Path) -> None:
    stage(root, "a", b"one")
    commit(root)
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    git(root, "update-ref", "refs/remotes/other/main", "HEAD")
    stage(root, "b", b"two")
    commit(root)
    assert contents("HEAD", remote="origin") == {b"two"}
    assert contents("HEAD", remote="https://example.org/x") == {b"one", b"two"}
    # No name of a remote: what others have is no reason to leave anything out.
    for glob in ("*", "o?her", "[o]ther", "ot\\her"):
        assert contents("HEAD", remote=glob) == {b"one", b"two"}


@pytest.mark.parametrize("bad", ["nonsense", "--all", "-1", "", "a\nHEAD", "HEAD..nonsense"])
def test_an_unknown_revision(root: Path, bad: str) -> None:
    commit(root)
    with pytest.raises(SourceError, match=r"bad revision|ambiguous argument") as caught:
        read(bad)
    assert "\n" not in str(caught.value).replace(bad, "")


def test_who_names_no_revision_is_told_where_there_may_be_one(root: Path) -> None:
    commit(root)
    with pytest.raises(SourceError) as caught:
        read("orgin/main..HEAD")
    assert caught.value.hint == "no such branch, tag or commit is here; `git fetch` may bring it"


def test_an_empty_range_that_is_none_the_other_way_round(root: Path) -> None:
    commit(root)
    git(root, "branch", "old")
    commit(root)
    commit(root)
    for revision, warnings in {
        "HEAD..old": ["HEAD..old holds nothing, and old..HEAD 2 commits: is it the wrong way?"],
        "..old": ["..old holds nothing, and old..HEAD 2 commits: is it the wrong way?"],
        "old..HEAD": [],
        "HEAD..HEAD": [],
        "old...old": [],
        "HEAD": [],
    }.items():
        written = Range([revision.encode()])
        assert bool(list(written.items())) == (revision in ("old..HEAD", "HEAD"))
        assert written.warnings == warnings


def test_a_missing_and_a_corrupt_object_are_failures(root: Path) -> None:
    for name in "abcd":
        stage(root, name, name.encode() * 100)
    commit(root)
    loose_object(root, git(root, "rev-parse", ":a")).unlink()
    bad = loose_object(root, git(root, "rev-parse", ":b"))
    data = bytearray(bad.read_bytes())
    data[-3] ^= 0xFF
    bad.chmod(0o644)
    bad.write_bytes(data)
    found = read("HEAD")
    assert {path for path, kind in found if kind == "failure"} >= {b"b"}
    assert sum(kind == "failure" for _, kind in found) == 2
    assert found[b"c", "content"] == b"c" * 100
    assert found[b"d", "content"] == b"d" * 100


def test_a_tree_that_is_none_ends_it(root: Path) -> None:
    commit(root)
    arguments = ("hash-object", "-t", "tree", "-w", "--literally", "--stdin")
    tree = git(root, *arguments, stdin=KEY.encode())
    (root / ".git" / "refs" / "tags" / "T").write_text(f"{tree}\n")
    with pytest.raises(SourceError, match="tree object"):
        read("T")


def test_a_repository_that_is_repacked_while_it_is_read(root: Path) -> None:
    expected = {f"{number} {KEY}".encode() for number in range(300)}
    for number, content in enumerate(expected):
        (root / f"f{number}").write_bytes(content)
    git(root, "add", "--all")
    commit(root)
    items = Range([b"HEAD"]).items()
    found = blobs([next(items), next(items)])
    git(root, "repack", "-q", "-a", "-d")
    found |= blobs(islice(items, 100))
    git(root, "repack", "-q", "-a", "-d", "-F")
    assert found | blobs(items) == expected


def test_a_range_that_a_shallow_clone_cannot_end(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for content in (b"one", b"two", b"three"):
        stage(root, "a", content)
        commit(root)
    git(tmp_path, "clone", "--quiet", "--depth", "2", root.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    assert contents("HEAD~1..HEAD") == {b"three"}
    assert not [kind for _, kind in read("HEAD~1..HEAD") if kind == "failure"]
    failures = [value for (_, kind), value in read("HEAD").items() if kind == "failure"]
    assert failures == [CUT_OFF]
    pushed = told(Range([b"HEAD"], ends=False).items())
    assert not [kind for _, kind in pushed if kind == "failure"]


def test_grafts_and_replaced_objects_are_none(root: Path) -> None:
    stage(root, "a", KEY.encode())
    commit(root)
    stage(root, "a", b"clean")
    first = commit(root)
    clean = git(root, "rev-parse", "HEAD:a")
    with_key = git(root, "rev-parse", "HEAD~1:a")
    git(root, "replace", with_key, clean)
    (root / ".git" / "info").mkdir(exist_ok=True)
    (root / ".git" / "info" / "grafts").write_text(f"{first}\n")
    assert git(root, "rev-list", "--count", "HEAD") == "1", "the graft does not work"
    assert contents("HEAD") == {KEY.encode(), b"clean"}


def test_a_commit_graph_that_lies_is_not_believed(root: Path) -> None:
    stage(root, "a", KEY.encode())
    commit(root)
    stage(root, "a", b"clean")
    commit(root)
    git(root, "commit-graph", "write", "--reachable")
    graph = root / ".git" / "objects" / "info" / "commit-graph"
    content = bytearray(graph.read_bytes())
    # What each commit has: its tree's name, two parents by number, and eight bytes more.
    start = int.from_bytes(content[content.index(b"CDAT") + 4 :][:8], "big")
    size = len(git(root, "rev-parse", "HEAD")) // 2
    for at in (start + size, start + size + 16 + size):
        content[at : at + 4] = (0x70000000).to_bytes(4, "big")  # no parent
    graph.chmod(0o600)
    graph.write_bytes(content)
    assert git(root, "rev-list", "--count", "HEAD") == "1", "the forgery does not work"
    assert contents("HEAD") == {KEY.encode(), b"clean"}


def test_nothing_is_written(root: Path) -> None:
    stage(root, "a", b"one")
    commit(root)
    before = snapshot(root)
    read("HEAD", remote="origin")
    assert snapshot(root) == before


def test_bare_repositories_linked_work_trees_and_alternates(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage(root, "a", b"one")
    commit(root)
    git(root, "worktree", "add", "--quiet", os.fspath(tmp_path / "linked"))
    git(tmp_path, "clone", "--quiet", "--bare", "--shared", os.fspath(root), "bare")
    for place in ("linked", "bare"):
        monkeypatch.chdir(tmp_path / place)
        assert contents("HEAD") == {b"one"}
