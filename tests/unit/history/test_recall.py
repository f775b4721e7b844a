"""A second scan of a repository, with the memory of the first."""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hexscan.blob import FAILURE, Origin, Skip
from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history import recall, run
from hexscan.history.batches import BatchScanner
from hexscan.history.inventory import Inventory
from hexscan.history.run import scan_history
from hexscan.memory import meaning
from hexscan.progress import Progress
from hexscan.sources.git import missing
from hexscan.sources.git.families import Batch
from hexscan.sources.git.history import EVERYTHING, Narrowing
from hexscan.sources.git.repository import Repository
from hexscan.sources.git.survey import Survey
from tests.support.archives import zipped
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)
OTHER = random_key(2)


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    return Repo(tmp_path / "r")


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(cache_dir=str(tmp_path / "cache"))


def scan(
    repo: Repo | Path,
    config: Config,
    narrowing: Narrowing = EVERYTHING,
    *,
    allow_partial: bool = False,
) -> Report:
    path = repo.path if isinstance(repo, Repo) else os.fsencode(repo)
    return scan_history(path, config, narrowing=narrowing, allow_partial=allow_partial)


def told(report: Report) -> Report:
    """Return what a report tells, but for how much was read and how long it took."""
    return replace(report, bytes=0, seconds=0.0, known=0, notes=())


def same(repo: Repo, config: Config, narrowing: Narrowing = EVERYTHING) -> Report:
    """Scan with and without the memory: both tell the same. Return the report of the first."""
    with_it = scan(repo, config, narrowing)
    assert told(with_it) == told(scan(repo, replace(config, cache_dir=None), narrowing))
    return with_it


def cache_file(config: Config) -> Path:
    (file,) = Path(config.cache_dir or "").iterdir()
    return file


def test_what_is_clean_is_read_once(repo: Repo, config: Config) -> None:
    repo.commit("a", "x" * 5000)
    first = same(repo, config)
    assert (first.objects, first.known) == (3, 0)
    again = same(repo, config)
    assert (again.objects, again.known) == (3, 3)
    assert first.bytes - again.bytes > 5000


