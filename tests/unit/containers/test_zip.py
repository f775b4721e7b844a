import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from tests.support.archives import reasons, scan, ways, zipped
from tests.support.keys import random_key

KEY = random_key(1).reveal().encode()


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_methods(method: int, tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(zipped({"first": b"text" * 100, "a/b": KEY}, method))
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, ["a/b"])


def test_a_stream_with_descriptors(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    stream = Pipe()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/b", KEY)
        archive.writestr("c", b"text")
    file = tmp_path / "a.zip"
    file.write_bytes(stream.getvalue())
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, ["a/b"])


def test_an_entry_that_the_directory_does_not_name(tmp_path: Path) -> None:
    hidden = zipped({"hidden": KEY})
    hidden = hidden[: hidden.index(b"PK\x01\x02")]
    file = tmp_path / "a.zip"
    file.write_bytes(hidden + zipped({"shown": b"text"}))
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, ["hidden"])


def test_bytes_between_and_after_entries(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(b"#! " + KEY + b"\n" + zipped({"shown": b"text"}))
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, [""])
    assert report.findings[0].location.offset == 3


def test_comments_and_extra_fields_are_scanned(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo("a")
        info.comment = KEY
        archive.writestr(info, b"text")
    file = tmp_path / "a.zip"
    file.write_bytes(stream.getvalue())
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, [""])


def test_a_method_that_is_not_known_is_named(tmp_path: Path) -> None:
    data = bytearray(zipped({"a": b"text", "b": KEY}))
    data[8:10] = struct.pack("<H", 9)
    at = data.index(b"PK\x01\x02")
    data[at + 10 : at + 12] = struct.pack("<H", 9)
    file = tmp_path / "a.zip"
    file.write_bytes(data)
    report = scan(file)
    assert (report.exit_status, ways(report)) == (2, ["b"])
    assert "deflate64" in reasons(report)


def test_a_wrong_checksum_is_a_failure(tmp_path: Path) -> None:
    data = zipped({"a": KEY})
    right = struct.pack("<L", zlib.crc32(KEY))
    file = tmp_path / "a.zip"
    file.write_bytes(data.replace(right, b"oops"))
    report = scan(file)
    assert (report.exit_status, ways(report)) == (2, ["a"])
    assert "checksum" in reasons(report)


def test_an_archive_without_its_directory(tmp_path: Path) -> None:
    data = zipped({"a": KEY})
    file = tmp_path / "a.zip"
    file.write_bytes(data[: data.index(b"PK\x01\x02")])
    report = scan(file)
    assert (report.exit_status, ways(report)) == (2, ["a"])
    assert "directory is missing" in reasons(report)


def test_an_empty_archive_is_complete(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(zipped({}))
    assert scan(file).exit_status == 0


def test_entries_that_overlap_count_each_time(tmp_path: Path) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(20 << 20)) + packer.flush()
    sizes = struct.pack("<LLL", zlib.crc32(bytes(20 << 20)), len(body), 20 << 20)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + b"\1\0\0\0a" + body
    central = (
        b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes + b"\1\0" + bytes(16)
    )
    entries = 300 * (central + b"a")
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 300, 300, len(entries), len(local), 0)
    file = tmp_path / "a.zip"
    file.write_bytes(local + entries + end)
    report = scan(file)
    assert report.exit_status == 2
    assert "--max-ratio" in reasons(report)
