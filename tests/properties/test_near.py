"""What is found in a window is what is found around the places in it that call for a look."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan import matcher, scanner, skim
from hexscan.decoders import nest
from hexscan.decoding_scanner import DecodingScanner
from hexscan.scanner import Scanner
from hexscan.window import Window
from tests.properties.test_skim import PARTS

DATA = st.lists(PARTS, max_size=12).map(b"".join)


@given(data=DATA, piece=st.sampled_from([1_000, 5_000, 1 << 15]))
def test_a_match_is_found_from_where_it_starts(data: bytes, piece: int) -> None:
    for settled, find in ((DecodingScanner(), nest.find), (Scanner(), matcher.find)):
        starts = {match.start for match in find(data)}
        around = {near for start in starts for near in range(start - 1, start + 2)}
        with mock.patch.object(scanner, "_PIECE", piece):
            for start in sorted(around)[:4]:
                window = Window(memoryview(data), 0, start, start + 1)
                assert settled.finds_in(window) == (start in starts)
            assert settled.finds_in(Window(data, 0, 0, len(data))) == bool(starts)


@pytest.mark.skipif(skim.plain is None, reason="hexscan was installed without a compiler")
def test_only_what_is_near_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    find = matcher.find

    def counted(data: memoryview, **flags: bool) -> object:
        looked_at.append(len(data))
        return find(data, **flags)

    monkeypatch.setattr(matcher, "find", counted)
    doubtful = b"." * 300_000 + b"pubkey_hex_" + b"0123456789abcdef" * 3 + b"." * 300_000
    assert skim.plain is not None
    assert skim.plain(doubtful) >= 0
    assert not Scanner().finds_in(Window(doubtful, 0, 0, len(doubtful)))
    assert 0 < sum(looked_at) < 50_000