def test_only_what_is_new_is_read(
    repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("a", "x")
    same(repo, config)
    repo.commit("b", KEY.reveal())
    read = batches_seen(monkeypatch)
    report = same(repo, config)
    assert (report.objects, report.known, report.exit_status) == (6, 3, 1)
    assert [batch.count for batch in read] == [3, 6]


def batches_seen(monkeypatch: pytest.MonkeyPatch) -> list[Batch]:
    read: list[Batch] = []
    real = BatchScanner.scan

    def scan(self: BatchScanner, batch: Batch) -> Report:
        read.append(batch)
        return real(self, batch)

    monkeypatch.setattr(BatchScanner, "scan", scan)
    return read


@pytest.mark.parametrize("few", [1, 10**9])
@pytest.mark.parametrize("new", [2, 40])
def test_new_objects_are_found_however_they_are_listed(
    repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch, few: int, new: int
) -> None:
    monkeypatch.setattr(recall, "_FEW", few)
    for number in range(20):
        repo.write(f"f{number}", f"{number}")
    repo.commit("a", "x")
    known = same(repo, config).objects
    for number in range(new):
        repo.orphan(f"orphan {number}")
    repo.orphan(KEY.reveal())
    report = same(repo, config)
    assert (report.known, report.objects) == (known, known + new + 1)
    assert same(repo, config).known == known + new


def test_nothing_new_needs_no_reading(
    repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("a", "x")
    scan(repo, config)
    read = batches_seen(monkeypatch)
    assert scan(repo, config).exit_status == 0
    assert read == []


def test_an_object_with_a_key_is_told_every_time(repo: Repo, config: Config) -> None:
    repo.commit("a", KEY.reveal())
    repo.commit("b", f"{OTHER.reveal()}  # hexscan:allow known")
    report = Report()
    for _ in range(3):
        report = same(repo, config)
        assert [finding.location.path for finding in report.findings] == [b"a"]
        assert [finding.location.path for finding in report.suppressed] == [b"b"]
    assert report.known == report.objects - 2
    names = [repo.git("rev-parse", f"HEAD:{file}") for file in "ab"]
    kept = cache_file(config).read_bytes()
    assert not [name for name in names if bytes.fromhex(name) in kept]


@pytest.mark.parametrize("mark", ["lookalikes", "unprefixed", "decode"])
def test_other_options_start_anew(repo: Repo, config: Config, mark: str) -> None:
    texts = {
        "lookalikes": "hex_0123456789abcdef0123456789abcdef0123abcd",
        "unprefixed": KEY.reveal()[4:],
        "decode": KEY.reveal().encode("utf-16-le").decode("latin-1"),
    }
    repo.commit("a", texts[mark])
    config = replace(config, decode=False)
    assert scan(repo, config).findings == ()
    changed = replace(config, **{mark: True})  # type: ignore[arg-type]
    assert len(same(repo, changed).findings) == 1
    assert scan(repo, config).known == 3


def test_a_key_is_found_when_the_rules_learn_of_it(
    repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("a", KEY.reveal())
    with monkeypatch.context() as before:
        before.setattr(BatchScanner, "scan", _finds_nothing)
        assert scan(repo, config).findings == ()
        assert scan(repo, config).known == 3
    monkeypatch.setattr(meaning, "program", lambda: b"a version that finds it")
    report = same(repo, config)
    assert (len(report.findings), report.known) == (1, 0)
    assert "thrown away" in report.notes[0]


def _finds_nothing(_self: BatchScanner, batch: Batch) -> Report:
    return Report(bytes=batch.size, objects=batch.count)


def test_what_could_not_be_unpacked_is_read_every_time(repo: Repo, config: Config) -> None:
    content = bytearray(zipped({"x": b"x" * 200}))
    content[60] ^= 0xFF
    (repo.root / "broken.zip").write_bytes(content)
    repo.commit("a", "x")
    assert same(repo, config).exit_status == 2
    report = same(repo, config)
    assert report.exit_status == 2
    assert report.known == report.objects - 1


def test_an_archive_without_a_key_is_opened_once(
    repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repo.root / "a.zip").write_bytes(zipped({"x": b"x" * 200}))
    (repo.root / "b.zip").write_bytes(zipped({"x": KEY.reveal().encode()}))
    repo.commit("a", "x")
    same(repo, config)
    read = batches_seen(monkeypatch)
    assert len(scan(repo, config).findings) == 1
    assert [batch.count for batch in read] == [1]


class TestWhatIsMissing:
    def remove(self, repo: Repo, revision: str) -> str:
        name = repo.git("rev-parse", revision)
        repo.object_file(name).unlink()
        return name

    @pytest.mark.parametrize("revision", ["HEAD~1:a", "HEAD~1^{tree}", "HEAD~1", "HEAD", "HEAD:b"])
    def test_of_what_was_known(self, repo: Repo, config: Config, revision: str) -> None:
        repo.commit("a", "one")
        repo.commit("a", "two")
        repo.commit("b", "three")
        assert same(repo, config).exit_status == 0
        name = self.remove(repo, revision)
        for _ in range(2):
            report = same(repo, config)
            assert report.exit_status == 2
            assert name in report.failures[0].reason

    @pytest.mark.parametrize("revision", ["HEAD~1:b", "HEAD~1^{tree}", "HEAD~1", "HEAD:c"])
    def test_of_what_is_new(self, repo: Repo, config: Config, revision: str) -> None:
        repo.commit("a", "one")
        assert same(repo, config).exit_status == 0
        repo.commit("b", "two")
        repo.commit("b", "three")
        repo.commit("c", "four")
        name = self.remove(repo, revision)
        for _ in range(2):
            report = same(repo, config)
            assert report.exit_status == 2
            assert any(name in failure.reason for failure in report.failures)

    def test_of_what_holds_a_key(self, repo: Repo, config: Config) -> None:
        repo.commit("a", KEY.reveal())
        repo.commit("a", OTHER.reveal())
        assert same(repo, config).exit_status == 1
        name = self.remove(repo, "HEAD~1:a")
        report = same(repo, config)
        assert report.exit_status == 2
        assert name in report.failures[0].reason

    def test_of_what_only_the_index_has(self, repo: Repo, config: Config) -> None:
        repo.commit("a", "one")
        assert same(repo, config).exit_status == 0
        repo.write("b", "staged")
        repo.git("add", "b")
        self.remove(repo, ":b")
        assert same(repo, config).exit_status == 2

    def test_a_ref_to_nothing(self, repo: Repo, config: Config) -> None:
        repo.commit("a", "one")
        assert same(repo, config).exit_status == 0
        (repo.root / ".git/refs/heads/gone").write_text("1" * 40 + "\n")
        assert same(repo, config).exit_status == 2

    def test_that_is_there_again_is_not_missed(self, repo: Repo, config: Config) -> None:
        repo.commit("a", "one")
        repo.commit("a", KEY.reveal())
        same(repo, config)
        file = repo.object_file(repo.git("rev-parse", "HEAD:a"))
        away = repo.root / "away"
        file.rename(away)
        assert same(repo, config).exit_status == 2
        away.rename(file)
        assert same(repo, config).exit_status == 1

    def test_is_not_looked_for_where_nothing_is_new(
        self, repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("a", "one")
        repo.commit("a", KEY.reveal())
        asked: list[int] = []
        real = missing.missing_objects

        def count(repository: Repository, store: Survey, whole: list[bytes]) -> object:
            asked.append(len(whole))
            return real(repository, store, whole)

        monkeypatch.setattr(run, "missing_objects", count)
        scan(repo, config)
        scan(repo, config)
        repo.commit("b", "two")
        scan(repo, config)
        assert asked == [0, 1, 1]
        repo.commit("c", OTHER.reveal())
        scan(repo, config)
        scan(repo, config)
        assert asked[3:] == [0, 1]

    def test_only_what_was_followed_is_known_to_be_whole(
        self, repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole: list[int] = []
        real = recall.Recall.whole

        def told(self: recall.Recall) -> Sequence[bytes]:
            whole.append(len(real(self)))
            return real(self)

        monkeypatch.setattr(recall.Recall, "whole", told)
        repo.commit("a", "one")
        repo.git("gc", "--quiet")
        with monkeypatch.context() as large:
            large.setattr(missing, "WALKED_UP_TO", 0)
            scan(repo, config)
        scan(repo, config)
        assert whole[0] == whole[-1] == 0
        with monkeypatch.context() as large:
            large.setattr(missing, "WALKED_UP_TO", 0)
            scan(repo, config)
        whole.clear()
        scan(repo, config)
        assert whole == [1]


class TestWhatIsInDoubt:
    def test_a_repository_that_never_comes_to_rest(
        self, repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("a", "x")
        repo.commit("a", "y")
        real = recall.Recall.saw
        times: list[int] = []

        def repacked(self: recall.Recall, report: Report) -> None:
            real(self, report)
            times.append(1)
            (repo.root / f".git/objects/pack/pack-{len(times)}.idx").touch()

        with monkeypatch.context() as during:
            during.setattr(recall.Recall, "saw", repacked)
            assert scan(repo, config).exit_status == 2
        assert len(times) == run.ATTEMPTS
        assert not Path(config.cache_dir or "").exists()

    def test_a_repository_that_has_come_to_rest(
        self, repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("a", "x")
        real = recall.Recall.saw
        times: list[int] = []

        def repacked_once(self: recall.Recall, report: Report) -> None:
            real(self, report)
            times.append(1)
            if len(times) == 1:
                repo.git("repack", "-q", "-a", "-d")

        with monkeypatch.context() as during:
            during.setattr(recall.Recall, "saw", repacked_once)
            report = scan(repo, config)
        assert (report.exit_status, report.objects, report.known) == (0, 3, 0)
        assert (len(times), scan(repo, config).known) == (2, 3)

    def test_a_lost_batch_of_a_repository_that_is_called_like_an_object(
        self, tmp_path: Path, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        name = "a" * 40
        Repo(tmp_path / name).commit("a", "x")

        def lost(repository: Repository, _config: Config, batches: Iterable[Batch]) -> object:
            for _ in batches:
                failure = Skip(Origin(repository.path), FAILURE, "a process ended")
                yield Report(failures=(failure,))

        with monkeypatch.context() as during:
            during.setattr("hexscan.history.workers.reports", lost)
            assert scan_history(name.encode(), config).exit_status == 2
        assert not Path(config.cache_dir or "").exists()


class TestWhatWentAndCame:
    def test_what_git_has_collected_is_forgotten(self, repo: Repo, config: Config) -> None:
        name = repo.orphan("for a while")
        repo.commit("a", "x")
        scan(repo, config)
        assert bytes.fromhex(name) in cache_file(config).read_bytes()
        repo.git("prune", "--expire=now")
        report = same(repo, config)
        assert (report.exit_status, report.objects, report.known) == (0, 3, 3)
        assert bytes.fromhex(name) not in cache_file(config).read_bytes()

    def test_packing_changes_nothing(self, repo: Repo, config: Config) -> None:
        repo.commit("a", "x")
        repo.commit("a", "y")
        scan(repo, config)
        repo.git("gc", "--quiet")
        assert same(repo, config).known == 6

    def test_an_object_that_comes_while_it_is_read_spoils_the_whole(
        self, repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        repo.commit("a", "x")
        real = recall.Recall.listing

        def late(self: recall.Recall, *arguments: object) -> object:
            # Behind the listing of names, and before the listing of what is read.
            assert isinstance(self._inventory, Inventory)
            self._inventory._git.failure()  # noqa: SLF001 - waits for it
            repo.orphan("late")
            return real(self, *arguments)  # type: ignore[arg-type]

        with monkeypatch.context() as during:
            during.setattr(recall.Recall, "listing", late)
            assert scan(repo, config).objects == 4
        assert not Path(config.cache_dir or "").exists()
        assert scan(repo, config).known == 0

    def test_what_git_lists_and_is_not_read_spoils_the_whole(
        self, repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Should a pack ever be read otherwise than git does, nothing of it is believed."""
        repo.commit("a", "x")
        repo.git("repack", "-q", "-a", "-d")
        packs = pytest.importorskip(
            "hexscan.sources.git.packs", reason="not compiled", exc_type=ImportError
        )
        monkeypatch.setattr(packs.Packs, "batches", lambda _: iter(()))
        assert scan(repo, config).objects == 0
        assert not Path(config.cache_dir or "").exists()

    def test_one_pack_and_one_more_commit(self, repo: Repo, config: Config) -> None:
        repo.commit("a", "x")
        repo.git("repack", "-q", "-a", "-d")
        assert same(repo, config).exit_status == 0
        repo.commit("b", "y")
        report = same(repo, config)
        assert (report.exit_status, report.known) == (0, 3)


class TestPlaces:
    def test_sha_256(self, tmp_path: Path, config: Config) -> None:
        repo = Repo(tmp_path / "s", "--object-format=sha256")
        repo.commit("a", "x")
        same(repo, config)
        repo.commit("b", KEY.reveal())
        report = same(repo, config)
        assert (report.known, report.objects, len(report.findings)) == (3, 6, 1)
        assert same(repo, config).known == 5

    def test_linked_work_trees_share_one(self, tmp_path: Path, repo: Repo, config: Config) -> None:
        repo.commit("a", "x")
        scan(repo, config)
        linked = tmp_path / "linked"
        repo.git("worktree", "add", "--quiet", str(linked))
        assert scan(linked, config).known == 3
        assert cache_file(config).is_file()

    def test_a_clone_at_the_same_path_is_no_other(
        self, tmp_path: Path, repo: Repo, config: Config
    ) -> None:
        repo.commit("a", "x")
        scan(repo, config)
        repo.git("clone", "--quiet", ".", str(tmp_path / "clone"))
        shutil.rmtree(repo.root)
        (tmp_path / "clone").rename(repo.root)
        repo.commit("b", KEY.reveal())
        report = same(repo, config)
        assert (report.known, len(report.findings)) == (3, 1)

    def test_submodules_have_their_own(self, tmp_path: Path, repo: Repo, config: Config) -> None:
        inner = Repo(tmp_path / "inner")
        inner.commit("a", "x")
        repo.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../inner", "s")
        repo.git("commit", "--quiet", "--message", "sub")
        first = scan(repo, config)
        assert scan(repo, config).known == first.objects
        assert len(list(Path(config.cache_dir or "").iterdir())) == 2

    @pytest.mark.parametrize("place", [".", "cache", ".git/cache"])
    def test_never_in_the_repository(self, repo: Repo, place: str) -> None:
        repo.commit("a", "x")
        before = sorted(repo.root.rglob("*"))
        report = scan(repo, Config(cache_dir=str(repo.root / place)))
        assert report.exit_status == 0
        assert "is in the repository" in report.notes[0]
        assert sorted(repo.root.rglob("*")) == before

    def test_nor_in_a_bare_one(self, tmp_path: Path, repo: Repo) -> None:
        repo.commit("a", "x")
        repo.git("clone", "--quiet", "--bare", ".", str(tmp_path / "b.git"))
        report = scan(tmp_path / "b.git", Config(cache_dir=str(tmp_path / "b.git/objects")))
        assert "is in the repository" in report.notes[0]

    def test_a_shallow_clone(self, tmp_path: Path, repo: Repo, config: Config) -> None:
        repo.commit("a", "x")
        repo.commit("a", "y")
        clone = tmp_path / "clone"
        repo.git("clone", "--quiet", "--depth=1", f"file://{repo.root}", str(clone))
        assert scan(clone, config, allow_partial=True).exit_status == 0
        assert scan(clone, config, allow_partial=True).known == 3
        assert scan(clone, config).exit_status == 2


class TestNarrowing:
    def test_what_a_part_has_shown_is_known(self, repo: Repo, config: Config) -> None:
        repo.commit("a", "x")
        repo.commit("b", KEY.reveal())
        narrow = Narrowing(range="HEAD~1..HEAD")
        assert same(repo, config, narrow).known == 0
        assert same(repo, config, narrow).known == 2
        assert same(repo, config).known == 2
        assert same(repo, config, narrow).known == 2
        assert same(repo, config, Narrowing(ref="heads/main")).known == 5

    def test_a_part_takes_nothing_away(self, repo: Repo, config: Config) -> None:
        repo.commit("a", "x")
        scan(repo, config)
        repo.commit("b", "y")
        scan(repo, config, Narrowing(range="HEAD~1..HEAD"))
        assert same(repo, config).known == 6

    def test_what_is_missing_is_missed(self, repo: Repo, config: Config) -> None:
        repo.commit("a", "x")
        scan(repo, config, Narrowing(ref="heads/main"))
        repo.object_file(repo.git("rev-parse", "HEAD:a")).unlink()
        assert same(repo, config, Narrowing(ref="heads/main")).exit_status == 2


def test_progress_counts_what_is_known(repo: Repo, config: Config) -> None:
    repo.commit("a", "x")
    scan(repo, config)
    repo.commit("b", "y")
    seen: list[Progress] = []
    scan_history(repo.path, config, watch=seen.append)
    assert [(progress.done, progress.of) for progress in seen] == [(6, 6)]


def test_it_holds_no_names_and_no_secrets(repo: Repo, config: Config) -> None:
    repo.commit("some-name", "x", message="some-words")
    repo.commit("b", KEY.reveal())
    scan(repo, config)
    kept = cache_file(config).read_bytes()
    for secret in (b"some-name", b"some-words", b"main", KEY.reveal().encode()[4:12], repo.path):
        assert secret not in kept


def test_an_unknown_answer_of_git_is_no_listing(
    repo: Repo, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("a", KEY.reveal())
    same(repo, config)
    for arguments in (("version",), ("cat-file", "--no-such-option")):
        monkeypatch.setattr("hexscan.history.inventory._COMMAND", arguments)
        report = same(repo, config)
        assert (report.known, len(report.findings)) == (0, 1)


Spoil = Callable[[bytes], bytes]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(st.data())
def test_whatever_the_file_holds_the_report_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    root = tmp_path_factory.getbasetemp() / "a memory"
    config = Config(cache_dir=str(root / "cache"))
    repo = Repo(root / "r")
    if not (root / "cache").exists():
        repo.commit("a", KEY.reveal())
        repo.commit("b", "x")
        scan(repo, config)
    file = cache_file(config)
    whole = file.read_bytes()
    kind = data.draw(st.sampled_from(["any", "cut", "changed", "continued"]))
    at = data.draw(st.integers(0, len(whole) - 1))
    if kind == "changed":
        spoilt = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    else:
        drawn = data.draw(st.binary(max_size=300))
        spoilt = {"any": drawn, "cut": whole[:at], "continued": whole + drawn + b"\0"}[kind]
    file.write_bytes(spoilt)
    report = same(repo, config)
    assert (len(report.findings), report.known, report.exit_status) == (1, 0, 1)
    assert "thrown away" in report.notes[0]
    assert scan(repo, config).known == report.objects - 1
