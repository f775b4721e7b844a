"""The repository scans clean: no file holds a key, nor a path of the machine it was written on."""

import re
import subprocess
import zlib
from pathlib import Path

from tests.support import checkout
from tests.support.keys import random_key, wrong_checksum

# Joined here, so that this file does not match itself.
MACHINE_PATHS = [
    rb"/ho" + rb"me/\w+/",
    rb"/Us" + rb"ers/\w+/",
    rb"/ro" + rb"ot/",
    rb"[A-Z]:\\\\Us" + rb"ers",
]


def keys_in(data: bytes) -> int:
    """Count keys with code that shares nothing with hexscan's own."""
    count = 0
    for match in re.finditer(rb"hex_([0-9a-f]{32})([0-9a-f]{8})", data, re.IGNORECASE):
        random, checksum = (bytes.fromhex(part.decode()) for part in match.groups())
        count += zlib.crc32(random) == int.from_bytes(checksum, "big")
    return count


def test_the_counting_itself_works() -> None:
    key = random_key(1).reveal()
    text = f"{key} {key.upper()} {wrong_checksum(1)}"
    assert keys_in(text.encode()) == 2


def test_no_file_holds_a_key() -> None:
    holders = [path for path in checkout.files() if keys_in((checkout.ROOT / path).read_bytes())]
    assert holders == []


def test_hexscan_finds_no_key_here_either(hexscan_command: Path) -> None:
    done = subprocess.run(
        [hexscan_command, "scan", "."],
        cwd=checkout.ROOT,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_names_a_path_of_one_machine() -> None:
    pattern = re.compile(b"|".join(MACHINE_PATHS))
    holders = [
        path for path in checkout.files() if pattern.search((checkout.ROOT / path).read_bytes())
    ]
    assert holders == []
