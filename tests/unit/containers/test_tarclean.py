from __future__ import annotations

import base64
import io
import tarfile
from collections.abc import Callable
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hexscan.blob import Blob, Origin, Skip
from hexscan.containers import tar
from hexscan.containers.budget import Budget, LimitError, Limits
from hexscan.containers.tarclean import Chunk
from hexscan.decoding_scanner import DecodingScanner
from hexscan.finding import Finding
from hexscan.scanner import Scanner
from tests.support import archives
from tests.support.keys import legacy, random_key

if TYPE_CHECKING:
    from hexscan.match import Data


def with_header(data: bytes, magic: bytes, checksum: bytes) -> bytes:
    """Give a tar's first header another magic, and write its checksum in another form."""
    block = bytearray(data[:512])
    block[257:265] = magic.ljust(8, b"\0")
    block[148:156] = b" " * 8
    block[148:156] = checksum % sum(block)
    return bytes(block) + data[512:]


KEY = random_key(1).reveal().encode()
LABELLED = b"HEX_API_KEY=" + legacy(2).reveal().encode() + b"\n"
INNER = archives.tar({"b": KEY})
OLD_TAR = with_header(INNER, b"", b"%06o\0 ")
OTHER_TAR = with_header(INNER, b"ustar", b"%07o\0")
BASE64 = base64.b64encode(b"a key: " + KEY + b" and more")
GZIP = archives.PACKERS["gzip"](KEY)
ZIP = archives.zipped({"a": KEY})

DATA = st.sampled_from(
    [
        b"",
        b"text",
        b"# text\n" * 90,
        b"hex_array = {_key_}\n" * 40,
        KEY,
        KEY.rjust(512),
        LABELLED,
        LABELLED.rjust(512),
        BASE64,
        BASE64.rjust(512, b"A"),
        BASE64.ljust(1024, b"="),
        KEY.decode().encode("utf-16-le"),
        KEY.replace(b"_", b"%5f"),
        KEY[4:].rjust(1024),
        b"x" * 1000 + KEY,
        INNER,
        OLD_TAR,
        ZIP,
        b"#!/usr/bin/env escript\n" + ZIP,
        GZIP,
    ]
)
NAMES = st.sampled_from(["a", "b/c.txt", "m/" * 20 + "n" * 90, KEY.decode(), "d/" * 60 + "e"])
KINDS = st.sampled_from([tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.DIRTYPE, tarfile.CONTTYPE])
MEMBERS = st.lists(st.tuples(NAMES, KINDS, DATA), max_size=12)
FORMS = st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])


def packed(members: list[tuple[str, bytes, bytes]], form: int) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, kind, data in members:
            info = tarfile.TarInfo(name)
            info.type = kind
            info.size = 0 if kind == tarfile.DIRTYPE else len(data)
            info.mtime = 1.5 if form == tarfile.PAX_FORMAT else 1
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def contents(
    data: bytes, gate: Scanner, step: int, limits: Limits | None = None
) -> tuple[set[Finding], list[str]]:
    """Scan every item that a tar of these bytes yields, read in views of ``step`` bytes."""
    views = [memoryview(data[at : at + step]) for at in range(0, len(data), step)]
    blob = Blob(Origin(b"a.tar"), views[0], iter(views[1:]))
    findings: set[Finding] = set()
    reasons = []
    for item in tar.members(blob, Budget(limits or Limits(), len(data), gate)):
        if isinstance(item, Skip):
            reasons.append(item.reason)
        else:
            findings.update(gate.scan(item))
    return findings, reasons


@settings(max_examples=300)
@given(
    members=MEMBERS,
    form=FORMS,
    step=st.sampled_from([512, 1000, 20_000, 1 << 18]),
    decode=st.booleans(),
)
def test_what_is_passed_over_holds_nothing(
    members: list[tuple[str, bytes, bytes]], form: int, step: int, *, decode: bool
) -> None:
    data = packed(members, form)
    gate = DecodingScanner() if decode else Scanner()
    found, reasons = contents(data, gate, step)
    assert not reasons
    with patch.object(Chunk, "end_of_clean", lambda _, start: start):
        expected, _ = contents(data, gate, step)
    assert found == expected


@pytest.mark.parametrize(
    "content",
    [ZIP, b"#!/bin/sh\n" + ZIP, GZIP, INNER, OLD_TAR, OTHER_TAR],
    ids=["zip", "script", "gzip", "tar", "tar without magic", "tar by its magic"],
)
def test_a_container_is_never_passed_over(content: bytes) -> None:
    data = archives.tar({"a": b"text", "b": content, "c": b"# text\n" * 200})
    blob = Blob(Origin(b"a.tar"), memoryview(data))
    items = list(tar.members(blob, Budget(Limits(), len(data), Gate(b"none"))))
    assert [bytes(item.head) for item in items if isinstance(item, Blob)] == [content]


def test_records_that_name_a_member_are_read() -> None:
    data = packed([("d/" * 60 + "e", tarfile.REGTYPE, KEY)], tarfile.PAX_FORMAT)
    (found,), _ = contents(data.ljust(1 << 16, b"\0"), Scanner(), 1 << 18)
    assert found.location.container == (b"d/" * 60 + b"e",)


@pytest.mark.parametrize("count", [5, 6])
def test_members_that_are_passed_over_count(count: int) -> None:
    data = archives.tar({str(number): b"text" for number in range(count)})
    if count == 5:
        contents(data, Scanner(), 1 << 18, Limits(members=5))
        return
    with pytest.raises(LimitError):
        contents(data, Scanner(), 1 << 18, Limits(members=5))


def test_a_clean_member_makes_no_blob() -> None:
    members = {f"{number}.txt": b"hex_array\n" * number for number in range(50)}
    data = archives.tar(members | {"key": KEY + b" " * 600, "last": b" " * 900})
    blob = Blob(Origin(b"a.tar"), memoryview(data))
    items = list(tar.members(blob, Budget(Limits(), len(data), Gate(KEY))))
    assert [item.origin.container for item in items] == [(b"key",)]


class Gate:
    """Finds some bytes, and nothing else."""

    def __init__(self, wanted: bytes) -> None:
        self._wanted = wanted

    def suspects(self, data: Data) -> bool:
        return self._wanted in bytes(data)

    def doubts(self, data: Data) -> Callable[[int, int], int]:
        text = bytes(data) + self._wanted
        return lambda start, _stop: text.index(self._wanted, start)
