from pathlib import Path

import pytest

from hexscan.errors import SourceError
from hexscan.sources.git.push import Push, from_lines, from_pre_commit
from tests.support.repositories import blobs, commit, git, repository, stage, told

ZEROS = "0" * 40
A, B = "a" * 40, "b" * 40


def read(push: Push) -> set[bytes]:
    objects = push.range()
    return set() if objects is None else blobs(objects.items())


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository with three commits, of which the remote has the first one."""
    root = repository(tmp_path / "r")
    for content in (b"one", b"two", b"three"):
        stage(root, "a", content)
        commit(root)
    git(root, "update-ref", "refs/remotes/origin/main", "HEAD~2")
    monkeypatch.chdir(root)
    return root


def line(local: str, remote: str, ref: str = "refs/heads/main") -> bytes:
    return f"{ref} {local} {ref} {remote}\n".encode()


def test_lines_of_git() -> None:
    push = from_lines([line(A, ZEROS), line(B, A)], b"origin")
    refs = (b"refs/heads/main", b"refs/heads/main")
    assert push == Push((A.encode(), B.encode()), (A.encode(),), b"origin", refs)
    assert [bytes(blob.head) for blob in push.names()] == list(refs)


def test_a_deleted_ref_reads_nothing(root: Path) -> None:
    del root
    push = from_lines([f"(delete) {ZEROS} refs/heads/x {A}\n".encode()])
    assert push.new == ()
    assert push.range() is None
    assert from_lines([]).range() is None


@pytest.mark.parametrize(
    "bad", ["nonsense", f"a {A} b", f"a {A} b {B} c", f"a {A[1:]} b {B}", f"a --all b {B}", " "]
)
def test_lines_that_are_not_of_git(bad: str) -> None:
    with pytest.raises(SourceError, match="not what git writes"):
        from_lines([bad.encode()])


def test_a_new_branch_an_update_and_a_forced_one(root: Path) -> None:
    head, first, second = (git(root, "rev-parse", name) for name in ("HEAD", "HEAD~2", "HEAD~1"))
    assert read(from_lines([line(head, ZEROS)], b"origin")) == {b"two", b"three"}
    assert read(from_lines([line(head, ZEROS)])) == {b"one", b"two", b"three"}
    assert read(from_lines([line(head, second)], b"origin")) == {b"three"}
    git(root, "reset", "--quiet", "--hard", first)
    stage(root, "a", b"another")
    forced = commit(root)
    assert read(from_lines([line(forced, head)], b"origin")) == {b"another"}


def test_what_the_remote_has_and_nobody_here_knows_leaves_nothing_out(root: Path) -> None:
    head = git(root, "rev-parse", "HEAD")
    assert read(from_lines([line(head, A)])) == {b"one", b"two", b"three"}


def test_an_object_that_is_not_here_is_no_clean_one(root: Path) -> None:
    del root
    with pytest.raises(SourceError, match="bad object"):
        read(from_lines([line(A, ZEROS)]))


@pytest.mark.parametrize(
    ("address", "is_other"),
    [
        ("https://example.org/a/b", False),
        ("git@example.org:a/b.git", False),
        ("ssh://git@Example.org:22/a/b.git/", False),
        ("../elsewhere", True),
        ("https://example.org/a/c", True),
        ("https://example.com/a/b", True),
        ("/srv/a/b", True),
        ("../else:where", True),
    ],
)
def test_branches_that_were_fetched_from_another_place_leave_nothing_out(
    root: Path,
    address: str,
    is_other: bool,  # noqa: FBT001 - a table
) -> None:
    git(root, "remote", "add", "origin", "https://example.org/a/b.git")
    git(root, "remote", "set-url", "--add", "origin", "../elsewhere")
    head = git(root, "rev-parse", "HEAD")
    everything, new = {b"one", b"two", b"three"}, {b"two", b"three"}
    expected = everything if is_other else new
    assert read(from_lines([line(head, ZEROS)], b"origin", address.encode())) == expected
    variables = {"PRE_COMMIT": "1", "PRE_COMMIT_REMOTE_NAME": "origin"}
    push = from_pre_commit(variables | {"PRE_COMMIT_REMOTE_URL": address})
    assert push is not None
    assert read(push) == expected


def test_an_address_that_is_written_anew_for_pushing(root: Path) -> None:
    git(root, "remote", "add", "origin", "https://example.org/a/b.git")
    git(root, "config", "url.git@example.org:.pushInsteadOf", "https://example.org/")
    pushed_to = git(root, "remote", "get-url", "--push", "origin")
    assert pushed_to == "git@example.org:a/b.git"
    head = git(root, "rev-parse", "HEAD")
    push = from_lines([line(head, ZEROS)], b"origin", pushed_to.encode())
    assert read(push) == {b"two", b"three"}


def test_a_tag_and_a_blob_that_are_pushed_themselves(root: Path) -> None:
    git(root, "tag", "--annotate", "--message", "words of the tag", "v1", "HEAD~2")
    objects = from_lines([line(git(root, "rev-parse", "v1"), ZEROS)], b"origin").range()
    assert objects is not None
    (found,) = told(objects.items()).values()
    assert isinstance(found, bytes)
    assert b"words of the tag" in found
    blob = git(root, "hash-object", "-w", "--stdin", stdin=b"alone")
    assert read(from_lines([line(blob, ZEROS)], b"origin")) == {b"alone"}


def test_more_refs_than_a_command_line_holds(root: Path) -> None:
    head = git(root, "rev-parse", "HEAD")
    lines = [line(head, A, f"refs/heads/{number}") for number in range(20_000)]
    assert read(from_lines(lines, b"origin")) == {b"two", b"three"}


def test_the_variables_of_pre_commit(root: Path) -> None:
    del root
    assert from_pre_commit({}) is None
    told_both = {
        "PRE_COMMIT": "1",
        "PRE_COMMIT_FROM_REF": "HEAD~1",
        "PRE_COMMIT_TO_REF": "HEAD",
        "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/main",
        "PRE_COMMIT_REMOTE_NAME": "origin",
    }
    everything = {
        name: value
        for name, value in told_both.items()
        if not name.endswith(("FROM_REF", "TO_REF"))
    }
    for variables, expected in (
        (told_both, {b"three"}),
        (everything, {b"two", b"three"}),
        ({"PRE_COMMIT": "1"}, {b"one", b"two", b"three"}),
        (told_both | {"PRE_COMMIT_FROM_REF": "gone"}, {b"two", b"three"}),
        (told_both | {"PRE_COMMIT_FROM_REF": "HEAD\nHEAD"}, {b"two", b"three"}),
    ):
        push = from_pre_commit(variables)
        assert push is not None
        assert read(push) == expected
    with pytest.raises(SourceError, match="bad revision"):
        read(from_pre_commit(told_both | {"PRE_COMMIT_TO_REF": "--all"}) or Push(()))
