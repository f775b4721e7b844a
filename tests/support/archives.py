"""Archives for tests, made in memory, and the command lines of tools that make real ones."""

import bz2
import gzip
import io
import lzma
import os
import shutil
import subprocess
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import hexscan
from hexscan.finding import Report


def tar(members: Mapping[str, bytes], form: int = tarfile.GNU_FORMAT) -> bytes:
    """Pack a tar."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def ar(members: Mapping[str, bytes]) -> bytes:
    """Pack an ``ar`` archive of members with short names."""
    packed = b"!<arch>\n"
    for name, data in members.items():
        header = f"{name + '/':<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n"
        packed += header.encode("ascii") + data + b"\n" * (len(data) % 2)
    return packed


def beam(chunks: Mapping[str, bytes]) -> bytes:
    """Make a module of some chunks."""
    body = b"BEAM"
    for name, data in chunks.items():
        body += name.encode("ascii") + len(data).to_bytes(4, "big") + data + bytes(-len(data) % 4)
    return b"FOR1" + len(body).to_bytes(4, "big") + body


def term(data: bytes) -> bytes:
    """Compress an external term, of which ``data`` is what follows the version."""
    return b"\x83\x50" + len(data).to_bytes(4, "big") + zlib.compress(data)


def git_object(kind: int, data: bytes) -> bytes:
    """Write an object as it stands in a pack."""
    size = len(data)
    first = kind << 4 | size & 15
    size >>= 4
    header = bytearray()
    while size:
        header.append(first | 0x80)
        first = size & 0x7F
        size >>= 7
    header.append(first)
    return bytes(header) + zlib.compress(data)


def pack(blobs: list[bytes]) -> bytes:
    """Write a pack of blobs."""
    body = b"".join(git_object(3, data) for data in blobs)
    return b"PACK" + (2).to_bytes(4, "big") + len(blobs).to_bytes(4, "big") + body + bytes(20)


def bundle(blobs: list[bytes]) -> bytes:
    """Write a bundle of blobs."""
    return b"# v2 git bundle\n" + b"1" * 40 + b" refs/heads/main\n\n" + pack(blobs)


# How each format packs one file, and where in it the file is then found.
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zlib": zlib.compress,
    "tar": lambda data: tar({"dir/file": data}),
    "pax": lambda data: tar({"dir/" + 150 * "n": data}, tarfile.PAX_FORMAT),
    "zip": lambda data: zipped({"dir/file": data}),
    "stored": lambda data: zipped({"dir/file": data}, zipfile.ZIP_STORED),
    "escript": lambda data: b"#!/usr/bin/env escript\n" + zipped({"file": data}),
    "ar": lambda data: ar({"file": data}),
    "beam": lambda data: beam({"Atom": b"\0", "Data": data}),
    "LitT": lambda data: beam({"LitT": len(data).to_bytes(4, "big") + zlib.compress(data)}),
    "term": term,
    "pack": lambda data: pack([b"another", data]),
    "bundle": lambda data: bundle([data]),
}


def scan(path: Path, **config: int) -> Report:
    """Scan one file whatever git says of it."""
    return hexscan.scan([path], hexscan.Config(ignore=False, **config))  # type: ignore[arg-type]


def ways(report: Report) -> list[str]:
    """Tell the way inside of each finding."""
    return ["!".join(map(os.fsdecode, found.location.container)) for found in report.findings]


def reasons(report: Report) -> str:
    """Tell why things could not be read."""
    return "\n".join(skip.reason for skip in report.failures)


def run(directory: Path, *argv: str) -> bytes:
    """Run a tool in a directory; skips the test that needs one that is not there.

    In CI, where everything was installed, a missing tool fails it.
    """
    if shutil.which(argv[0]) is None:
        if os.environ.get("CI") and os.geteuid() == 0:
            pytest.fail(f"{argv[0]} is not installed")
        pytest.skip(f"{argv[0]} is not installed")
    return subprocess.run(argv, cwd=directory, check=True, capture_output=True).stdout
