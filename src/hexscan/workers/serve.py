"""What a worker does: take a unit of work, answer, and again, until nothing comes any more."""

from __future__ import annotations

import os
import pickle
import struct
import sys
from contextlib import suppress

TYPE_CHECKING = False  # see hexscan.workers.pool
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from typing import Any, TypeAlias

    # Makes what answers units, in the worker. To be spawned with, it has to be picklable.
    Make: TypeAlias = Callable[[], AbstractContextManager[Callable[[Any], Any]]]

ANSWER, BUG = b"a", b"b"
"""How an answer begins: with a unit's answer, or with the exception that it ended with."""

OUT_OF_MEMORY = 12
"""The status with which a worker ends that has no memory left."""

_HEADER = struct.Struct(">Q")


def serve(incoming: int, outgoing: int, make: Make) -> None:
    """Answer units until ``incoming`` ends. Both are descriptors of pipes.

    Does not come back: the process ends, whoever called. It ends at once where nobody reads the
    answers any more.
    """
    status = 1
    _leave_no_core()
    try:
        with make() as work:
            while (unit := receive(incoming)) is not None:
                send(outgoing, _answer(work, unit))
        status = 0
    except MemoryError:
        status = OUT_OF_MEMORY
    except BrokenPipeError:
        pass
    except Exception as error:  # noqa: BLE001 - told by the process that started this one
        with suppress(OSError):
            send(outgoing, _bug(error))
    finally:
        # No hook of Python's may run, and no buffer be written: a fork has copies of them.
        os._exit(status)


def _leave_no_core() -> None:
    """See to it that no memory of this process is ever written to a file: there may be a key in it.

    A file that is mapped and then cut short ends a process in the way that leaves such a file.
    """
    try:
        import resource  # noqa: PLC0415 - not on every platform
    except ImportError:
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(work: Callable[[Any], Any], unit: bytes) -> bytes:
    return ANSWER + pickle.dumps(work(pickle.loads(unit)), pickle.HIGHEST_PROTOCOL)  # noqa: S301 - from the process that started us


def _bug(error: Exception) -> bytes:
    """Pack an exception with the place it comes from, which shows no values."""
    import traceback  # noqa: PLC0415 - never wanted

    error.add_note("In a worker:\n" + "".join(traceback.format_exception(error)))
    try:
        packed = pickle.dumps(error)
        pickle.loads(packed)  # noqa: S301 - ours; some can be packed and not unpacked
    except Exception:  # noqa: BLE001 - then its name and its place
        told = RuntimeError(type(error).__name__)
        told.add_note(error.__notes__[-1])
        packed = pickle.dumps(told)
    return BUG + packed


def opened(message: bytes) -> Any:  # noqa: ANN401 - whatever the answer is
    """Return the answer in a message; raises the exception that a unit ended with."""
    content = pickle.loads(message[1:])  # noqa: S301 - from a process that we started
    if message[:1] == BUG:
        raise content
    return content


def send(descriptor: int, message: bytes) -> None:
    """Write a message to a pipe that blocks; raises ``BrokenPipeError``."""
    rest = memoryview(framed(message))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def framed(message: bytes) -> bytes:
    """Return a message as it goes through a pipe."""
    return _HEADER.pack(len(message)) + message


def receive(descriptor: int) -> bytes | None:
    """Read a message from a pipe; ``None`` where the pipe ends, be it in the middle of one."""
    header = _read(descriptor, _HEADER.size)
    return None if header is None else _read(descriptor, _HEADER.unpack(header)[0])


def _read(descriptor: int, size: int) -> bytes | None:
    parts = []
    while size:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def main() -> None:
    """Be a spawned worker: standard input and output are the pipes, and say first what to make."""
    end_with(int(sys.argv[1]))
    packed = receive(0)
    if packed is not None:
        serve(0, 1, pickle.loads(packed))  # noqa: S301 - from the process that started us


def end_with(life: int) -> None:
    """See to it that this process does not outlive the one that started it, and hears no ^C.

    ^C reaches every process of a terminal; the one that started this one ends it. ``life`` is a
    pipe that nobody writes to: its end is that of its other side, and then the system sends SIGIO,
    which ends this process in the middle of whatever it does.
    """
    import signal  # noqa: PLC0415 - no platform without the following has workers

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ImportError, AttributeError, OSError):  # then it ends with its next answer
        import fcntl  # noqa: PLC0415 - not everywhere

        signal.signal(signal.SIGIO, signal.SIG_DFL)
        fcntl.fcntl(life, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life, fcntl.F_SETFL, fcntl.fcntl(life, fcntl.F_GETFL) | os.O_ASYNC)
        import select  # noqa: PLC0415 - the same

        if select.select([life], [], [], 0)[0]:  # it has ended before anybody looked
            os._exit(1)
