"""The run and its report."""

import threading
from pathlib import Path

import pytest

import hexscan
from hexscan import engine, gathering
from hexscan.blob import FAILURE
from hexscan.config import Config
from hexscan.finding import Finding
from hexscan.progress import Progress
from hexscan.sources import slab
from tests.support.keys import random_key

KEY = random_key(1)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.ex").write_text(f"one\ntwo {KEY.reveal()}\n")
    (tmp_path / "a.ex").write_text(f"{KEY.reveal()} {random_key(2).reveal()}\n")
    (tmp_path / "clean.ex").write_text("nothing\n")
    return tmp_path


def test_findings_are_told_in_order_and_files_counted(tree: Path) -> None:
    report = engine.scan([tree])
    places = [(finding.location.path, finding.location.offset) for finding in report.findings]
    root = bytes(tree)
    assert places == [(root + b"/a.ex", 0), (root + b"/a.ex", 45), (root + b"/b/c.ex", 8)]
    assert (report.files, report.bytes) == (3, 8 + 53 + 90)
    assert report.complete
    assert report.exit_status == 1


def test_a_clean_tree_is_complete(tree: Path) -> None:
    report = engine.scan([tree / "clean.ex"])
    assert (report.findings, report.exit_status, report.complete) == ((), 0, True)


def test_what_could_not_be_read_wins_over_what_was_found(tree: Path) -> None:
    report = engine.scan([tree, tree / KEY.reveal()])
    assert report.exit_status == 2
    assert not report.complete
    (failure,) = report.failures
    assert failure.kind == FAILURE
    assert KEY.preview.encode() in failure.origin.path
    assert KEY.reveal() not in repr(report)


def test_left_out_is_counted_by_reason(tree: Path) -> None:
    report = engine.scan([tree], Config(exclude=("*.ex",)))
    assert report.policies == {"excluded": 3}
    assert report.exit_status == 0


def test_a_single_path_is_one_path(tree: Path) -> None:
    assert len(engine.scan(str(tree)).findings) == 3
    assert len(engine.scan(tree / "a.ex").findings) == 2


def test_a_path_named_twice_is_told_once(tree: Path) -> None:
    assert len(engine.scan([tree, tree]).findings) == 3


def test_a_path_with_a_nul_is_a_failure() -> None:
    assert engine.scan(["a\0b"]).exit_status == 2


def test_bare_digits_in_a_name_are_found_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / KEY.reveal()[4:]).touch()
    assert engine.scan([tmp_path]).findings == ()
    (finding,) = engine.scan([tmp_path], Config(unprefixed=True)).findings
    assert finding.location.place == "name"


def test_an_open_descriptor_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_text(KEY.reveal())
    with (tmp_path / "a").open("rb") as file:
        (finding,) = engine.scan([f"/dev/fd/{file.fileno()}"]).findings
    assert finding.location.offset == 0


def test_closed_standard_input_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    report = engine.scan(["-"])
    assert [failure.reason for failure in report.failures] == ["standard input is closed"]


def test_lookalikes_never_fail_a_run(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("hex_" + "a" * 40)
    report = engine.scan([tmp_path], Config(lookalikes=True))
    assert len(report.findings) == 1
    assert report.exit_status == 0


def test_paths_may_be_of_any_kind(tree: Path) -> None:
    file = tree / "a.ex"
    for path in (file, str(file), bytes(file)):
        assert len(engine.scan([path]).findings) == 2


def test_a_large_file_is_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.seek(5_000_000)
        file.write(b"\n" + KEY.reveal().encode())
    report = engine.scan([tmp_path])
    assert report.bytes == 5_000_045
    (finding,) = report.findings
    assert (finding.location.line, finding.location.offset) == (2, 5_000_001)


def test_listed_files_are_not_followed_and_may_be_ignored(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    (tree / "link").symlink_to("a.ex")
    (tree / ".hexscanignore").write_text("/b/\n")
    report = engine.scan_listed(["link", "b/c.ex", "b", "clean.ex"])
    assert report.findings == ()
    assert report.policies == {
        "a directory, of which a commit records no content": 1,
        "ignored by .hexscanignore": 1,
    }
    report = engine.scan_listed(["b/c.ex", "b", "gone"], Config(ignore=False))
    assert len(report.findings) == 1
    assert report.policies == {"a directory, of which a commit records no content": 1}
    assert [failure.origin.path for failure in report.failures] == [b"gone"]


def test_a_link_whose_target_is_a_key_is_found_when_listed(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    (tree / "link").symlink_to(KEY.reveal())
    (finding,) = engine.scan_listed(["link"]).findings
    assert finding.location.place == "target"


def test_the_library_serves_several_threads(tree: Path) -> None:
    reports: list[hexscan.Report] = []

    def scan() -> None:
        reports.extend(hexscan.scan([tree]) for _ in range(5))

    threads = [threading.Thread(target=scan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(reports) == 20
    assert {report.findings for report in reports} == {reports[0].findings}
    assert {report.bytes for report in reports} == {reports[0].bytes}


class TestWatch:
    def test_it_is_called_after_some_files(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gathering, "FILES_BETWEEN", 3)
        monkeypatch.setattr(slab, "MOST_FILES", 1)
        (tmp_path / "0").write_text(f"{KEY.reveal()} hexscan:allow")
        for name in "1234567":
            (tmp_path / name).write_text(KEY.reveal())
        told: list[Progress] = []
        report = engine.scan(tmp_path, watch=told.append)
        assert told == [Progress(3, None, 58 + 88, 2), Progress(6, None, 58 + 220, 5)]
        assert report.files == 8

    def test_it_is_called_within_a_large_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gathering, "BYTES_BETWEEN", 1 << 20)
        with (tmp_path / "large").open("wb") as file:
            file.truncate(2_500_000)
        told: list[Progress] = []
        engine.scan(tmp_path, watch=told.append)
        assert [(progress.done, progress.bytes) for progress in told] == [
            (1, 1 << 20),
            (1, 2 << 20),
        ]

    def test_what_it_raises_ends_the_scan(
        self, tree: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stop(progress: Progress) -> None:
            raise InterruptedError(progress.done)

        monkeypatch.setattr(gathering, "FILES_BETWEEN", 1)
        monkeypatch.setattr(slab, "MOST_FILES", 1)
        with pytest.raises(InterruptedError, match="1"):
            engine.scan(tree, watch=stop)


class TestTold:
    def test_findings_are_told_as_they_are_met(self, tree: Path) -> None:
        told: list[Finding] = []
        report = engine.scan([tree / "b", tree], told=told.append)
        paths = [finding.location.path.removeprefix(bytes(tree)) for finding in told]
        assert paths == [b"/b/c.ex", b"/a.ex", b"/a.ex"]
        assert tuple(sorted(told, key=lambda finding: finding.sort_key)) == report.findings

    def test_each_is_told_before_the_next_files_are_read(
        self, tree: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(slab, "MOST_FILES", 1)
        told: list[Finding] = []

        def remove_the_other(finding: Finding) -> None:
            told.append(finding)
            (tree / "b" / "c.ex").unlink(missing_ok=True)

        report = engine.scan([tree / "a.ex", tree / "b" / "c.ex"], told=remove_the_other)
        assert len(told) == 2
        assert report.exit_status == 2

    def test_a_judged_finding_is_told_as_such(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text(f"{KEY.reveal()} hexscan:allow revoked\n")
        told: list[Finding] = []
        report = engine.scan(tmp_path, told=told.append)
        (finding,) = told
        assert finding.suppressed is not None
        assert report.suppressed == (finding,)
