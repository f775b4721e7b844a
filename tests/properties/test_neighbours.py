"""Files that are read into one buffer: what is in one must not depend on the others."""

import base64
from pathlib import Path

import pytest

import hexscan
from tests.support.keys import legacy, random_key

KEY, OLD = random_key(11).reveal(), legacy(11).reveal()
ENDS = [
    KEY,
    f"HEX_API_KEY={OLD}",
    f"HEX_API_KEY={KEY[4:]}",
    ",".join(str(byte) for byte in KEY.encode()),
    base64.b64encode(KEY.encode()).decode(),
    KEY.encode().hex(),
    KEY.encode("utf-16-le").decode("latin-1"),
    KEY.encode("utf-16-be").decode("latin-1"),
    "".join(f"%{byte:02x}" for byte in KEY.encode()),
    f'"{KEY[:20]}" +\n"{KEY[20:]}"',
]
STARTS = [
    *("", "0", "a1b2", "abcd" * 20, ",49,50", "QUJD" * 20, "6162" * 30, "%41", "\n", "="),
    *("\0a\0b", "a\0b\0"),
]


@pytest.mark.parametrize("start", STARTS, ids=ascii)
@pytest.mark.parametrize("end", ENDS, ids=range(len(ENDS)))
def test_what_a_file_holds_is_found_beside_any_other(tmp_path: Path, end: str, start: str) -> None:
    # In lines of their own, so that only the other file could hide the key.
    (tmp_path / "a").write_bytes(f"--\n{end}".encode("latin-1"))
    (tmp_path / "b").write_bytes(f"{start}\n--\n".encode("latin-1"))
    (finding,) = hexscan.scan(tmp_path / "a").findings
    assert hexscan.scan(tmp_path).findings == (finding,)
