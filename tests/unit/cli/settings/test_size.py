import click
import pytest

from hexscan.cli.settings.size import Size


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("0", 0),
        ("1000", 1000),
        (1000, 1000),
        ("64K", 64 << 10),
        ("512m", 512 << 20),
        ("8G", 8 << 30),
        ("8GiB", 8 << 30),
        ("2TB", 2 << 40),
    ],
)
def test_a_size_is_a_number_of_bytes(written: str | int, size: int) -> None:
    assert Size().convert(written, None, None) == size


@pytest.mark.parametrize("written", ["", "G", "-1", -1, "1.5G", "8X", "\u0663", "1 G"])
def test_what_is_no_size_is_refused(written: str | int) -> None:
    with pytest.raises(click.BadParameter, match="not a size"):
        Size().convert(written, None, None)
