"""A stream cut into windows that overlap, so that nothing falls between two chunks."""

from __future__ import annotations

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hexscan.match import Data


class Window:
    """Some bytes of a stream: ``data`` starts at offset ``base`` of it.

    The window owns the offsets ``[start, stop)`` of the stream: what starts there is told by this
    window and by no other, and ``data`` holds the context around it. ``data`` may be the caller's
    own chunk and holds no longer than that.
    """

    __slots__ = ("base", "data", "start", "stop")

    def __init__(self, data: Data, base: int, start: int, stop: int) -> None:
        self.data = data
        self.base = base
        self.start = start
        self.stop = stop

    def owns(self, offset: int) -> bool:
        """Tell whether what starts at ``offset`` of the stream is this window's to tell."""
        return self.start <= offset < self.stop


def windows(chunks: Iterable[Data], context: int) -> Iterator[Window]:
    """Yield windows over a stream, with ``context`` bytes on either side of what each one owns.

    Every offset of the stream is owned once, in order. A large chunk is handed on as it is, with a
    small window over the seam before it; only the seam is copied. Empty chunks do no harm. Where
    the stream breaks off with an exception, what came before is yielded, and then it is raised.
    """
    tail = b""  # the end of what has passed: ``context`` bytes before ``settled``, and all after
    tail_base = 0
    settled = 0  # every offset before this one has been owned
    position = 0  # the offset at which the next chunk starts
    broken: Exception | None = None
    stream = iter(chunks)
    while True:
        try:
            chunk = next(stream)
        except StopIteration:
            break
        except Exception as error:  # noqa: BLE001 - raised again below
            broken = error
            break
        size = len(chunk)
        end = position + size
        if size <= 4 * context:
            data = tail + bytes(chunk)
            if end - context > settled:
                yield Window(data, tail_base, settled, end - context)
                settled = end - context
        else:
            if tail:
                seam = tail + bytes(chunk[: 2 * context])
                yield Window(seam, tail_base, settled, position + context)
                settled = position + context
            yield Window(chunk, position, settled, end - context)
            settled = end - context
            data, tail_base = bytes(chunk[-2 * context :]), end - 2 * context
        cut = max(0, settled - context - tail_base)
        tail, tail_base = data[cut:], tail_base + cut
        position = end
    if position > settled:
        yield Window(tail, tail_base, settled, position)
    if broken is not None:
        raise broken
