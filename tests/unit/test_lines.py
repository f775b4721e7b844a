"""Lines and columns."""

import pytest

from hexscan.lines import Lines


def place(*parts: bytes) -> tuple[int, int]:
    lines = Lines()
    for part in parts:
        lines.advance(memoryview(part))
    assert lines.offset == sum(len(part) for part in parts)
    return lines.line, lines.column


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], (1, 1)),
        ([b""], (1, 1)),
        ([b"abc"], (1, 4)),
        ([b"abc\n"], (2, 1)),
        ([b"a\r\nbc"], (2, 3)),
        ([b"a\n", b"\n\nb"], (4, 2)),
        ([b"long ", b"line ", b"on"], (1, 13)),
        (["\u00e9\u20ac\U0001f600".encode()], (1, 4)),
        ([b"\xc3", b"\xa9x"], (1, 3)),  # a character cut in two
        ([b"\xc3"], (1, 2)),  # half a character: not UTF-8, so bytes
        ([b"\xff\xc3\xa9"], (1, 4)),  # not UTF-8, so bytes
        ([b"\xff\n\xc3\xa9"], (2, 2)),  # and the next line is again
        (["\u00e9".encode(), b"\xff", b"abc"], (1, 7)),
    ],
)
def test_place(parts: list[bytes], expected: tuple[int, int]) -> None:
    assert place(*parts) == expected
