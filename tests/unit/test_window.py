"""A stream cut into windows."""

import pytest

from hexscan.window import windows


def test_no_bytes_are_no_windows() -> None:
    assert list(windows([], 4)) == []
    assert list(windows([b"", b""], 4)) == []


@pytest.mark.parametrize("sizes", [[1], [3, 1, 2], [100], [5, 100, 5, 0, 3], [9] * 20, [40, 40, 1]])
def test_every_offset_is_owned_once_and_has_its_context(sizes: list[int]) -> None:
    context = 4
    stream = bytes(range(sum(sizes)))
    cuts = [sum(sizes[:i]) for i in range(len(sizes))]
    chunks = [stream[cut : cut + size] for cut, size in zip(cuts, sizes, strict=True)]
    owned: list[int] = []
    for window in windows(chunks, context):
        end = window.base + len(window.data)
        assert bytes(window.data) == stream[window.base : end]
        assert window.base <= max(0, window.start - context)
        assert end >= min(len(stream), window.stop + context)
        owned += [offset for offset in range(len(stream)) if window.owns(offset)]
    assert owned == list(range(len(stream)))


def test_memory_does_not_grow_with_the_stream() -> None:
    largest = max(len(window.data) for window in windows([b"x" * 7] * 1000, 16))
    assert largest <= 64
