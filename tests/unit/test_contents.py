import gzip
import io
import itertools
import os
from pathlib import Path
from random import Random

import pytest

import hexscan
from hexscan.matcher import sift
from tests.support.archives import PACKERS, beam, reasons, scan, tar, ways, zipped
from tests.support.keys import random_key

KEY = random_key(1).reveal().encode()
TEXT = b"a first line\nkey: " + KEY + b"\n"


@pytest.mark.parametrize("pair", list(itertools.product(PACKERS, PACKERS)), ids="-in-".join)
def test_every_container_holds_every_other(pair: tuple[str, str], tmp_path: Path) -> None:
    inner, outer = pair
    file = tmp_path / "file.bin"
    file.write_bytes(PACKERS[outer](PACKERS[inner](TEXT)))
    report = scan(file)
    (found,) = report.findings
    assert found.fingerprint == random_key(1).fingerprint
    assert (found.location.line, found.location.column) == (2, 6)
    assert found.location.offset == TEXT.index(KEY)
    assert found.location.container
    assert report.exit_status == 1


@pytest.mark.parametrize("outer", PACKERS)
def test_a_large_member_is_read_to_its_end(outer: str, tmp_path: Path) -> None:
    data = Random(1).randbytes(900_000)
    assert not sift(data)
    file = tmp_path / "file.bin"
    file.write_bytes(PACKERS[outer](data + b"\n" + KEY))
    report = scan(file)
    assert [found.preview for found in report.findings] == [random_key(1).preview]
    assert report.findings[0].location.offset == 900_001
    assert report.exit_status == 1


@pytest.mark.parametrize("outer", PACKERS)
def test_without_unpacking_bytes_are_scanned_as_they_stand(outer: str, tmp_path: Path) -> None:
    file = tmp_path / "file.bin"
    file.write_bytes(PACKERS[outer](TEXT))
    report = scan(file, unpack=False)
    assert not report.failures
    assert all(found.location.container == () for found in report.findings)


def test_a_stream_between_a_file_and_its_members_goes_without_saying(tmp_path: Path) -> None:
    file = tmp_path / "app.tgz"
    file.write_bytes(gzip.compress(tar({"lib/app.ex": TEXT})))
    assert ways(scan(file)) == ["lib/app.ex"]


def test_an_image_is_told_layer_by_layer(tmp_path: Path) -> None:
    layer = gzip.compress(tar({"app/config.exs": TEXT}))
    later = tar({"app/.wh.config.exs": b""})
    file = tmp_path / "image.tar"
    file.write_bytes(tar({"blobs/sha256/aa": layer, "blobs/sha256/bb": later, "manifest": b"[]"}))
    assert ways(scan(file)) == ["blobs/sha256/aa!app/config.exs"]


def test_the_table_of_literals_may_stand_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "app.beam"
    file.write_bytes(beam({"LitT": bytes(4) + TEXT}))
    assert ways(scan(file)) == ["LitT"]


def test_a_hex_package_is_read_down_to_its_contents(tmp_path: Path) -> None:
    contents = gzip.compress(tar({"lib/app.ex": TEXT}))
    file = tmp_path / "app-1.0.0.tar"
    file.write_bytes(tar({"VERSION": b"3", "metadata.config": b"", "contents.tar.gz": contents}))
    assert ways(scan(file)) == ["contents.tar.gz!lib/app.ex"]


def test_names_of_members_are_scanned_and_masked(tmp_path: Path) -> None:
    for pack in (tar, zipped):
        file = tmp_path / "a.bin"
        file.write_bytes(pack({f"dir/{KEY.decode()}.txt": b"nothing"}))
        (found,) = scan(file).findings
        assert found.location.place == "name"
        assert KEY not in found.location.container[0]


def nested(depth: int) -> bytes:
    data = TEXT
    for level in range(depth):
        data = tar({f"{level}.tar": data})
    return data


def test_eight_containers_in_one_another_are_opened(tmp_path: Path) -> None:
    file = tmp_path / "deep.tar"
    file.write_bytes(nested(8))
    report = scan(file)
    assert (report.exit_status, ways(report)[0].count("!")) == (1, 7)


def test_a_ninth_is_a_failure_and_is_scanned_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "deep.tar"
    file.write_bytes(nested(9))
    report = scan(file)
    assert report.exit_status == 2
    assert len(report.findings) == 1
    assert "--max-depth" in reasons(report)
    assert scan(file, max_depth=9).exit_status == 1


