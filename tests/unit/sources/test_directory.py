"""The names in a directory, as the system lists them and as the compiled part does."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hexscan import skim
from hexscan.sources import directory
from hexscan.sources.directory import listed

KINDS = ["file", "directory", "link", "broken link", "fifo", "socket"]
# As a file system takes them: no slash, no NUL.
NAMES = (
    st.binary(min_size=1, max_size=40)
    .map(lambda name: name.translate(None, b"\0/"))
    .filter(lambda name: name not in (b"", b".", b".."))
)


@pytest.fixture(autouse=True)
def _compiled() -> None:
    if skim.listing is None:
        pytest.skip("hexscan was installed without a compiler")


def make(path: bytes, kind: str) -> None:
    if kind == "file":
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL))
    elif kind == "directory":
        Path(os.fsdecode(path)).mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as bound:
            bound.bind(path)
    else:
        Path(os.fsdecode(path)).symlink_to("." if kind == "link" else "nowhere")


def as_the_system(path: bytes) -> list[directory.Names]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(skim, "listing", None)
        return list(listed(path))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(NAMES, st.sampled_from(KINDS), max_size=12))
def test_both_ways_come_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[bytes, str]
) -> None:
    root = os.fsencode(tmp_path_factory.mktemp("d"))
    for name, kind in entries.items():
        make(root + b"/" + name, kind)
    found = list(listed(root))
    assert [names for names in found if any(names)] == as_the_system(root)
    told = [name for names in found for some in names for name in some.split(b"\0")[:-1]]
    assert sorted(told) == sorted(entries)


def test_names_are_told_by_what_they_name_and_sorted(tmp_path: Path) -> None:
    names = {b"b": "file", b"\xff": "file", b"A": "file", b"l": "link", b"d": "directory"}
    for name, kind in names.items():
        make(os.fsencode(tmp_path) + b"/" + name, kind)
    assert list(listed(os.fsencode(tmp_path))) == [(b"A\0b\0\xff\0", b"d\0", b"l\0")]


@pytest.mark.parametrize(("number", "batches"), [(0, 0), (4, 1), (5, 2), (11, 3)])
def test_a_large_directory_comes_in_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, batches: int
) -> None:
    monkeypatch.setattr(directory, "BATCH", 4)
    for name in range(number):
        (tmp_path / str(name)).touch()
    found = [files for files, _, _ in listed(os.fsencode(tmp_path)) if files]
    assert len(found) == batches
    assert sorted(b"".join(found).split(b"\0")[:-1]) == sorted(
        b"%d" % name for name in range(number)
    )


@pytest.mark.parametrize("path", [b"gone", b"file", b"file/below", b"x" * 5000])
def test_what_cannot_be_listed_raises_as_the_system_does(tmp_path: Path, path: bytes) -> None:
    (tmp_path / "file").touch()
    path = os.fsencode(tmp_path) + b"/" + path
    with pytest.raises(OSError, match=r"\A\[Errno") as of_the_system:
        os.scandir(path)
    with pytest.raises(OSError, match=r"\A\[Errno") as of_ours:
        list(listed(path))
    assert of_ours.value.errno == of_the_system.value.errno


def test_no_path_of_a_system_has_a_nul() -> None:
    with pytest.raises(ValueError, match="null byte"):
        list(listed(b"a\0b"))
