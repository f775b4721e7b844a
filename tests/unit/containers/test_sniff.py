import pytest

from hexscan.cli.hook import all_clean
from hexscan.containers.sniff import format_of
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
