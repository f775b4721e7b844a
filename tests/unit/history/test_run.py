import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hexscan.config import Config
from hexscan.errors import SourceError
from hexscan.finding import Finding, Report
from hexscan.history.run import scan_history
from hexscan.key import Key
from hexscan.progress import Progress
from hexscan.sources.git import families
from hexscan.sources.git.history import EVERYTHING, Narrowing
from tests.support.histories import Repo
from tests.support.keys import legacy, random_key

KEY = random_key(1)
OTHER = random_key(2)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


def scan(
    repo: Repo | Path, narrowing: Narrowing = EVERYTHING, *, allow_partial: bool = False
) -> Report:
    path = repo.path if isinstance(repo, Repo) else os.fsencode(repo)
    return scan_history(path, Config(), narrowing=narrowing, allow_partial=allow_partial)


def paths(report: Report) -> list[bytes]:
    return [finding.location.path for finding in report.findings]


def only(report: Report) -> Finding:
    assert report.complete, report.failures
    assert len(report.findings) == 1, report.findings
    return report.findings[0]


def reasons(report: Report) -> str:
    return " | ".join(skip.reason for skip in report.failures)


def test_a_clean_repository_is_complete_and_every_object_counts(repo: Repo) -> None:
    repo.commit("a/b", "x")
    report = scan(repo)
    assert (report.exit_status, report.objects, report.findings) == (0, 4, ())
    assert report.files > 0


def test_an_empty_repository_is_clean(repo: Repo) -> None:
    assert scan(repo).exit_status == 0


def test_a_key_that_was_removed_is_found_with_both_commits(repo: Repo) -> None:
    brought = repo.commit("lib/a.ex", f"\n  {KEY.reveal()}")
    repo.commit("b", "b")
    removed = repo.remove("lib/a.ex")
    finding = only(scan(repo))
    assert (finding.location.path, finding.location.line, finding.location.column) == (
        b"lib/a.ex",
        2,
        3,
    )
    place = finding.git
    assert place is not None
    assert (place.type, place.commit, place.removed_in) == ("blob", brought, removed)
    assert (place.in_head, place.refs, place.reach) == (False, ("refs/heads/main",), "local")
    assert place.commit_date is not None
    assert place.commit_date.startswith("2026-01-01T00:00:")
    assert finding.fingerprint == KEY.fingerprint


def test_what_is_in_head_was_not_removed(repo: Repo) -> None:
    repo.commit("a", KEY.reveal())
    place = only(scan(repo)).git
    assert place is not None
    assert (place.in_head, place.removed_in) == (True, None)


def amend(repo: Repo) -> None:
    repo.commit("a", "x")
    repo.commit("a", KEY.reveal())
    repo.write("a", "y")
    repo.git("commit", "--quiet", "--all", "--amend", "--message", "n")


def amend_and_forget(repo: Repo) -> None:
    amend(repo)
    repo.git("reflog", "expire", "--expire=now", "--all")


def stash(repo: Repo) -> None:
    repo.commit("a", "x")
    repo.write("a", KEY.reveal())
    repo.git("stash", "--quiet")


def stash_staged(repo: Repo) -> None:
    repo.commit("a", "x")
    repo.write("a", KEY.reveal())
    repo.git("add", "a")
    repo.write("a", "z")
    repo.git("stash", "--quiet")


def drop_stash(repo: Repo) -> None:
    stash(repo)
    repo.git("stash", "drop", "--quiet")


def publish(repo: Repo) -> None:
    repo.commit("a", KEY.reveal())
    repo.git("update-ref", "refs/remotes/origin/main", "HEAD")


def orphan(repo: Repo) -> None:
    repo.orphan(KEY.reveal())


def stage(repo: Repo) -> None:
    repo.write("a", KEY.reveal())
    repo.git("add", "a")
    repo.write("a", "x")


def note(repo: Repo) -> None:
    repo.commit("a", "x")
    repo.git("notes", "add", "--message", KEY.reveal())


