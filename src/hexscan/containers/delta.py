"""git's deltas: an object told as pieces of another one. Source: gitformat-pack(5)."""

from __future__ import annotations


class DeltaError(Exception):
    """A delta that does not fit its base, or breaks off."""


_COPY = 0x80
_DEFAULT_SIZE = 0x10000


def result_size(delta: bytes) -> int:
    """Return how large the object will be; raises :class:`DeltaError`."""
    try:
        _, at = _varint(delta, 0)
        return _varint(delta, at)[0]
    except IndexError:
        raise DeltaError from None


def apply(base: bytes, delta: bytes) -> bytes:
    """Return the object that a delta makes of its base; raises :class:`DeltaError`."""
    try:
        return _applied(base, delta)
    except IndexError:
        raise DeltaError from None


def _applied(base: bytes, delta: bytes) -> bytes:
    base_size, at = _varint(delta, 0)
    size, at = _varint(delta, at)
    if base_size != len(base):
        raise DeltaError
    source = memoryview(base)
    result = bytearray()
    while at < len(delta):
        order = delta[at]
        at += 1
        if order & _COPY:
            start, at = _little(delta, at, order & 0x0F, 4)
            count, at = _little(delta, at, order >> 4 & 0x07, 3)
            result += source[start : start + (count or _DEFAULT_SIZE)]
        elif order:
            result += delta[at : at + order]
            at += order
        else:
            raise DeltaError
        if len(result) > size:
            raise DeltaError
    if len(result) != size:
        raise DeltaError
    return bytes(result)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return value, at


def _little(data: bytes, at: int, present: int, count: int) -> tuple[int, int]:
    """Read a number of which only some bytes are there, told by the bits of ``present``."""
    value = 0
    for index in range(count):
        if present >> index & 1:
            value |= data[at] << 8 * index
            at += 1
    return value, at
