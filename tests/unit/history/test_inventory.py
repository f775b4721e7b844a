"""The names of all objects, taken while git writes them."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from hexscan.history.inventory import Inventory
from hexscan.sources.git import output
from hexscan.sources.git.repository import find
from tests.support.histories import Repo


@pytest.mark.parametrize("at_once", [41, 60, 82, 1 << 20])
def test_all_names_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(output, "_PIPE", at_once)
    repo = Repo(tmp_path / "r")
    for number in range(4):
        repo.commit("a", str(number))
    listing = ("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    names = [bytes.fromhex(name) for name in repo.git(*listing).split()]
    with ExitStack() as running:
        taken = Inventory(find(repo.path), running)
        difference = taken.compare(b"".join([*names[:5], b"\xff" * 20]))
    assert taken.listed == b"".join(names)
    assert difference is not None
    assert difference.new == b"".join(names[5:])
    assert difference.gone == b"\xff" * 20


def test_a_listing_that_fails_is_none(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "r")
    repo.commit("a", "x")
    found = find(repo.path)
    (repo.root / ".git" / "HEAD").unlink()
    with ExitStack() as running:
        assert Inventory(found, running).compare(b"") is None