def merge(repo: Repo) -> None:
    repo.commit("a", "1")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("b", "1")
    repo.git("checkout", "--quiet", "main")
    repo.commit("c", "1")
    repo.git("merge", "--quiet", "--no-commit", "side")
    repo.commit("c", KEY.reveal())


@pytest.mark.parametrize(
    ("make", "reach"),
    [
        (publish, "published"),
        (merge, "local"),
        (note, "local"),
        (stage, "local"),
        (amend, "reflog"),
        (stash, "stash"),
        (stash_staged, "stash"),
        (drop_stash, "unreachable"),
        (amend_and_forget, "unreachable"),
        (orphan, "unreachable"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_how_a_key_can_be_reached(
    repo: Repo, make: Callable[[Repo], None], reach: str, *, packed: bool
) -> None:
    make(repo)
    if packed:
        repo.git("repack", "-q", "-a", "-d", "-k")
    place = only(scan(repo)).git
    assert place is not None
    assert place.reach == reach
    assert (place.commit is None) == (make in (stage, orphan))


@pytest.mark.parametrize("reveal", [lambda key: key.reveal(), lambda key: key.reveal().upper()])
def test_keys_in_commits_tags_and_names(repo: Repo, reveal: Callable[[Key], str]) -> None:
    keys = [random_key(number) for number in range(10, 16)]
    texts = [reveal(key) for key in keys]
    repo.commit("a", "x", message=texts[0])
    repo.git("-c", f"user.name={texts[1]}", "commit", "--allow-empty", "--quiet", "-m", "x")
    repo.git("tag", "--annotate", "--message", texts[2], "v1")
    repo.commit(f"{texts[3]}.d/x", "x")
    repo.git("branch", f"b-{texts[4]}")
    repo.git("update-ref", "--create-reflog", "-m", texts[5], "refs/heads/c", "HEAD")
    report = scan(repo)
    assert {finding.fingerprint for finding in report.findings} == {key.fingerprint for key in keys}
    types = {finding.fingerprint: finding.git.type for finding in report.findings if finding.git}
    assert [types.get(key.fingerprint) for key in keys] == [
        "commit",
        "commit",
        "tag",
        "tree",
        None,
        None,
    ]
    texts_told = repr(report).lower()
    assert not [key for key in keys if key.reveal()[4:] in texts_told]


def test_a_name_is_placed_where_it_came_in(repo: Repo) -> None:
    repo.commit("x", "x")
    brought = repo.commit(f"d/{KEY.reveal()}/y", "y")
    removed = repo.remove(f"d/{KEY.reveal()}/y")
    finding = only_in_objects(scan(repo))
    assert finding.location.path == f"d/{KEY.preview}/y".encode()
    assert finding.git is not None
    assert (finding.git.commit, finding.git.removed_in) == (brought, removed)


def only_in_objects(report: Report) -> Finding:
    (finding,) = [finding for finding in report.findings if finding.git]
    return finding


@pytest.mark.parametrize("file", ["config", "COMMIT_EDITMSG", "hooks/pre-commit", "FETCH_HEAD"])
def test_plain_files_of_the_git_directory(repo: Repo, file: str) -> None:
    target = repo.root / ".git" / file
    target.parent.mkdir(exist_ok=True)
    with target.open("a") as stream:
        stream.write(f"# {KEY.reveal()}\n")
    finding = only(scan(repo))
    assert finding.location.path == repo.path + b"/.git/" + file.encode()
    assert finding.git is None


def test_labels_hold_within_an_object_only(repo: Repo) -> None:
    repo.commit("a", f"HEX_API_KEY={legacy(1).reveal()}\n")
    repo.orphan("HEX_API_KEY=\n")
    repo.orphan(f"{legacy(2).reveal()}\n")
    assert only(scan(repo)).fingerprint == legacy(1).fingerprint


def test_sha_256(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r", "--object-format=sha256")
    brought = repo.commit(f"d-{OTHER.reveal()}/a", KEY.reveal())
    findings = [finding for finding in scan(repo).findings if finding.git]
    assert {finding.git.commit for finding in findings if finding.git} == {brought}
    assert {finding.fingerprint for finding in findings} == {KEY.fingerprint, OTHER.fingerprint}


def test_a_bare_repository(tmp_path: Path, repo: Repo) -> None:
    repo.commit("a", KEY.reveal())
    repo.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    assert only(scan(tmp_path / "bare.git")).location.path == b"a"


def test_the_git_directory_and_a_directory_below(repo: Repo) -> None:
    repo.commit("d/a", KEY.reveal())
    assert paths(scan(repo.root / ".git")) == [b"d/a"]
    assert paths(scan(repo.root / "d")) == [b"d/a"]


def test_a_linked_work_tree_tells_of_all(tmp_path: Path, repo: Repo) -> None:
    repo.commit("a", KEY.reveal())
    linked = tmp_path / "linked"
    repo.git("worktree", "add", "--quiet", str(linked))
    (linked / OTHER.reveal()).write_text("x")
    subprocess.run(["git", "add", "--all"], cwd=linked, check=True)
    for place in (linked, repo.root):
        report = scan(place)
        assert {one.fingerprint for one in report.findings} == {KEY.fingerprint, OTHER.fingerprint}
        assert report.complete


def test_submodules(tmp_path: Path, repo: Repo) -> None:
    inner = Repo(tmp_path / "inner")
    inner.commit("a", KEY.reveal())
    repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../inner", "sub")
    repo.git("commit", "--quiet", "--message", "sub")
    shutil.rmtree(repo.root / "sub")
    finding = only(scan(repo))
    assert finding.location.path == repo.path + b"/.git/modules/sub:a"
    assert finding.git is not None
    assert finding.git.reach == "published"


def test_alternates(tmp_path: Path, repo: Repo) -> None:
    lender = Repo(tmp_path / "lender")
    lender.commit("a", KEY.reveal())
    (repo.root / ".git/objects/info/alternates").write_text(str(lender.root / ".git/objects\n"))
    finding = only(scan(repo))
    assert finding.git is not None
    assert finding.git.reach == "unreachable"


def test_names_that_are_no_utf_8(repo: Repo) -> None:
    repo.commit("caf\udce9", KEY.reveal())
    assert paths(scan(repo)) == [b"caf\xe9"]


def test_a_large_blob_is_read_to_its_end(repo: Repo) -> None:
    repo.commit("a", "a" * (17 << 20) + KEY.reveal())
    repo.orphan("b" * (9 << 20) + OTHER.reveal())
    assert len(scan(repo).findings) == 2


def test_many_batches_find_what_one_does(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [random_key(number) for number in range(40)]
    for number, key in enumerate(keys):
        repo.write(f"f{number}", f"{'x' * number * 50}{key.reveal()}\n" if number % 3 else "x")
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--message", "all")
    whole = scan(repo)
    monkeypatch.setattr(families, "BATCH_OBJECTS", 7)
    cut = scan(repo)
    assert cut.findings == whole.findings
    assert cut.objects == whole.objects
    assert len(cut.findings) == 26


def test_progress_is_told_after_each_batch(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("a", KEY.reveal())
    monkeypatch.setattr(families, "BATCH_OBJECTS", 1)
    told: list[Progress] = []
    scan_history(repo.path, Config(), watch=told.append)
    assert [(progress.done, progress.of) for progress in told] == [(1, 3), (2, 3), (3, 3)]
    assert told[-1].findings == 1


class TestNarrowing:
    def test_a_range(self, repo: Repo) -> None:
        repo.commit("a", KEY.reveal())
        repo.commit("b", OTHER.reveal())
        assert paths(scan(repo, Narrowing(range="HEAD~1..HEAD"))) == [b"b"]

    def test_a_range_that_is_the_wrong_way_round(self, repo: Repo) -> None:
        repo.commit("a", KEY.reveal())
        repo.commit("b", OTHER.reveal())
        report = scan(repo, Narrowing(range="HEAD..HEAD~1"))
        assert report.exit_status == 0
        (told,) = report.warnings
        assert told.endswith("HEAD~1..HEAD 1 commit: is it the wrong way?")

    def test_a_ref(self, repo: Repo) -> None:
        repo.commit("a", "x")
        repo.git("branch", "clean")
        repo.commit("b", OTHER.reveal())
        assert paths(scan(repo, Narrowing(ref="heads/clean"))) == []
        assert paths(scan(repo, Narrowing(ref="heads/m*"))) == [b"b"]
        assert paths(scan(repo, Narrowing(ref="refs/heads/main"))) == [b"b"]
        assert scan(repo, Narrowing(ref="heads/clean")).objects == 3

    def test_a_ref_that_nothing_matches(self, repo: Repo) -> None:
        repo.commit("a", KEY.reveal())
        with pytest.raises(SourceError, match="no ref matches heads/x"):
            scan(repo, Narrowing(ref="heads/x"))

    def test_a_date(self, repo: Repo) -> None:
        repo.commit("a", KEY.reveal())
        repo.remove("a")
        since = repo.git("log", "-1", "--format=%cI")
        repo.commit("b", OTHER.reveal())
        assert paths(scan(repo, Narrowing(since=since))) == [b"b"]

    @pytest.mark.parametrize("wrong", ["no..where", "nowhere", "--all", "-x"])
    def test_an_unknown_revision(self, repo: Repo, wrong: str) -> None:
        repo.commit("a", "x")
        with pytest.raises(SourceError, match="bad revision") as caught:
            scan(repo, Narrowing(range=wrong))
        assert "`git fetch` may bring it" in (caught.value.hint or "")


class TestWhatIsMissing:
    def test_a_shallow_clone(self, tmp_path: Path, repo: Repo) -> None:
        repo.commit("a", "x")
        repo.commit("a", KEY.reveal())
        clone = tmp_path / "clone"
        repo.git("clone", "--quiet", "--depth=1", f"file://{repo.root}", str(clone))
        report = scan(clone)
        assert report.exit_status == 2
        assert "git fetch --unshallow" in reasons(report)
        assert paths(report) == [b"a"]
        accepted = scan(clone, allow_partial=True)
        assert (accepted.exit_status, accepted.failures) == (1, ())
        assert "shallow" in accepted.warnings[0]

    def test_a_partial_clone_fetches_nothing(self, tmp_path: Path, repo: Repo) -> None:
        repo.commit("a", KEY.reveal())
        repo.git("config", "uploadpack.allowFilter", "true")
        clone = tmp_path / "clone"
        repo.git(
            *("clone", "--quiet", "--bare", "--filter=blob:none"),
            *(f"file://{repo.root}", str(clone)),
        )
        before = sorted(clone.rglob("*"))
        report = scan(clone)
        assert report.exit_status == 2
        assert "partial clone" in reasons(report)
        assert scan(clone, allow_partial=True).exit_status == 0
        assert sorted(clone.rglob("*")) == before

    @pytest.mark.parametrize("what", ["blob", "tree", "commit"])
    def test_a_missing_object(self, repo: Repo, what: str) -> None:
        repo.commit("a", "gone")
        repo.commit("a", KEY.reveal())
        revision = {"blob": "HEAD~1:a", "tree": "HEAD~1^{tree}", "commit": "HEAD~1"}[what]
        name = repo.git("rev-parse", revision)
        repo.object_file(name).unlink()
        report = scan(repo)
        assert report.exit_status == 2
        assert name in reasons(report)
        assert KEY.fingerprint in {finding.fingerprint for finding in report.findings}

    def test_a_corrupt_loose_object(self, repo: Repo) -> None:
        repo.commit("a", KEY.reveal())
        name = repo.orphan("broken" * 100)
        file = repo.object_file(name)
        file.chmod(0o600)
        content = bytearray(file.read_bytes())
        content[-8] ^= 0xFF
        file.write_bytes(content)
        report = scan(repo)
        assert report.exit_status == 2
        assert f"object {name} is missing or corrupt" in reasons(report)
        assert paths(report) == [b"a"]

    def test_a_pack_with_a_flipped_bit(self, repo: Repo) -> None:
        noise = [os.urandom(3000).hex() for _ in range(9)]
        for number, text in enumerate(noise):
            repo.commit(f"f{number}", text)
        repo.commit("a", KEY.reveal())
        name = repo.git("rev-parse", "HEAD:f4")
        repo.git("repack", "-q", "-a", "-d")
        (pack,) = (repo.root / ".git/objects/pack").glob("*.pack")
        listed = repo.git("verify-pack", "-v", str(pack).replace(".pack", ".idx")).splitlines()
        (offset,) = [int(line.split()[4]) for line in listed if line.startswith(name)]
        pack.chmod(0o600)
        content = bytearray(pack.read_bytes())
        content[offset + 1000] ^= 1
        pack.write_bytes(content)
        report = scan(repo)
        assert report.exit_status == 2
        assert f"object {name} is missing or corrupt" in reasons(report)
        assert paths(report) == [b"a"]
        assert report.objects == 30


class TestNoRepository:
    def test_a_directory_without_one(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="not a git repository"):
            scan(tmp_path)

    def test_a_file(self, repo: Repo) -> None:
        repo.write("f", "x")
        with pytest.raises(SourceError, match="a file, and no repository"):
            scan(repo.root / "f")

    def test_nothing_there(self, tmp_path: Path) -> None:
        with pytest.raises(SourceError, match="no such file or directory"):
            scan(tmp_path / "x")

    def test_a_git_directory_without_head(self, repo: Repo) -> None:
        (repo.root / ".git" / "HEAD").unlink()
        with pytest.raises(SourceError, match="not a git repository"):
            scan(repo)

    def test_an_old_git(self, repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "git").write_text("#!/bin/sh\necho git version 2.29.1\n")
        (folder / "git").chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        with pytest.raises(SourceError, match=r"git version 2\.29\.1 is too old") as caught:
            scan(repo)
        assert caught.value.hint == "git 2.30 or later is needed"

    def test_a_repository_of_another_owner(
        self, repo: Repo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
        with pytest.raises(SourceError, match="dubious ownership"):
            scan(repo)


def test_nothing_is_run_and_nothing_is_written(repo: Repo, tmp_path: Path) -> None:
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\necho $0 \"$@\" >>'{tmp_path}/ran'\ncat\n")
    spy.chmod(0o755)
    repo.commit("a.txt", KEY.reveal())
    repo.write(".gitattributes", "* diff=evil filter=evil")
    repo.commit("a.txt", "x")
    for name, value in {
        "core.fsmonitor": str(spy),
        "core.hooksPath": str(tmp_path),
        "core.pager": str(spy),
        "core.sshCommand": str(spy),
        "diff.external": str(spy),
        "diff.evil.command": str(spy),
        "diff.evil.textconv": str(spy),
        "filter.evil.clean": str(spy),
        "filter.evil.smudge": str(spy),
        "log.showSignature": "true",
        "gpg.program": str(spy),
        "pager.rev-list": str(spy),
        "remote.origin.url": f"ext::{spy}",
        "alias.cat-file": f"!{spy}",
        "core.alternateRefsCommand": str(spy),
    }.items():
        repo.git("config", name, value)
    before = repo.state()
    ran = tmp_path / "ran"
    ran.unlink(missing_ok=True)
    assert scan(repo).exit_status == 1
    assert not ran.exists()
    assert repo.state() == before
