"""Files that are read one behind the other."""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hexscan import skim
from hexscan.blob import CONTENT, Blob, Files, Origin, Skip
from hexscan.sources import files
from hexscan.sources.entries import VANISHED, Entries
from hexscan.sources.files import BUFFER_SIZE
from hexscan.sources.slab import Slab, gathered

OPEN_FILES = Path("/proc/self/fd")


@pytest.fixture(autouse=True, params=["compiled", "pure"])
def _both_ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure":
        monkeypatch.setattr(skim, "gather", None)
    elif skim.gather is None:
        pytest.skip("hexscan was installed without a compiler")


def write(root: Path, sizes: list[int]) -> tuple[Files, dict[bytes, bytes]]:
    """Write files of some sizes, each of its own content, and return them as a source would."""
    root.mkdir(exist_ok=True)
    contents = {}
    for number, size in enumerate(sizes):
        content = os.urandom(size)
        (root / str(number)).write_bytes(content)
        contents[os.fsencode(root / str(number))] = content
    names = b"".join(b"%d\0" % number for number in range(len(sizes)))
    return Files(os.fsencode(root) + b"/", names), contents


def read(items: Iterator[Blob | Skip | Slab]) -> dict[bytes, bytes]:
    """Return what every file holds, each of which has to come once."""
    contents = {}
    for item in items:
        assert not isinstance(item, Skip)
        for blob in item.blobs() if isinstance(item, Slab) else [item]:
            assert blob.origin == Origin(blob.origin.path, CONTENT)
            assert blob.origin.path not in contents
            contents[blob.origin.path] = b"".join([bytes(blob.head), *map(bytes, blob.rest or ())])
    return contents


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(
        st.one_of(
            st.integers(0, 3),
            st.integers(0, BUFFER_SIZE),
            st.sampled_from([BUFFER_SIZE - 1, BUFFER_SIZE, BUFFER_SIZE + 1, 3 * BUFFER_SIZE]),
        ),
        max_size=12,
    )
)
def test_every_file_comes_once_and_whole(tmp_path: Path, sizes: list[int]) -> None:
    listed, contents = write(tmp_path / "files", sizes)
    before = len(list(OPEN_FILES.iterdir())) if OPEN_FILES.exists() else 0
    entries = Entries()
    assert read(gathered([listed], Slab(entries))) == contents
    entries.close()
    assert (len(list(OPEN_FILES.iterdir())) if OPEN_FILES.exists() else 0) == before


