"""Paths as URIs: percent-encoded byte by byte, so that a name in any encoding has one."""

# RFC 3986, "unreserved", and the slash between the segments of a path.
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")


def encode(path: bytes) -> str:
    r"""Return a path with everything but unreserved characters and slashes percent-encoded.

    >>> encode(b"lib/a b\n\xff.ex")
    'lib/a%20b%0A%FF.ex'
    """
    return "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in path)


def file(path: bytes) -> str:
    """Return the URI of a file by its absolute path."""
    return f"file://{encode(path)}"
