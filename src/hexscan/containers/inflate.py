"""Compressed streams: what gzip, bzip2, xz, zstd and zlib have in common.

Decompressors are asked for a step of output at a time, so that neither a large stream nor a bomb
takes more memory than a step.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

from hexscan.blob import Blob, Origin, Skip
from hexscan.containers.failure import failed
from hexscan.containers.naming import inside, stem
from hexscan.containers.sniff import has_named_members
from hexscan.containers.stream import Stream
from hexscan.matcher import CONTEXT, find, sift
from hexscan.store import STEP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hexscan.containers.budget import Budget

# What is taken from a decompressor at a time. Members of a tar that two steps share cost more than
# others, so it is more than is read at a time, and takes 3 % off the time of a .tar.gz.
_OUTPUT = 4 * STEP

# glibc gives memory in pieces of over 128 KiB back to the system as soon as it is free, until a
# larger piece was freed; and to have such pages back costs a fifth of what inflating into them
# does. So a larger piece is freed here, of which no page is ever touched.
bytes(8 * _OUTPUT)

# What zlib does not take in at once it copies, so it is given little.
_INPUT = STEP // 2

# Bytes of a needle that may stand on one side of a seam; more do no harm.
_NEEDLE = 8


class Decompressor(Protocol):
    """The interface of the library's decompressors for bzip2 and xz."""

    @property
    def eof(self) -> bool:
        """Whether the end of the compressed stream was met."""

    @property
    def needs_input(self) -> bool:
        """Whether there is no output before more input is given."""

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end."""

    def decompress(self, data: memoryview | bytes, max_length: int) -> bytes:
        """Take input, and return up to ``max_length`` bytes of output."""


class Deflate:
    """zlib behind the same interface; ``wbits`` is that of :func:`zlib.decompressobj`."""

    def __init__(self, wbits: int) -> None:
        self._zlib = zlib.decompressobj(wbits)
        self._left = b""
        self._full = False

    @property
    def eof(self) -> bool:
        """Whether the end of the compressed stream was met."""
        return self._zlib.eof

    @property
    def needs_input(self) -> bool:
        """Whether all input was taken in and all output given out."""
        return not self._left and not self._full

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end."""
        return self._zlib.unused_data

    def decompress(self, data: memoryview | bytes, max_length: int) -> bytes:
        """Take input, and return up to ``max_length`` bytes of output."""
        output = self._zlib.decompress(self._left or data, max_length)
        self._left = self._zlib.unconsumed_tail
        self._full = len(output) == max_length
        return output


class Format:
    """How one format's streams begin, follow one another and fail.

    ``follows`` tells from the next bytes whether another stream is appended, of which the output
    is part of the same content; ``padding`` may stand between two.
    """

    def __init__(
        self,
        name: str,
        new: Callable[[], Decompressor],
        errors: tuple[type[Exception], ...],
        follows: Callable[[bytes], bool] = lambda _: False,
        padding: bytes = b"",
    ) -> None:
        self.name = name
        self.new = new
        self.errors = errors
        self.follows = follows
        self.padding = padding


