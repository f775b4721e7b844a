import gzip
from pathlib import Path
from random import Random

import pytest

from hexscan.containers import inflate
from tests.support.archives import scan
from tests.support.keys import legacy, random_key

KEY = random_key(1).reveal().encode()
PAYLOAD = Random(1).randbytes(265_000)
LABELLED = b"HEX_API_KEY=" + legacy(2).reveal().encode()


def with_comment(comment: bytes) -> bytes:
    """Compress too much to be looked at twice, with a comment in the header."""
    packed = gzip.compress(PAYLOAD, 1, mtime=0)
    return packed[:3] + b"\x10" + packed[4:10] + comment + b"\n\0" + packed[10:]


@pytest.mark.parametrize("step", [13, 1000, 4096, 9000, 1 << 17])
@pytest.mark.parametrize("before", [0, 4090, 8999])
@pytest.mark.parametrize("comment", [KEY, LABELLED, LABELLED.replace(b"=", b"=" + b" " * 300)])
def test_a_key_in_a_header_is_found_wherever_it_is_cut(
    step: int, before: int, comment: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inflate, "_INPUT", step)
    file = tmp_path / "a.gz"
    file.write_bytes(with_comment(b"-" * before + b"\n" + comment))
    report = scan(file, max_depth=8)
    digits = comment.rpartition(b"=")[2].strip() if comment != KEY else KEY
    assert [found.location.offset for found in report.findings] == [file.read_bytes().index(digits)]
    assert report.exit_status == 1