@pytest.mark.parametrize(
    ("option", "value"), [("max_expanded", 1 << 20), ("max_members", 5)], ids=["bytes", "members"]
)
def test_a_limit_that_strikes_is_a_failure(option: str, value: int, tmp_path: Path) -> None:
    members = {f"{number}.bin": os.urandom(1 << 18) for number in range(8)}
    file = tmp_path / "a.zip"
    file.write_bytes(zipped(members) + b"\n" + KEY)
    report = scan(file, **{option: value})
    assert report.exit_status == 2
    assert f"--{option.replace('_', '-')}" in reasons(report)
    assert ".hexscanignore" in reasons(report)
    assert len(report.findings) == 1, "the file's own bytes are scanned all the same"
    assert scan(file).exit_status == 1


def test_a_bomb_strikes_the_ratio(tmp_path: Path) -> None:
    file = tmp_path / "bomb.gz"
    file.write_bytes(gzip.compress(gzip.compress(bytes(100 << 20))))
    report = scan(file)
    assert (report.exit_status, len(report.failures)) == (2, 1)
    assert "--max-ratio" in reasons(report)


@pytest.mark.parametrize("outer", ["gzip", "bzip2", "xz", "tar", "zip", "ar", "beam", "pack"])
def test_what_is_cut_short_is_a_failure(outer: str, tmp_path: Path) -> None:
    data = TEXT + Random(1).randbytes(600_000)
    packed = PACKERS[outer](data)
    file = tmp_path / "cut.bin"
    file.write_bytes(packed[: len(packed) * 2 // 3])
    report = scan(file)
    assert report.exit_status == 2
    assert ".hexscanignore" in reasons(report)
    if outer not in {"bzip2", "pack"}:
        assert len(report.findings) == 1, "what could be read is scanned"


@pytest.mark.parametrize("outer", ["gzip", "bzip2", "xz", "zip"])
def test_what_is_corrupt_is_a_failure_and_its_rest_is_scanned(outer: str, tmp_path: Path) -> None:
    packed = bytearray(PACKERS[outer](Random(1).randbytes(3_000_000)))
    middle = len(packed) // 2
    packed[middle : middle + 400] = bytes(400)
    file = tmp_path / "corrupt.bin"
    file.write_bytes(packed + b"\n" + KEY)
    report = scan(file)
    assert report.exit_status == 2
    assert len(report.findings) == 1


MAGIC = [
    b"\x1f\x8b\x08\0",
    b"BZh9",
    b"x\x9c",
    b"x^",
    b"PK\x03\x04",
    b"PK",
    b"FOR1",
    b"\x83\x50",
    b"PACK",
    b"!<arch>\n",
    b"# v2 git bundle",
    b"\xfd7zXZ\0",
    b"]\0\0\x80\0",
    b"\x28\xb5\x2f",
]


@pytest.mark.parametrize("magic", MAGIC)
@pytest.mark.parametrize("filler", [b"a text that goes on ", b"\xff\x07", b""])
def test_what_only_looks_like_a_container_is_bytes(
    magic: bytes, filler: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "file.bin"
    file.write_bytes(magic + filler * 100 + b"\n" + KEY)
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, [""])


def test_a_zip_at_the_end_of_a_large_program_is_found(tmp_path: Path) -> None:
    program = b"#!/usr/bin/env escript\n" + Random(1).randbytes(700_000)
    file = tmp_path / "tool"
    file.write_bytes(program + zipped({"ebin/a": TEXT}))
    assert ways(scan(file)) == ["ebin/a"]
    file.write_bytes(gzip.compress(program + zipped({"ebin/a": TEXT})))
    assert ways(scan(file)) == ["unpacked!ebin/a"]


def test_a_zip_at_an_end_that_has_passed_is_a_failure(tmp_path: Path) -> None:
    file = tmp_path / "data.gz"
    file.write_bytes(gzip.compress(Random(1).randbytes(700_000) + zipped({"a": TEXT})))
    report = scan(file)
    assert report.exit_status == 2
    assert "a zip archive at its end" in reasons(report)


@pytest.mark.parametrize("outer", PACKERS)
def test_standard_input_is_unpacked_too(outer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = PACKERS[outer](Random(1).randbytes(600_000) + KEY)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(packed)))
    report = hexscan.scan(["-"])
    assert (report.exit_status, len(report.findings)) == (1, 1)
    assert report.findings[0].location.container
