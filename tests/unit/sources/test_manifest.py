"""Files of many directories in one piece of bytes."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.blob import Blob, Files, Origin, Skip
from hexscan.sources.manifest import Line, Manifest, lined_up

NAMES = st.lists(
    st.binary(min_size=1, max_size=5).map(lambda name: name.replace(b"\0", b"/")),
    min_size=1,
    max_size=9,
)
LISTED = st.lists(st.tuples(st.sampled_from([b"", b"a/", b"b/c/"]), NAMES, st.booleans()))


def files(prefix: bytes, names: list[bytes], *, named: bool = False) -> Files:
    return Files(prefix, b"".join(name + b"\0" for name in names), named)


def taken(manifest: Manifest) -> list[bytes]:
    paths = []
    while not manifest.is_through:
        name = manifest.take()
        paths.append(manifest.prefix + name)
    return paths


@given(LISTED, st.integers(1, 7))
def test_every_file_comes_once_and_in_order(
    listed: list[tuple[bytes, list[bytes], bool]], number: int
) -> None:
    source = [files(prefix, names, named=named) for prefix, names, named in listed]
    manifests = [item for item in lined_up(source, number) if isinstance(item, Manifest)]
    told = [(path, each.named) for each in manifests for path in each.paths()]
    assert told == [(prefix + name, named) for prefix, names, named in listed for name in names]
    assert told == [(path, each.named) for each in manifests for path in taken(each)]
    assert all(each.paths() for each in manifests)
    assert all(1 <= len(list(Manifest(each.items).paths())) <= number for each in manifests)


@given(st.lists(st.tuples(st.sampled_from([b"", b"a/"]), NAMES), min_size=1), st.data())
def test_the_rest_is_what_was_not_taken(
    listed: list[tuple[bytes, list[bytes]]], data: st.DataObject
) -> None:
    (manifest,) = lined_up((files(prefix, names) for prefix, names in listed), 1000)
    assert isinstance(manifest, Manifest)
    paths = list(manifest.paths())
    number = data.draw(st.integers(0, len(paths) - 1))
    for _ in range(number):
        manifest.take()
    assert list(manifest.paths()) == paths[number:]
    # As it goes from process to process.
    rest = pickle.loads(pickle.dumps(manifest.rest()))  # noqa: S301 - just packed
    assert taken(rest) == paths[number:]


def test_paths_up_to_an_item() -> None:
    (manifest,) = Line(3).add(files(b"a/", [b"x", b"y", b"z"]))
    start = Manifest(manifest.items)
    manifest.take()
    manifest.take()
    assert list(start.paths(manifest.at)) == [b"a/x", b"a/y"]


@pytest.mark.parametrize(("before", "ahead"), [(1, 2), (2, 1), (3, 0), (4, 1), (5, 0)])
def test_names_before_the_next_prefix(before: int, ahead: int) -> None:
    line = Line(5)
    assert list(line.add(files(b"a/", [b"x", b"y", b"z"]))) == []
    (manifest,) = line.add(files(b"b/", [b"v", b"w"]))
    for _ in range(before):
        manifest.take()
    assert manifest.names_ahead() == ahead


def test_files_stay_in_front_of_a_blob_and_not_of_a_skip() -> None:
    blob = Blob(Origin(b"l", "target"), memoryview(b"x"))
    skip = Skip(Origin(b"y"), "policy", "why")
    items = list(lined_up([files(b"", [b"1"]), skip, files(b"", [b"2"]), blob], 9))
    assert items[0] == skip
    assert isinstance(items[1], Manifest)
    assert list(items[1].paths()) == [b"1", b"2"]
    assert items[2:] == [blob]
