"""Work for workers that tests can tell by: a module, so that a spawned process finds it."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def working() -> Iterator[Callable[[str], str]]:
    """Make what does a word."""
    yield _do


def _do(word: str) -> str:
    verb, _, rest = word.partition(" ")
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
        case "pid":
            return str(os.getpid())
        case "wait":
            threading.Event().wait()
    return word.upper()


class Odd(Exception):  # noqa: N818 - what it is called does not matter
    """An exception that can be packed and not unpacked."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(one + other)
