import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.memory.record import Record, UnusableError, digest_of, read, write

MEANING = b"m" * 32
RECORD = Record(
    b"".join(bytes([number]) * 20 for number in range(9)),
    b"\3" * 20,
    digest_of({b"x" * 20}),
    b"places",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "f"
    write(str(path), RECORD, MEANING, 20)
    return path


def why_not(path: Path, meaning: bytes = MEANING, size: int = 20) -> str:
    with pytest.raises(UnusableError) as caught:
        read(str(path), meaning, size)
    return str(caught.value)


def test_what_is_written_is_read(file: Path) -> None:
    assert read(str(file), MEANING, 20) == RECORD
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_no_file_is_no_record(tmp_path: Path) -> None:
    assert read(str(tmp_path / "none"), MEANING, 20) is None


def test_another_meaning_or_length_of_ids_is_not_used(file: Path) -> None:
    assert "another version" in why_not(file, b"n" * 32)
    assert why_not(file, size=32) == "it is not whole"


def test_every_byte_counts(file: Path) -> None:
    whole = file.read_bytes()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1 << at % 8
        file.write_bytes(changed)
        assert why_not(file), f"byte {at}"


def test_a_file_cut_short_or_continued_is_not_used(file: Path) -> None:
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert why_not(file), f"cut at {length}"
    file.write_bytes(whole + b"\0")
    assert why_not(file) == "it is not whole"


def test_the_file_of_another_format_is_not_used(file: Path) -> None:
    file.write_bytes(b"hexscan memory 0" + file.read_bytes()[16:])
    assert why_not(file) == "it is in no format that is known"


@given(st.binary(max_size=400))
def test_whatever_the_bytes_nothing_is_made_of_them(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "a file of a memory"
    path.write_bytes(data)
    assert why_not(path)
    path.write_bytes(RECORD_HEAD + data)
    assert why_not(path)


RECORD_HEAD = b"hexscan memory 2" + MEANING


def test_what_is_no_plain_file_is_not_opened(tmp_path: Path, file: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert why_not(fifo) == "it is no plain file"
    assert why_not(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(file)
    assert why_not(link)


def test_another_users_file_is_not_used(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    assert why_not(file) == "it is another user's"


def test_what_cannot_be_written_leaves_what_there_was(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.write

    def full(descriptor: int, data: memoryview) -> int:
        if len(data) > 40:
            return real(descriptor, data[:40])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space left"):
        write(str(file), Record(b"\7" * 20 * 99), MEANING, 20)
    monkeypatch.undo()
    assert list(file.parent.iterdir()) == [file]
    assert read(str(file), MEANING, 20) == RECORD


def test_places_hold_as_long_as_no_object_is_added() -> None:
    assert RECORD.with_ids(RECORD.ids) == RECORD
    more = RECORD.with_ids(RECORD.ids + b"\xff" * 20)
    assert (more.tips, more.others, more.places) == (RECORD.tips, RECORD.others, b"")
