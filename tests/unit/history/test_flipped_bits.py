"""A repository with one wrong bit: all keys are found, or the run is not complete. Never clean."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.run import scan_history
from tests.support.histories import Repo
from tests.support.keys import random_key

KEYS = [random_key(number) for number in range(6)]
EVERY_KEY = {key.fingerprint for key in KEYS}
TEXT = "".join(f"line {number} of a file that has versions\n" for number in range(40))


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a repository whose only objects are in a pack, with deltas, each key once in it.

    Nothing but objects and a packed ref, so that no key is anywhere else.
    """
    root = tmp_path_factory.mktemp("packed") / "r"
    repo = Repo(root)
    for number, key in enumerate(KEYS[:4]):
        repo.commit("a", TEXT.replace(f"line {number * 9} ", f"{key.reveal()} "))
    repo.commit("b", "b", message=KEYS[4].reveal())
    repo.git("tag", "--annotate", "--message", KEYS[5].reveal(), "v1")
    repo.git("-c", "gc.reflogExpire=now", "gc", "--quiet", "--prune=now")
    git_dir = root / ".git"
    shutil.rmtree(git_dir / "logs")
    (git_dir / "COMMIT_EDITMSG").unlink()
    (git_dir / "index").unlink()
    assert scan(root).exit_status == 1
    return git_dir


def scan(root: Path) -> Report:
    return scan_history(os.fsencode(root), Config())


@pytest.mark.parametrize("kind", ["pack", "idx"])
@settings(max_examples=25)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_bit_of_a_pack_or_of_its_index(packed: Path, kind: str, where: float, bit: int) -> None:
    (file,) = (packed / "objects/pack").glob(f"*.{kind}")
    content = file.read_bytes()
    changed = bytearray(content)
    changed[int(where * len(content))] ^= 1 << bit
    file.chmod(0o600)
    file.write_bytes(changed)
    try:
        report = scan(packed.parent)
    finally:
        file.write_bytes(content)
    assert report.exit_status in {1, 2}
    if report.exit_status == 1:
        assert {finding.fingerprint for finding in report.findings} == EVERY_KEY


@settings(max_examples=25)
@given(which=st.integers(0, 2), where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_bit_of_a_loose_object(
    tmp_path_factory: pytest.TempPathFactory, which: int, where: float, bit: int
) -> None:
    repo = Repo(tmp_path_factory.mktemp("loose") / "r")
    repo.commit("a", KEYS[0].reveal())
    (repo.root / ".git" / "index").unlink()
    names = repo.git("rev-parse", "HEAD", "HEAD^{tree}", "HEAD:a").split()
    file = repo.object_file(names[which])
    content = bytearray(file.read_bytes())
    content[int(where * len(content))] ^= 1 << bit
    file.chmod(0o600)
    file.write_bytes(content)
    assert scan(repo.root).exit_status in {1, 2}
