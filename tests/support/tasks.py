"""Work for workers that tests can tell by: a module, so that a spawned process finds it."""

import os
import resource
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hexscan.store import OpenFile


@contextmanager
def working() -> Iterator[Callable[[str], str]]:
    """Make what does a word."""
    yield _do


def _do(word: str) -> str:
    verb, _, rest = word.partition(" ")
    if verb in _ASKED:
        return str(_ASKED[verb]())
    match verb:
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(int(rest))
        case "memory":
            raise MemoryError
        case "raise":
            local = f"a secret {rest}"
            raise ValueError(len(local))
        case "odd":
            raise Odd(1, 2)
        case "long":
            return "x" * int(rest)
        case "size":
            return str(len(rest))
        case "wait":
            threading.Event().wait()
    return word.upper()


def _cut_short() -> str:
    """Look at what a file has just lost."""
    with tempfile.TemporaryFile() as file:
        file.write(bytes(1 << 16))
        file.flush()
        part = OpenFile(file.fileno(), 1 << 16).mapped(0, 1 << 16)
        assert part is not None
        file.truncate(0)
        return str(part[1 << 15])


_ASKED: dict[str, Callable[[], object]] = {
    "pid": os.getpid,
    "core": lambda: resource.getrlimit(resource.RLIMIT_CORE),
    "cut": _cut_short,
}


class Odd(Exception):  # noqa: N818 - what it is called does not matter
    """An exception that can be packed and not unpacked."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(one + other)
