from pathlib import Path

import pytest

from hexscan.blob import Blob, Origin, ReadError, Skip
from hexscan.sources.files import BUFFER_SIZE
from hexscan.sources.git.stored import Objects
from tests.support.repositories import git, loose_object, repository, told


def put(root: Path, content: bytes) -> str:
    return git(root, "hash-object", "-w", "--stdin", stdin=content)


def corrupt(root: Path, name: str, at: int) -> None:
    """Flip the bits of one byte of a loose object; its header is in the first ones."""
    file = loose_object(root, name)
    data = bytearray(file.read_bytes())
    data[at] ^= 0xFF
    file.chmod(0o644)
    file.write_bytes(data)


def wanted(names: list[str]) -> list[tuple[bytes, Origin]]:
    return [(name.encode(), Origin(b"%d" % at)) for at, name in enumerate(names)]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = repository(tmp_path / "r")
    git(root, "config", "core.compression", "0")
    monkeypatch.chdir(root)
    return root


def test_the_origin_gets_name_and_type(root: Path) -> None:
    name = put(root, b"one")
    tree = git(root, "write-tree")
    with Objects() as objects:
        origins = [item.origin for item in objects.read(wanted([name, tree]))]
    assert [origin.git_object for origin in origins] == [(name, "blob"), (tree, "tree")]


@pytest.mark.parametrize("at", [0, 2, -2])
def test_a_corrupt_object_is_a_failure_and_the_others_are_read(root: Path, at: int) -> None:
    names = [put(root, b"%d" % number * 500) for number in range(5)]
    for bad in (names[0], names[2], names[3]):
        corrupt(root, bad, at)
    with Objects() as objects:
        found = told(objects.read(wanted(names)))
    assert {key[0] for key in found if key[1] == "failure"} == {b"0", b"2", b"3"}
    assert found[b"1", "content"] == b"1" * 500
    assert found[b"4", "content"] == b"4" * 500
    for (_, kind), reason in found.items():
        if kind == "failure":
            assert str(reason).startswith("the object is missing or corrupt")


def test_a_missing_object_is_a_failure_and_the_others_are_read(root: Path) -> None:
    names = [put(root, b"a"), "1" * 40, put(root, b"b")]
    with Objects() as objects:
        found = told(objects.read(wanted(names)))
    assert found == {
        (b"0", "content"): b"a",
        (b"1", "failure"): "the object is missing or corrupt",
        (b"2", "content"): b"b",
    }


def test_a_large_object_that_breaks_off(root: Path) -> None:
    # Git streams what is larger than this, and so notices in the middle that a part is wrong.
    git(root, "config", "core.bigFileThreshold", "100k")
    large, small = put(root, b"x" * 4 * BUFFER_SIZE), put(root, b"small")
    corrupt(root, large, 3 * BUFFER_SIZE)
    file = loose_object(root, large)
    file.write_bytes(file.read_bytes()[: 3 * BUFFER_SIZE])
    kinds = []
    with Objects() as objects:
        for item in objects.read(wanted([large, small])):
            try:
                kinds.append("skip" if isinstance(item, Skip) else len(b"".join(read(item))))
            except ReadError as error:
                kinds.append(str(error)[:32])
    assert kinds == ["the object is missing or corrupt", 5]


def read(blob: Blob) -> list[bytes]:
    return [bytes(blob.head), *map(bytes, blob.rest or ())]


def test_more_objects_than_are_asked_for_at_once(root: Path) -> None:
    names = [put(root, b"%d" % number) for number in range(7)] * 100
    with Objects() as objects:
        found = told(objects.read(wanted(names)))
    assert found == {(b"%d" % at, "content"): b"%d" % (at % 7) for at in range(700)}
