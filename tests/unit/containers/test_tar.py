from pathlib import Path

import pytest

from tests.support.archives import reasons, scan, tar, ways
from tests.support.keys import random_key

KEY = random_key(1).reveal().encode()
GIB = 1 << 30


def header(name: bytes, size: bytes, kind: bytes = b"0", link: bytes = b"") -> bytes:
    block = bytearray(512)
    block[: len(name)] = name
    block[124 : 124 + len(size)] = size
    block[156:157] = kind
    block[157 : 157 + len(link)] = link
    block[257:265] = b"ustar  \0"
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def base_256(size: int) -> bytes:
    return (size % (1 << 95) | 1 << 95).to_bytes(12, "big")


@pytest.mark.parametrize("size", [8 * GIB, 1 << 80])
def test_a_size_that_is_not_there_is_a_failure(size: int, tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(header(b"a", base_256(size)) + KEY)
    report = scan(file)
    assert (report.exit_status, ways(report)) == (2, ["a"])
    assert "cut short" in reasons(report)


def test_a_negative_size_is_a_failure_and_what_follows_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(header(b"a", base_256(-512)) + tar({"b": KEY}))
    report = scan(file)
    assert (report.exit_status, ways(report)) == (2, ["b"])


def test_after_a_header_that_is_none_everything_is_scanned(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(tar({"a": b"text"})[:1024] + b"no header".ljust(512) + KEY)
    report = scan(file)
    assert (report.exit_status, ways(report)) == (2, [""])
    assert report.findings[0].location.offset == 1536
    assert "1024" in reasons(report)


def test_blocks_of_zeros_end_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(tar({"a": b"text"}) + tar({"b": KEY}) + b"then some text: " + KEY)
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, ["b"])


@pytest.mark.parametrize("kind", [b"1", b"2"])
def test_targets_of_links_are_scanned(kind: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(header(b"link", b"0", kind, KEY))
    (found,) = scan(file).findings
    assert (found.location.place, found.location.container) == ("target", (b"link",))


def test_a_hard_link_with_the_size_of_its_target_has_no_data(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(header(b"link", b"1000", b"1", b"other") + tar({"b": KEY}))
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, ["b"])


def test_records_of_pax_are_scanned(tmp_path: Path) -> None:
    record = b" comment=" + KEY + b"\n"
    data = b"%d" % (len(record) + 2) + record
    file = tmp_path / "a.tar"
    file.write_bytes(
        header(b"x", b"%o" % len(data), b"x") + data.ljust(512, b"\0") + tar({"b": b""})
    )
    report = scan(file)
    assert len(report.findings) == 1
    assert report.findings[0].location.offset == 512 + data.index(KEY)


def test_a_hole_counts_as_unpacked(tmp_path: Path) -> None:
    block = bytearray(header(b"sparse", b"%o" % len(KEY), b"S"))
    block[386:410] = b"%011o\0%011o\0" % (4 * GIB, len(KEY))
    block[483:495] = b"%011o\0" % (5 * GIB)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    file = tmp_path / "a.tar"
    file.write_bytes(bytes(block) + KEY.ljust(512, b"\0"))
    report = scan(file)
    assert report.exit_status == 2
    assert "--max-ratio" in reasons(report)
    assert len(report.findings) == 1, "what remains is scanned as it stands"


def test_a_size_may_fill_its_field(tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(header(b"a", b"%012o" % 1024) + KEY.rjust(1024) + tar({"b": KEY}))
    report = scan(file)
    assert (report.exit_status, ways(report)) == (1, ["a", "b"])


@pytest.mark.parametrize("size", [b"abc", b"99999999999", b"-1"])
def test_a_size_that_is_no_number_is_a_failure(size: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.tar"
    file.write_bytes(header(b"a", size) + tar({"b": KEY}))
    report = scan(file)
    assert (report.exit_status, ways(report)) == (2, ["b"])
