"""Packs as hexscan reads them, beside what git says of the same objects; and packs made by hand."""

import hashlib
import struct
import subprocess
import zlib
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from hexscan.sources.git import survey
from hexscan.sources.git.repository import find

_KINDS = {ord("b"): "blob", ord("c"): "commit", ord("t"): "tree", ord("g"): "tag"}


@dataclass
class Read:
    """What was read: objects by name, with type and content, those that failed, those left to git.

    ``times`` tells how often each of all three was met.
    """

    objects: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    times: int = 0

    @property
    def names(self) -> set[str]:
        """Every name that was met."""
        return {*self.objects, *self.failed, *self.left}


def read(path: bytes) -> Read | None:
    """Read the packs of a repository; ``None`` where they are left to git."""
    from hexscan.sources.git import packs  # noqa: PLC0415 - it may not have been compiled
    from hexscan.sources.git.unpacker import LEAD, Unpacker  # noqa: PLC0415 - the same

    repository = find(path)
    told = Read()
    with (
        ExitStack() as running,
        survey.ask(repository) as asked,
        closing(Unpacker(repository.name_length)) as unpacker,
    ):
        opened = packs.opened(repository, survey.told(repository, asked), running)
        if opened is None:
            return None
        for batch in opened.batches():
            assert batch.packed
            told.times += batch.count
            for part in unpacker.parts(batch, batch.packed):
                for index, (start, stop) in enumerate(pairwise(part.starts)):
                    number = part.first + index
                    content = part.data[start + len(LEAD) : stop - 1]
                    name = batch.name(number)
                    if number in part.failed:
                        assert not content
                        told.failed.add(name)
                    else:
                        told.objects[name] = _KINDS[batch.kinds[number]], bytes(content)
        told.left = {name.hex() for name in opened.left}
        told.times += len(opened.left)
    return told


def as_git_has_them(path: Path) -> dict[str, tuple[str, bytes] | None]:
    """Return all objects by name; ``None`` for one that git lists and cannot read."""
    command = ["git", "-C", str(path), "cat-file"]
    every = [*command, "--batch-all-objects", "--batch-check=%(objectname)"]
    listed = subprocess.run(every, check=False, capture_output=True).stdout.decode().split()
    found: dict[str, tuple[str, bytes] | None] = {}
    for name in listed:
        kind = subprocess.run([*command, "-t", name], check=False, capture_output=True)
        found[name] = None
        if kind.returncode == 0:
            of_kind = kind.stdout.decode().strip()
            told = subprocess.run([*command, of_kind, name], check=False, capture_output=True)
            if told.returncode == 0:
                found[name] = of_kind, told.stdout
    return found


def all_at_once(path: Path) -> dict[str, tuple[str, bytes]]:
    """Return all objects of a sound repository by name."""
    command = ["git", "-C", str(path), "cat-file", "--batch-all-objects", "--batch"]
    stream = subprocess.run(command, check=True, capture_output=True).stdout
    found, at = {}, 0
    while at < len(stream):
        end = stream.index(b"\n", at)
        name, kind, size = stream[at:end].decode().split()
        start = end + 1
        found[name] = kind, stream[start : start + int(size)]
        at = start + int(size) + 1
    return found


def write_pack(folder: Path, records: list[tuple[bytes, bytes, bytes]]) -> Path:
    """Write a pack and its index; a record is the name, the header and what is to be compressed."""
    pack = bytearray(b"PACK" + struct.pack(">II", 2, len(records)))
    entries = []
    for name, header, content in records:
        start = len(pack)
        pack += header + zlib.compress(content)
        entries.append((name, zlib.crc32(pack[start:]), start))
    pack += hashlib.sha1(pack).digest()  # noqa: S324 - that is the format
    entries.sort()
    index = bytearray(b"\xfftOc" + struct.pack(">I", 2))
    for first in range(256):
        index += struct.pack(">I", sum(name[0] <= first for name, _, _ in entries))
    index += b"".join(name for name, _, _ in entries)
    index += b"".join(struct.pack(">I", crc) for _, crc, _ in entries)
    index += b"".join(struct.pack(">I", start) for _, _, start in entries)
    index += pack[-20:]
    index += hashlib.sha1(index).digest()  # noqa: S324 - as above
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "pack-made.pack"
    path.write_bytes(pack)
    path.with_suffix(".idx").write_bytes(index)
    return path


def header(kind: int, size: int) -> bytes:
    """Return what stands before an object of a pack; see gitformat-pack(5)."""
    told, size = bytearray([kind << 4 | size & 15]), size >> 4
    while size:
        told[-1] |= 0x80
        told.append(size & 0x7F)
        size >>= 7
    return bytes(told)
