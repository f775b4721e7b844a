import os
from pathlib import Path

import pytest

from hexscan.store import IN_MEMORY, Memory, OpenFile, Section, Spool, views

DATA = bytes(range(256)) * 4096


def test_all_stores_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(DATA)
    descriptor = os.open(file, os.O_RDONLY)
    spool = Spool([memoryview(DATA)])
    try:
        for store in (Memory(memoryview(DATA)), OpenFile(descriptor, len(DATA)), spool):
            assert store.size == len(DATA)
            assert store.read(100, 50) == DATA[100:150]
            assert store.read(len(DATA) - 5, 50) == DATA[-5:]
            section = Section(store, 1000, 20)
            assert section.read(10, 50) == DATA[1010:1020]
            assert b"".join(views(store, 7, len(DATA) + 9)) == DATA[7:]
    finally:
        os.close(descriptor)
        spool.close()


def test_a_large_spool_is_a_file_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    spool = Spool([memoryview(DATA)] * (IN_MEMORY // len(DATA) + 1))
    try:
        assert list(tmp_path.iterdir()) == []
        assert spool.read(IN_MEMORY, 300) == DATA[:300]
    finally:
        spool.close()
