"""Whatever the bytes: nothing raises, nothing is lost, damage never hides what is readable."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.archives import PACKERS, scan
from tests.support.keys import random_key

KEY = random_key(1).reveal().encode()


@settings(max_examples=150)
@given(
    packer=st.sampled_from(sorted(PACKERS)),
    start=st.binary(max_size=40),
    cut=st.integers(0, 400),
    changes=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 255)), max_size=4),
)
def test_damage_raises_nothing_and_a_plain_key_is_found(
    packer: str, start: bytes, cut: int, changes: list[tuple[int, int]]
) -> None:
    data = bytearray(PACKERS[packer](start))
    for at, byte in changes:
        data[at % len(data)] = byte
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "file.bin")
        file.write_bytes(data[: max(3, len(data) - cut)] + b"\n" + KEY + b"\n")
        report = scan(file)
    assert random_key(1).fingerprint in {found.fingerprint for found in report.findings}