@pytest.mark.parametrize("knows_directories", [True, False])
def test_with_and_without_open_directories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, knows_directories: bool
) -> None:
    listed, contents = write(tmp_path / "files", [4] * 9)
    if not knows_directories:
        monkeypatch.setattr(os, "supports_dir_fd", set())
    monkeypatch.setattr(skim, "gather", None)
    opened = []
    system_open = os.open

    def spy(path: bytes, flags: int, *, dir_fd: int | None = None) -> int:
        opened.append(dir_fd)
        return system_open(path, flags, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", spy)
    if knows_directories:
        monkeypatch.setattr(os, "supports_dir_fd", {spy})
    assert read(gathered([listed], Slab(Entries()))) == contents
    assert any(directory is not None for directory in opened) == knows_directories


@pytest.mark.parametrize("number", [1, 3, 4, 5])
def test_few_files_of_a_directory_and_many(tmp_path: Path, number: int) -> None:
    one, contents = write(tmp_path / "one", [7] * number)
    other, more = write(tmp_path / "other", [8] * number)
    # By a path from the current directory, too.
    named = Files(b"", os.fsencode(tmp_path / "one" / "0") + b"\0")
    first, second = gathered([one, other, Skip(Origin(b"s"), "policy", "why")], Slab(Entries()))
    assert isinstance(first, Skip)
    assert isinstance(second, Slab)
    assert {blob.origin.path: bytes(blob.head) for blob in second.blobs()} == contents | more
    (slab,) = gathered([one, other, named], Slab(Entries()))
    assert isinstance(slab, Slab)
    assert slab.paths == [*contents, *more, next(iter(contents))]


def test_a_path_that_is_too_long_is_a_failure(tmp_path: Path) -> None:
    listed = Files(os.fsencode(tmp_path) + b"/", b"x/" * 4000 + b"f\0")
    (item,) = gathered([listed], Slab(Entries()))
    assert isinstance(item, Skip)
    assert (item.kind, item.reason) == ("failure", "file name too long")


def test_files_of_a_directory_that_is_gone(tmp_path: Path) -> None:
    listed = Files(
        os.fsencode(tmp_path) + b"/gone/", b"".join(b"%d\0" % number for number in range(9))
    )
    items = list(gathered([listed], Slab(Entries())))
    assert [item.reason for item in items if isinstance(item, Skip)] == [VANISHED] * 9


def test_small_files_share_a_slab_over_directories(tmp_path: Path) -> None:
    one, contents = write(tmp_path / "one", [10, 20])
    other, more = write(tmp_path / "other", [0, 30])
    (slab,) = gathered([one, other], Slab(Entries()))
    assert isinstance(slab, Slab)
    assert {blob.origin.path: bytes(blob.head) for blob in slab.blobs()} == contents | more
    assert bytes(slab.data) == b"".join(b"%s\0" % content for content in (contents | more).values())


def test_a_slab_holds_so_many_files_and_no_more(tmp_path: Path) -> None:
    listed, contents = write(tmp_path / "files", [0] * 300)
    first, second = (
        len(item.paths) if isinstance(item, Slab) else -1
        for item in gathered([listed], Slab(Entries()))
    )
    assert (first, second) == (256, 44)
    assert read(gathered([listed], Slab(Entries()))) == contents


def test_what_a_source_has_read_itself_passes(tmp_path: Path) -> None:
    listed, _ = write(tmp_path / "files", [5])
    blob, skip = (
        Blob(Origin(b"name", "name"), memoryview(b"x")),
        Skip(Origin(b"y"), "policy", "why"),
    )
    items = list(gathered([blob, listed, skip], Slab(Entries())))
    assert items[:2] == [blob, skip]
    assert isinstance(items[2], Slab)


def test_what_is_no_file_any_more(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("nowhere")
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "directory").mkdir()
    names = b"link\0fifo\0directory\0gone\0"
    items = list(gathered([Files(os.fsencode(tmp_path) + b"/", names)], Slab(Entries())))
    told = {
        item.origin.path.rpartition(b"/")[2]: bytes(item.head)
        if isinstance(item, Blob)
        else (item.kind, item.reason)
        for item in items
        if not isinstance(item, Slab)
    }
    assert told == {
        b"link": b"nowhere",
        b"fifo": ("failure", "not a regular file any more"),
        b"directory": ("failure", "is a directory"),
        b"gone": ("policy", VANISHED),
    }


def test_a_file_that_breaks_off_is_read_by_itself_as_far_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(skim, "gather", None)
    listed, _ = write(tmp_path / "files", [9])
    reads = iter([5, -1] * 2)

    def broken(_descriptor: int, views: tuple[memoryview]) -> int:
        count = next(reads)
        if count < 0:
            raise OSError(errno.EIO, "Input/output error")
        views[0][:count] = b"x" * count
        return count

    monkeypatch.setattr(files, "_read_into", broken)
    (item,) = gathered([listed], Slab(Entries()))
    assert isinstance(item, Blob)
    assert bytes(item.head) == b"xxxxx"
    assert item.rest is not None
    with pytest.raises(Exception, match=r"\Ainput/output error\Z"):
        next(item.rest)


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="counts open files in /proc")
def test_a_scan_that_is_broken_off_leaves_nothing_open(tmp_path: Path) -> None:
    listed, _ = write(tmp_path / "files", [BUFFER_SIZE + 1, 3])
    before = len(list(OPEN_FILES.iterdir()))
    entries = Entries()
    items = gathered([listed], Slab(entries))
    first = next(items)
    assert isinstance(first, Blob)
    assert first.rest is not None
    entries.close()
    assert len(list(OPEN_FILES.iterdir())) == before


def test_a_rest_that_nobody_reads_does_no_harm(tmp_path: Path) -> None:
    listed, _ = write(tmp_path / "files", [BUFFER_SIZE * 2, 3, BUFFER_SIZE * 2])
    items = list(gathered([listed], Slab(Entries())))
    assert len(items) == 3
    assert not any(isinstance(item, Skip) for item in items)
