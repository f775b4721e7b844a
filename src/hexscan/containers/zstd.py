"""zstd (RFC 8878), any number of frames one after the other.

Python has it from 3.14 on; before that the package ``zstandard`` does it, if it is there.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

from hexscan.containers.failure import failed
from hexscan.containers.inflate import Decompressor, Format, unpack
from hexscan.containers.stream import Stream

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hexscan.blob import Blob, Skip
    from hexscan.containers.budget import Budget

MISSING = "zstd needs Python 3.14, or the extra: pip install 'hexscan[zstd]'"

_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
_RESERVED = 0x08

# The package gives out all that a piece of input decodes to, at most 128 KiB for four bytes.
_BITE = 512


def accepts(head: memoryview, *, whole: bool) -> bool:
    """Tell whether the head is that of a frame."""
    del whole
    return len(head) > 8 and _is_start(bytes(head[:16]))  # noqa: PLR2004 - the least frame


def members(blob: Blob, budget: Budget) -> Iterator[Blob | Skip]:
    """Yield what was compressed; what follows the last frame is a piece."""
    kind = decoder()
    if kind is None:
        yield failed(blob.origin, MISSING)
        yield from Stream(blob).piece(blob.origin)
    else:
        yield from unpack(blob, kind, budget)


def decoder() -> Format | None:
    """Return the format, or ``None`` where nothing can decode it."""
    if sys.version_info >= (3, 14):
        module = import_module("compression.zstd")
        return Format("zstd", module.ZstdDecompressor, (module.ZstdError,), follows=_is_start)
    try:
        module = import_module("zstandard")
    except ImportError:
        return None
    return Format("zstd", lambda: _Package(module), (module.ZstdError,), follows=_is_start)


def _is_start(ahead: bytes) -> bool:
    if ahead.startswith(_MAGIC):
        return not ahead[4] & _RESERVED if len(ahead) > len(_MAGIC) else False
    return ahead[1:4] == _SKIPPABLE and 0x50 <= ahead[0] <= 0x5F  # noqa: PLR2004 - RFC 8878, 3.1.2


class _Package(Decompressor):
    """``zstandard`` behind the library's interface; output may exceed the length that is asked."""

    def __init__(self, module: Any) -> None:  # noqa: ANN401 - there are no types without it
        self._frame = module.ZstdDecompressor().decompressobj()
        self._left = memoryview(b"")

    @property
    def eof(self) -> bool:
        """Whether the end of the frame was met."""
        return bool(self._frame.eof)

    @property
    def needs_input(self) -> bool:
        """Whether all input was taken in."""
        return not self._left

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end."""
        return bytes(self._frame.unused_data) + bytes(self._left)

    def decompress(self, data: memoryview | bytes, max_length: int) -> bytes:
        """Take input, and return about ``max_length`` bytes of output, or all there are."""
        if data:
            self._left = memoryview(data)
        parts = []
        size = 0
        while self._left and size < max_length and not self._frame.eof:
            bite, self._left = self._left[:_BITE], self._left[_BITE:]
            part = self._frame.decompress(bite)
            parts.append(part)
            size += len(part)
        return b"".join(parts)
