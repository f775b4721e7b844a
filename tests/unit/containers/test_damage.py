"""Damage at the very start, where it would turn a container into bytes like any other."""

import gzip
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.support.archives import PACKERS, bundle, pack, reasons, scan, tar, zipped
from tests.support.keys import random_key

KEY = random_key(1).reveal().encode()
TEXT = Random(1).randbytes(500).hex().encode() + KEY
# A key that is found in plain text would tell nothing.
PACKED = gzip.compress(TEXT)

# What has a magic that is proof enough; from where to where its first structure goes.
PARTS = {
    "gzip": (4, 90),
    "xz": (6, 90),
    "tar": (0, 512, 3),
    "pax": (0, 512, 3),
    "ar": (8, 68),
    "bundle": (16, 100),
    "LitT": (16, 90),
    "pack": (8, 90),
}


def damaged(packer: str) -> dict[int, bytes]:
    """Return copies with one wrong bit each, by the offset of the byte that has it."""
    data = PACKERS[packer](TEXT if packer in {"gzip", "xz", "LitT", "pack", "bundle"} else PACKED)
    copies = {}
    for at in range(*PARTS[packer]):
        copy = bytearray(data)
        copy[at] ^= 1 << at % 8
        copies[at] = bytes(copy)
    return copies


@pytest.mark.parametrize("packer", PARTS)
def test_a_bit_at_the_start_makes_no_container_pass_unread(packer: str, tmp_path: Path) -> None:
    silent = []
    for at, data in damaged(packer).items():
        assert KEY not in data
        file = tmp_path / f"{at}.bin"
        file.write_bytes(data)
        if not scan(file).exit_status:
            silent.append(at)
    assert not silent


@pytest.mark.parametrize("make", [pack, bundle])
def test_a_pack_of_which_the_first_object_is_corrupt(
    make: Callable[[list[bytes]], bytes], tmp_path: Path
) -> None:
    file = tmp_path / "a.bin"
    data = bytearray(make([KEY, b"another"]))
    at = data.index(b"PACK") + 12
    data[at : at + 8] = b"\xff" * 8
    file.write_bytes(data)
    report = scan(file)
    assert report.exit_status == 2
    assert "pack" in reasons(report)


def test_a_zip_that_lacks_a_part_of_its_first_entry(tmp_path: Path) -> None:
    data = zipped({"a": TEXT, "b": TEXT})
    file = tmp_path / "a.zip"
    file.write_bytes(data[:60] + data[160:])
    report = scan(file)
    assert report.exit_status == 2
    assert "zip" in reasons(report)


def test_a_corrupt_delta_in_a_pack(tmp_path: Path) -> None:
    delta = b"\x7c" + bytes(20) + b"no deflate"
    file = tmp_path / "a.pack"
    file.write_bytes(b"PACK\0\0\0\2\0\0\0\1" + delta + bytes(20))
    report = scan(file)
    assert report.exit_status == 2
    assert "corrupt git pack" in reasons(report)


def test_a_tar_that_ends_within_a_block(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(tar({"a": b"text", "b": PACKED})[:700])
    report = scan(file)
    assert report.exit_status == 2
    assert "cut short" in reasons(report)


def test_a_tar_that_ends_where_a_name_has_promised_a_member(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(tar({"n" * 200: KEY})[:1024])
    report = scan(file)
    assert report.exit_status == 2
    assert "cut short" in reasons(report)


def test_a_tar_may_end_without_blocks_of_zeros(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(tar({"a": b"text"})[:1024])
    assert scan(file).exit_status == 0


def test_a_table_of_literals_that_does_not_inflate(tmp_path: Path) -> None:
    data = PACKERS["LitT"](KEY)
    at = data.index(b"LitT") + 12
    file = tmp_path / "a.beam"
    file.write_bytes(data[:at] + b"\xff\xff" + data[at + 2 :])
    report = scan(file)
    assert report.exit_status == 2
    assert "LitT" in reasons(report)


@pytest.mark.parametrize("name", [b"\0\0\0\0", b"Li\xffT"])
def test_a_chunk_without_a_name(name: bytes, tmp_path: Path) -> None:
    data = PACKERS["LitT"](KEY)
    file = tmp_path / "a.beam"
    file.write_bytes(data.replace(b"LitT", name))
    assert scan(file).exit_status == 2


@pytest.mark.parametrize("change", [-8, 8])
def test_a_module_of_another_size_than_it_says(change: int, tmp_path: Path) -> None:
    data = PACKERS["LitT"](KEY)
    size = int.from_bytes(data[4:8], "big") + change
    file = tmp_path / "a.beam"
    file.write_bytes(data[:4] + size.to_bytes(4, "big") + data[8:])
    assert scan(file).exit_status
