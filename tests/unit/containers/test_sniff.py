from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.cli.hook import all_clean
from hexscan.containers.sniff import format_of, may_open
from tests.support.archives import PACKERS

NAMES = {"lzma": "xz", "pax": "tar", "stored": "zip", "escript": "zip", "LitT": "beam"}


@pytest.mark.parametrize("packer", PACKERS)
def test_every_container_is_seen(packer: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    data = PACKERS[packer](b"some text")
    assert format_of(memoryview(data), whole=True) == NAMES.get(packer, packer)
    file = tmp_path_factory.mktemp("hook") / "file"
    file.write_bytes(data)
    assert not all_clean([str(file)]), "the hook has to look closer"


@pytest.mark.parametrize("data", [b"", b"x", b"PK", b"# v", b"text " * 200, bytes(1024)])
def test_text_is_none(data: bytes) -> None:
    assert format_of(memoryview(data), whole=True) in {None, "zip", "bundle"}
    assert format_of(memoryview(b" " + data), whole=True) is None


_OLD_TAR = bytes(148) + b"  1234\0 " + bytes(400)
_HEADS = [b"", b"x", b"PK\3\4", b"\x1f\x8b\x08", bytes(257) + b"ustar", bytes(600), _OLD_TAR]


@given(
    st.lists(st.tuples(st.sampled_from(_HEADS), st.binary(max_size=300)).map(b"".join), max_size=8)
)
def test_no_container_among_many_files_is_passed_over(files: list[bytes]) -> None:
    data = memoryview(b"\0".join(files))
    ends = [end + number for number, end in enumerate(accumulate(map(len, files)))]
    named = {
        number
        for number, file in enumerate(files)
        if format_of(memoryview(file), whole=False) is not None
    }
    assert named <= set(may_open(data, ends))


def test_most_texts_are_passed_over() -> None:
    text = b"#include <stdio.h>\nint main(void) { return 0; }\n" * 20
    size = len(text)
    assert may_open(memoryview(b"\0".join([text] * 2)), [size, 2 * size + 1]) == []
