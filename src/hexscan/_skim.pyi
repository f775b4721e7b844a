from hexscan.match import Data

def plain(data: Data, start: int = 0, stop: int = ..., /) -> int: ...
def encoded(data: Data, start: int = 0, stop: int = ..., /) -> int: ...
def text(data: str, /) -> bool: ...
def openers(data: Data, ends: list[int], first: int, gap: int, pairs: bytes, /) -> list[int]: ...
def gather(
    directory: int,
    names: list[bytes],
    first: int,
    most: int,
    flags: int,
    buffer: memoryview,
    start: int,
    full: int,
    ends: list[int],
    /,
) -> int: ...
