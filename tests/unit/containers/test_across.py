"""Keys in what belongs to no member, or to two of them."""

import tarfile
from pathlib import Path

import pytest

from tests.support.archives import beam, scan, tar, ways
from tests.support.keys import random_key

KEY = random_key(1).reveal().encode()


def test_what_fills_up_a_block_of_a_tar_is_scanned(tmp_path: Path) -> None:
    data = bytearray(tar({"a": b"hello", "b": b"x"}, tarfile.GNU_FORMAT))
    data[600 : 600 + len(KEY)] = KEY
    file = tmp_path / "a.tar"
    file.write_bytes(data)
    report = scan(file)
    assert [found.location.offset for found in report.findings] == [600]
    assert report.exit_status == 1


@pytest.mark.parametrize("cut", [1, 20, 43])
def test_a_key_that_lies_across_two_parts_is_told_once(cut: int, tmp_path: Path) -> None:
    file = tmp_path / "a.beam"
    # A chunk of a multiple of four bytes has nothing behind it.
    start = b"-" * (-cut % 4)
    file.write_bytes(beam({"Atom": start + KEY[:cut]}) + KEY[cut:])
    report = scan(file)
    assert [found.location.offset for found in report.findings] == [20 + len(start)]
    assert ways(report) == [""]
