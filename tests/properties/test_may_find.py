"""Many blobs are asked about at once: what is in one of them is never lost by that."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan import skim
from hexscan.blob import Blob, Origin
from hexscan.decoding_scanner import DecodingScanner
from hexscan.scanner import Scanner
from tests.support.keys import legacy, random_key

PIECES = st.sampled_from(
    [
        random_key(1).reveal().encode(),
        random_key(2).reveal()[4:].encode(),
        legacy(3).reveal().encode(),
        base64.b64encode(b"key: " + random_key(4).reveal().encode()),
        random_key(5).reveal().encode("utf-16-le"),
        random_key(6).reveal().replace("_", "%5f").encode(),
        b"HEX_API_KEY=",
        b"mix hex.organization auth acme --key ",
        b'{api_key,<<"',
        b'"hex: [api_key: "',
        b"\n",
        b" ",
        b"x",
        b"${{ secrets.X }}",
    ]
)
BLOBS = st.lists(st.lists(PIECES, max_size=6).map(b"".join), min_size=1, max_size=5)


@pytest.mark.parametrize("compiled", [True, False])
@given(blobs=BLOBS, unprefixed=st.booleans(), lookalikes=st.booleans(), decode=st.booleans())
def test_no_blob_of_a_batch_is_passed_over(
    blobs: list[bytes], *, unprefixed: bool, lookalikes: bool, decode: bool, compiled: bool
) -> None:
    kind = DecodingScanner if decode else Scanner
    scanner = kind(unprefixed=unprefixed, lookalikes=lookalikes)
    header = b"blob" + b"~" * 49 + b"\n"
    with pytest.MonkeyPatch.context() as patch:
        for name in () if compiled else ("digits", "encoded", "plain"):
            patch.setattr(skim, name, None)
        stretch = b"".join(header + blob + b"\n" for blob in blobs)
        doubts = scanner.doubts(stretch)
        start = 0
        for blob in blobs:
            stop = start + len(header) + len(blob) + 1
            found = list(scanner.scan(Blob(Origin(b"x"), memoryview(blob))))
            is_doubted = doubts(start, stop) < stop
            may_find = scanner.may_find(memoryview(stretch)[start:stop])
            assert (is_doubted and may_find) or not found
            start = stop
