"""Every form in which a reading can meet a text: how the text is written, and what was read."""

import base64
from collections.abc import Callable, Mapping

Encode = Callable[[bytes], bytes]


def each(form: str) -> Encode:
    """Write every byte by the same format."""
    return lambda text: b"".join((form % byte).encode("ascii") for byte in text)


def listed(form: str, separator: str) -> Encode:
    """Write a list of the bytes."""
    return lambda text: separator.join(form % byte for byte in text).encode("ascii")


def wrapped(width: int, line_break: bytes) -> Encode:
    """Write base 64 in lines of ``width``."""

    def encode(text: bytes) -> bytes:
        whole = base64.b64encode(text)
        return line_break.join(whole[at : at + width] for at in range(0, len(whole), width))

    return encode


def recoded(encoding: str) -> Encode:
    """Write the text in another character encoding."""
    return lambda text: text.decode("latin-1").encode(encoding)


FORMS: Mapping[str, tuple[str, Encode]] = {
    "utf-16-le": ("utf-16", recoded("utf-16-le")),
    "utf-16-be": ("utf-16", recoded("utf-16-be")),
    "utf-32-le": ("utf-32", recoded("utf-32-le")),
    "utf-32-be": ("utf-32", recoded("utf-32-be")),
    "base64": ("base64", base64.b64encode),
    "base64, unpadded": ("base64", lambda text: base64.b64encode(text).rstrip(b"=")),
    "base64, URL-safe": ("base64", base64.urlsafe_b64encode),
    "base64, 64 columns": ("base64", wrapped(64, b"\n")),
    "base64, 76 columns, CRLF": ("base64", wrapped(76, b"\r\n")),
    "base64, indented": ("base64", wrapped(76, b"\n    ")),
    "base64, JSON": ("base64", wrapped(64, b"\\n")),
    "base16": ("base16", lambda text: text.hex().encode()),
    "base16, capitals": ("base16", lambda text: text.hex().upper().encode()),
    "percent": ("percent", each("%%%02x")),
    "percent, capitals": ("percent", each("%%%02X")),
    "backslash x": ("escapes", each("\\x%02x")),
    "backslash x, braces": ("escapes", each("\\x{%x}")),
    "backslash u": ("escapes", each("\\u%04x")),
    "backslash u, braces": ("escapes", each("\\u{%04x}")),
    "backslash U": ("escapes", each("\\U%08x")),
    "octal": ("escapes", each("\\%03o")),
    "decimal entities": ("entities", each("&#%d;")),
    "hexadecimal entities": ("entities", each("&#x%X;")),
    "quoted-printable": ("quoted-printable", each("=%02X")),
    "integers": ("integers", listed("%d", ",")),
    "integers, blanks": ("integers", listed("%d", ", ")),
    "integers, lines": ("integers", listed("%d", ",\n  ")),
    "hexadecimal integers": ("integers", listed("0x%02x", ", ")),
}
"""Forms of a whole text, by a name for the test, with the name of the reading that reads them."""

GLUES: tuple[bytes, ...] = (
    b'" <> "',
    b'" + "',
    b"' + '",
    b'" .. "',
    b"' . '",
    b'" & "',
    b'" & _\r\n    "',
    b'" "',
    b'"\n    "',
    b'" ++ "',
    b'" || "',
    b'" \\\n  "',
    b"\\\n",
    b"\\\r\n  ",
    b"\n",
    b"\r\n    ",
    b"\n# ",
    b"\n> ",
    b"\n> > ",
    b"\n+",
    b"\n2024-01-02T03:04:05.6789Z ",
    b"\n[12:34:56] ",
    b"\x1b[0m",
    b"\x1b[38;5;200m\x1b[K",
    "\u200b".encode(),
    "\ufeff".encode(),
    "\u00ad".encode(),
)
"""What may stand between the digits of a key."""