class Unpacked:
    """The output of a compressed stream, read once; then what is wrong, and what stands beside.

    The compressed bytes are looked at as they pass: a key in a header, in an appended text or in
    a part that does not decode stands there in plain text.
    """

    def __init__(self, stream: Stream, kind: Format, budget: Budget) -> None:
        self.reason: str | None = None
        self._stream = stream
        self._kind = kind
        self._budget = budget
        self._decompressor = kind.new()
        # The end of the compressed bytes that have passed, and whether a needle is near it.
        self._seam = b""
        self._held = False
        self._plain: list[tuple[int, bytes, int]] = []

    @property
    def end(self) -> int:
        """Where in the compressed stream reading has come to."""
        return self._stream.offset

    def blob(self, origin: Origin) -> Blob:
        """Return the output as a blob."""
        chunks = self._chunks()
        parts: list[bytes] = []
        size = 0
        for chunk in chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= STEP:
                return Blob(origin, memoryview(b"".join(parts)), map(memoryview, chunks))
        return Blob(origin, memoryview(b"".join(parts)))

    def leftovers(self, inner: Origin, outer: Origin) -> Iterator[Blob | Skip]:
        """Yield what is no output; to be called when the output has been read.

        ``inner`` names the output, ``outer`` the compressed stream.
        """
        if self.reason:
            yield failed(inner, self.reason)
        for base, data, _ in self._plain:
            yield Blob(outer, memoryview(data), base=base)
        yield from self._stream.piece(outer)

    def _chunks(self) -> Iterator[bytes]:
        try:
            while True:
                yield from self._one_stream()
                if self.reason or not self._another():
                    return
                self._decompressor = self._kind.new()
        except self._kind.errors as error:
            self.reason = f"corrupt {self._kind.name} data ({_words(error)})"

    def _one_stream(self) -> Iterator[bytes]:
        decompressor, stream, expand = self._decompressor, self._stream, self._budget.expand
        while not decompressor.eof:
            data: memoryview | bytes = b""
            if decompressor.needs_input:
                data = stream.next(_INPUT)
                if not data:
                    self.reason = f"{self._kind.name} data cut short"
                    return
                self._look_at(data)
            output = decompressor.decompress(data, _OUTPUT)
            if output:
                expand(len(output))
                yield output
        self._give_back(len(decompressor.unused_data))

    def _another(self) -> bool:
        """Tell whether another stream is appended, and stand at its start if so."""
        stream, padding = self._stream, self._kind.padding
        while padding and (ahead := bytes(stream.next(_INPUT))):
            rest = ahead.lstrip(padding)
            if rest:
                stream.back(len(rest))
                break
        return self._kind.follows(stream.peek(16))

    def _look_at(self, data: memoryview) -> None:
        seam, holds = self._seam, sift(data)
        # A needle before the data could be a label for what is in it, and one may lie across.
        is_near = holds or self._held or sift(seam[-_NEEDLE:] + bytes(data[:_NEEDLE]))
        if is_near:
            joined = seam + data
            base = self._stream.offset - len(joined)
            for match in find(joined):
                if match.end > len(seam):
                    start = max(0, match.start - CONTEXT)
                    around = joined[start : match.end + CONTEXT]
                    self._plain.append((base + start, around, base + match.end))
        is_short = len(data) < 2 * CONTEXT
        self._held = is_near if is_short else holds
        self._seam = (seam + data)[-CONTEXT:] if is_short else bytes(data[-CONTEXT:])

    def _give_back(self, count: int) -> None:
        """Return to the stream what lies beyond the end of the compressed bytes."""
        self._stream.back(count)
        end = self._stream.offset
        self._plain = [seen for seen in self._plain if seen[2] <= end]
        self._seam = self._seam[:-count] if count else self._seam


def unpack(blob: Blob, kind: Format, budget: Budget, name: bytes = b"") -> Iterator[Blob | Skip]:
    """Yield the one member of a compressed stream, and what else there is to tell of it.

    It has the name of the file without its suffix, or else ``name``. A container of named members
    does not get one: in ``app.tgz!lib/app.ex`` the tar between the two goes without saying.
    """
    outer = blob.origin
    inner = inside(outer, stem(outer) or name or b"unpacked")
    unpacked = Unpacked(Stream(blob), kind, budget)
    budget.member()
    output = unpacked.blob(inner)
    if has_named_members(output.head):
        output.origin = inner = outer
    if output.head or not unpacked.reason:
        yield output
    yield from unpacked.leftovers(inner, outer)


def begins(
    decompressor: Decompressor,
    head: memoryview | bytes,
    errors: tuple[type[Exception], ...] = (zlib.error,),
) -> bool:
    """Tell whether some output can be had: of two magic bytes alone nothing is unpacked."""
    try:
        return bool(decompressor.decompress(head[:_INPUT], 512)) or decompressor.eof
    except errors:
        return False


def _words(error: Exception) -> str:
    text = str(error)
    return text.rpartition(": ")[2] or type(error).__name__
