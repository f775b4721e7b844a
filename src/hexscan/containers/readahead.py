"""A stream that is decompressed in a thread of its own while what came before it is scanned.

The library's decompressors let go of the interpreter while they work, so the two overlap.
"""

from __future__ import annotations

from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_AHEAD = 4
"""How many chunks may wait; each is a step of output."""


def read_ahead(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what ``chunks`` yields, which runs in a thread until the iterator ends or is closed.

    What ``chunks`` raises is raised here. Nothing else may touch what it reads from meanwhile.
    """
    results: SimpleQueue[bytes | BaseException | None] = SimpleQueue()
    free = Semaphore(_AHEAD)
    wanted = True

    def work() -> None:
        try:
            for chunk in chunks:
                free.acquire()
                if not wanted:
                    return
                results.put(chunk)
            results.put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised where the chunks are read
            results.put(error)

    thread = Thread(target=work, name="hexscan-read-ahead", daemon=True)
    thread.start()
    try:
        while (result := results.get()) is not None:
            free.release()
            if isinstance(result, BaseException):
                raise result
            yield result
    finally:
        wanted = False
        free.release()
        thread.join()
