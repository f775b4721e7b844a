import threading
from collections.abc import Iterator

import pytest

from hexscan.containers.readahead import read_ahead


def numbers(count: int) -> Iterator[bytes]:
    for number in range(count):
        yield b"%d" % number


def test_everything_comes_in_order() -> None:
    assert list(read_ahead(numbers(100))) == [b"%d" % number for number in range(100)]


def test_what_is_raised_is_raised_here() -> None:
    def broken() -> Iterator[bytes]:
        yield b"1"
        raise OSError("broken")

    ahead = read_ahead(broken())
    assert next(ahead) == b"1"
    with pytest.raises(OSError, match="broken"):
        next(ahead)


def test_the_thread_ends_when_nobody_reads_on() -> None:
    before = threading.active_count()
    ahead = read_ahead(numbers(1_000_000))
    assert next(ahead) == b"0"
    ahead.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before
