from array import array

from hexscan.match import Data

def plain(data: Data, start: int = 0, stop: int = ..., /) -> int: ...
def digits(data: Data, start: int = 0, stop: int = ..., /) -> int: ...
def encoded(data: Data, start: int = 0, stop: int = ..., /) -> int: ...
def text(data: str, /) -> bool: ...
def newlines(data: Data, /) -> int: ...
def openers(data: Data, ends: list[int], first: int, gap: int, pairs: bytes, /) -> list[int]: ...
def gather(
    items: bytes,
    at: int,
    prefix_at: int,
    most: int,
    flags: int,
    buffer: memoryview,
    start: int,
    full: int,
    ends: list[int],
    /,
) -> tuple[int, int, int]: ...
def listing(path: bytes, most: int, /) -> tuple[bytes, bytes, bytes] | None: ...
def tree(pending: list[bytes], most: int, /) -> tuple[bytes, bytes, int]: ...
def rows(lines: bytes, width: int, kinds: bytes, /) -> tuple[bytes, bytes, bytes, bytes]: ...
def order(names: Data, width: int, bases: Data, /) -> bytes: ...
def taken(column: Data, width: int, order: bytes, /) -> bytes: ...
def pack_count(index: Data, width: int, /) -> int: ...
def pack_order(index: Data, width: int, size: int, /) -> bytes: ...
def pack_others(index: Data, other: Data, width: int, marks: bytearray, /) -> None: ...
def pack_families(
    descriptor: int,
    size: int,
    index: Data,
    width: int,
    order: bytes,
    start: int,
    stop: int,
    marks: bytes,
    /,
) -> tuple[bytes, ...]: ...
def unpack(
    descriptor: int,
    size: int,
    index: Data,
    width: int,
    offsets: array[int],
    lengths: array[int],
    steps: array[int],
    at: int,
    lead: bytes,
    buffer: Data,
    starts: array[int],
    failed: bytearray,
    /,
) -> tuple[int, int]: ...
def links(
    data: Data,
    starts: array[int],
    lead: int,
    names: bytes,
    kinds: bytes,
    wanted: bytes,
    width: int,
    /,
) -> tuple[bytes, bytes]: ...
def untouched(trees: bytes, commits: bytes, /) -> bytes: ...
