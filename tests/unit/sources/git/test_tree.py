from hypothesis import given
from hypothesis import strategies as st

from hexscan.sources.git.tree import split

OBJECT = b"\x01" * 20


def entry(name: bytes, mode: bytes = b"100644") -> bytes:
    return mode + b" " + name + b"\0" + OBJECT


@given(st.lists(st.binary(min_size=1).filter(lambda name: b"\0" not in name)), st.binary())
def test_all_names_and_no_byte_is_lost(names: list[bytes], rest: bytes) -> None:
    whole = b"".join(map(entry, names))
    assert split(whole, 20) == (names, len(whole))
    told, end = split(whole + rest, 20)
    assert told[: len(names)] == names
    assert whole + rest == b"".join([whole, rest])
    assert end >= len(whole)


def test_what_is_no_entry_ends_the_tree() -> None:
    first = entry(b"a")
    for rest in (
        b"no entry",
        b"100644 b\0" + OBJECT[:-1],
        b"1006445 b\0" + OBJECT,
        b" b\0" + OBJECT,
        b"10x644 b\0" + OBJECT,
        b"100644 b",
    ):
        assert split(first + rest, 20) == ([b"a"], len(first))


def test_names_of_objects_are_as_long_as_is_told() -> None:
    assert split(b"40000 a\0" + b"\1" * 32, 32) == ([b"a"], 40)
