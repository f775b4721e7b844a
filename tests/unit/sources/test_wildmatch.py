import time

import pytest

from hexscan.sources.wildmatch import translate


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        (b"a.txt", b"a.txt", True),
        (b"a.txt", b"a_txt", False),
        (b"*", b"a", True),
        (b"*", b"a/b", False),
        (b"*.log", b"a.log", True),
        (b"*.log", b"d/a.log", False),
        (b"*.log", b".log", True),
        (b"a*", b"a", True),
        (b"a*b*c", b"a-b-b-c-c", True),
        (b"a*b*c", b"a-c-b", False),
        (b"a*a", b"a", False),
        (b"*/b", b"a/b", True),
        (b"*/b", b"x/a/b", False),
        (b"a?c", b"abc", True),
        (b"a?c", b"a/c", False),
        (b"?", "é".encode(), False),
        (b"??", "é".encode(), True),
        (rb"\*", b"*", True),
        (rb"\*", b"a", False),
        (rb"\a\?", b"a?", True),
    ],
)
def test_a_name_is_matched(pattern: bytes, path: bytes, *, expected: bool) -> None:
    assert translate(pattern)(path) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        (b"**/b", b"b", True),
        (b"**/b", b"a/a/b", True),
        (b"**/b", b"ab", False),
        (b"a/**", b"a/b/c", True),
        (b"a/**", b"a", False),
        (b"a/**/b", b"a/b", True),
        (b"a/**/b", b"a/x/y/b", True),
        (b"a/**/b", b"a/xb", False),
        (b"a/***/b", b"a/x/y/b", True),
        (b"**/**/b", b"b", True),
        (b"**", b"a/b", True),
        (b"a/**b", b"a/x/b", False),
        (b"a/**b", b"a/xb", True),
        (b"a/?**/b", b"a/x/y/b", False),
        (rb"a/**\/b", b"a/x/y/b", True),
        (rb"a/**\/b", b"a/b", False),
        (b"a**/b", b"axx/y/b", True),  # as git has it, against its documentation
        (b"a**/", b"a", True),
        (b"a**/", b"a/b", False),
        (b"**/*a*/**/b", b"x/bab/b", True),
        (b"**/*a*/**/b", b"x/bbb/b", False),
    ],
)
def test_two_asterisks_reach_over_directories(
    pattern: bytes, path: bytes, *, expected: bool
) -> None:
    assert translate(pattern)(path) is expected


@pytest.mark.parametrize(
    ("pattern", "members"),
    [
        (b"[a-c]", b"abc"),
        (b"[c-a-c]", b"-c"),
        (b"[b-a]", b"b"),
        (b"[a-]", b"-a"),
        (b"[-a]", b"-a"),
        (b"[--0]", b"-.0"),
        (b"[]a]", b"]a"),
        (b"[]-_]", b"]^_"),
        (rb"[a\]b]", b"]ab"),
        (rb"[a-\c]", b"abc"),
        (rb"[\a-c]", b"abc"),
        (b"[a^!]", b"!^a"),
        (b"[[]", b"["),
        (b"[[:a]", b":[a"),
        (b"[[:]", b":["),
        (b"[[:digit:]]", b"0123456789"),
        (b"[[:digit:]-b]", b"-0123456789b"),
        (b"[[:blank:][:upper:]]", b"\t ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        (b"[[:space:]]", b"\t\n\r "),
        (b"[[:xdigit:]]", b"0123456789ABCDEFabcdef"),
        (b"[\xfe-\xff]", b"\xfe\xff"),
    ],
)
def test_a_set_takes_its_members(pattern: bytes, members: bytes) -> None:
    every = set(range(1, 256))
    for written, expected in (
        (pattern, set(members)),
        (b"[!" + pattern[1:], every - set(members) - {ord("/")}),
        (b"[^" + pattern[1:], every - set(members) - {ord("/")}),
    ):
        matches = translate(written)
        assert {byte for byte in every if matches(bytes([byte]))} == expected


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            b"",
            b"/",
            b"/a",
            b"a/",
            b"a\0b",
            b"a\\",
            b"[",
            b"[a",
            b"[]",
            b"[!",
            b"[!]",
            b"[a-",
            b"[\\",
        ),
        *(b"[[:alpha:]", b"[[:alpha", b"[[:word:]]", b"[[::]]", b"[/]", b"[!\1-\xff]"),
    ],
)
def test_a_pattern_that_can_match_nothing_is_refused(pattern: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        translate(pattern)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (b"*a" * 12 + b"*b", b"a" * 200),
        (b"*[a]" * 2_000 + b"*[b]*", b"a" * 4_000),
        (b"**/*a" * 400 + b"/*[b]*", b"a/" * 2_000 + b"a"),
        (b"**/" * 50_000 + b"*[b]*", b"a/" * 2_000 + b"a"),
        (b"?" * 300_000, b"a" * 200),
        (b"*" * 100_000 + b"b", b"a" * 200),
        (b"[[:" + b"[:" * 100_000 + b"x]b", b"xa"),
        (b"[a]" * 50_000, b"b" * 50_000),
    ],
    ids=range(8),
)
def test_no_pattern_is_slow(pattern: bytes, path: bytes) -> None:
    begin = time.process_time()
    assert not translate(pattern)(path)
    assert time.process_time() - begin < 5  # what goes back takes hours
