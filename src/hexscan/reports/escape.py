r"""Text from outside, made safe to show: it cannot move the cursor or forge a line of output.

Names of files and lines of source are written by strangers. Everything that Python calls not
printable is shown by its code: control characters, the marks that turn the direction of writing,
line separators, blanks that look like none. So are the beginnings that a CI service would take
for a command of its own: a colon at the start of a name, and ``##[`` or ``##vso[`` anywhere.

======================  ===============================
what                    is shown as
======================  ===============================
newline, tab, return    ``\n``, ``\t``, ``\r``
other control of ASCII  ``\x1b``
byte that is no UTF-8   ``\xff``
other character         ``\u202e``, ``\U000e0001``
======================  ===============================

No two names look the same: a backslash in a name is doubled where what follows it would read as
an escape, and only there.
"""

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# What can follow a backslash in an escape written here.
_AFTER_BACKSLASH = "\\nrtxuU"


def name(path: bytes) -> str:
    r"""Return a path, or another name, as text that is safe to print on a line of its own.

    >>> print(name(b"lib/caf\xc3\xa9\n::error::\xff"))
    lib/café\n::error::\xff
    >>> print(name(rb"src\app.ex"), name(rb"src\new.ex"))
    src\app.ex src\\new.ex
    """
    text = path.decode("utf-8", "surrogateescape")
    if _is_harmless(text):
        return text
    shown = pieces(text)
    if text.startswith(":"):
        shown[0] = r"\x3a"
    for at in range(len(text) - 1, -1, -1):
        following = shown[at + 1][0] if at + 1 < len(text) else ""
        if text[at] == "\\" and following and following in _AFTER_BACKSLASH:
            shown[at] = "\\\\"
    return "".join(shown)


def place(path: bytes, container: tuple[bytes, ...] = ()) -> str:
    """Return a path and the way inside it, as in ``app.tgz!lib/app.ex``."""
    return "!".join(name(part) for part in (path, *container))


def message(text: str) -> str:
    """Return a sentence that may quote something from outside as one safe line."""
    return text if text.isprintable() and "##" not in text else "".join(pieces(text))


def pieces(text: str) -> list[str]:
    """Return what to show for each character of ``text``, one string for one character.

    A backslash stays single. Lone surrogates stand for the bytes that were no UTF-8, as Python's
    ``surrogateescape`` leaves them.
    """
    shown = [char if char.isprintable() else _escaped(char) for char in text]
    if "##" in text:
        for at in _command_marks(text):
            shown[at] = r"\x23"
    return shown


def json_string(text: str) -> str:
    """Return a piece of JSON that holds the same value and nothing that a terminal would obey."""
    if text.isprintable() and "##" not in text:
        return text
    shown = [char if char.isprintable() else _json_escaped(char) for char in text]
    for at in _command_marks(text):
        shown[at] = "\\u0023"
    return "".join(shown)


def _is_harmless(text: str) -> bool:
    if not text.isprintable() or text.startswith(":"):
        return False
    return "\\" not in text and "##" not in text


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    if char.isascii():
        return f"\\x{ord(char):02x}"
    if "\udc80" <= char <= "\udcff":
        return f"\\x{char.encode('utf-8', 'surrogateescape').hex()}"
    # \u202e or \U000e0001; \x85 would be a byte and not U+0085.
    return f"\\u{ord(char):04x}" if char <= "\uffff" else f"\\U{ord(char):08x}"


def _json_escaped(char: str) -> str:
    # JSON writes a character above U+FFFF as the two halves that UTF-16 makes of it.
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _command_marks(text: str) -> list[int]:
    import re  # noqa: PLC0415 - wanted only for the few texts that hold "##"

    return [match.start() for match in re.finditer(r"##(?=[A-Za-z]{0,16}\[)", text)]
