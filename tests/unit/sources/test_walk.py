"""A walk through all there is, by directories one by one and by many at a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hexscan import skim
from hexscan.blob import Files, Skip
from hexscan.sources import walk
from hexscan.sources.manifest import Manifest, lined_up
from hexscan.sources.paths import Paths
from tests.support.keys import random_key
from tests.unit.sources.told import plant

NAMES = st.sampled_from(["a", "b", "c", ".git", "é", random_key(1).reveal()])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
KINDS = st.sampled_from(["file", "file", "file", "directory", "link", "fifo"])


@pytest.fixture(autouse=True)
def _compiled() -> None:
    if skim.tree is None:
        pytest.skip("hexscan was installed without a compiler")


def make(path: Path, kind: str) -> None:
    """Make something, unless something else stands in its way."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            return
        if kind == "file":
            path.touch()
        elif kind == "directory":
            path.mkdir(exist_ok=True)
        elif kind == "fifo":
            os.mkfifo(path)
        else:
            path.symlink_to("nowhere")
    except (FileExistsError, NotADirectoryError):
        pass


def told(root: Path) -> list[tuple[object, ...]]:
    """Return all that a walk yields, in its order."""
    found: list[tuple[object, ...]] = []
    for item in lined_up(Paths([os.fsencode(root)], ignore=False).items(), 256):
        if isinstance(item, Manifest):
            found += [("file", path) for path in item.paths()]
        elif isinstance(item, Skip):
            found.append((item.kind, item.origin.path, item.reason))
        else:
            found.append((item.origin.place, item.origin.path, bytes(item.head)))
    # Skips have no place in the order.
    skips = [one for one in found if one[0] in ("policy", "failure")]
    return [one for one in found if one not in skips] + skips


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(PATHS, KINDS), max_size=15), st.integers(1, 5))
def test_one_by_one_and_many_at_a_time(
    tmp_path_factory: pytest.TempPathFactory, entries: list[tuple[str, str]], most: int
) -> None:
    root = tmp_path_factory.mktemp("tree")
    for path, kind in entries:
        make(root / path, kind)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walk, "MOST_FILES", most)
        many = told(root)
        patch.setattr(skim, "tree", None)
        assert told(root) == many
    assert len(many) == len(set(many))
    files = {os.fsencode(path) for path in root.rglob("*") if path.is_file()}
    assert {one[1] for one in many if one[0] == "file"} == files


def test_clean_directories_are_not_listed_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a/x", "a/b/y", "c/z", "c/d/e/w", "v")
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(walk, "walk", None)
    (item,) = Paths([os.fsencode(tmp_path)], ignore=False).items()
    assert isinstance(item, Manifest)
    paths = [os.fsdecode(path).removeprefix(f"{tmp_path}/") for path in item.paths()]
    assert paths == ["v", "a/x", "a/b/y", "c/z", "c/d/e/w"]


def test_what_is_left_out_is_asked_about_for_each(tmp_path: Path) -> None:
    plant(tmp_path, "a/x", "a/y", "b/x")
    source = Paths([os.fsencode(tmp_path)], ignore=False, exclude=["a/x"])
    items = list(source.items())
    listed = [item for item in items if isinstance(item, Files)]
    assert [files.names for files in listed] == [b"y\0", b"x\0"]


def test_the_current_directory_has_no_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, "a/x", "y")
    monkeypatch.chdir(tmp_path)
    (item,) = Paths([b"."], ignore=False).items()
    assert isinstance(item, Manifest)
    assert list(item.paths()) == [b"y", b"a/x"]


@pytest.mark.parametrize("pending", [["a"], [b"a", None]])
def test_what_is_no_path_is_refused(pending: list[bytes]) -> None:
    assert skim.tree is not None
    with pytest.raises(TypeError):
        skim.tree(pending, 1)
