from array import array

from hexscan.match import Data

def count_objects(index: Data, width: int, /) -> int: ...
def sort_by_offset(index: Data, width: int, size: int, /) -> bytes: ...
def mark_others(index: Data, other: Data, width: int, marks: bytearray, /) -> None: ...
def list_families(
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
def read_links(
    data: Data,
    starts: array[int],
    lead: int,
    names: bytes,
    kinds: bytes,
    wanted: bytes,
    width: int,
    /,
) -> tuple[bytes, bytes]: ...
def list_untouched(trees: bytes, commits: bytes, /) -> bytes: ...
