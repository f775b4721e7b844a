r"""Match paths against one pattern of gitignore(5), as git does: on bytes, and in linear time.

``*`` matches anything in one path component, ``?`` one byte of it, ``[...]`` one byte of a set;
``**/`` matches any directories or none, ``/**`` everything inside; a backslash takes the byte after
it literally. A set is as glob(7) describes it, with ranges, ``!`` or ``^`` in front to negate it,
and POSIX classes. Nothing but ``**`` and a slash itself matches a slash.

A pattern may come from the tree that is scanned, so none may be slow. Nothing here goes back: the
parts of a pattern are taken one after the other, each once. Each takes the set of all places in the
path that the parts before it could have come to, and makes the next such set of it. The sets are
integers, with bit ``i`` for the place before byte ``i``.

>>> matches = translate(b"docs/**/[a-c]*.md")
>>> matches(b"docs/b.md"), matches(b"docs/deep/er/cat.md"), matches(b"docs/x/e.md")
(True, True, False)
"""

from __future__ import annotations

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


_SPECIAL = b"*?[\\"
_SLASH = ord("/")
_YES = ord("1")


def _table(members: bytes) -> bytes:
    """Return what ``bytes.translate`` needs to write 1 for the members and 0 for all others."""
    table = bytearray(b"0" * 256)
    for byte in members:
        table[byte] = _YES
    return bytes(table)


# The parts of a pattern. One that takes exactly one byte is the table of the bytes that it takes;
# the others are these three.
_STAR = b"*"
_DIRECTORIES = b"**/"
_ANYTHING = b"**"

_ONE = [b"0" * byte + b"1" + b"0" * (255 - byte) for byte in range(256)]
_NO_SLASH = _table(bytes(byte for byte in range(256) if byte != _SLASH))

_NEGATED = bytes.maketrans(b"01", b"10")

_DIGITS = b"0123456789"
_LOWER = b"abcdefghijklmnopqrstuvwxyz"
_ALNUM = _DIGITS + _LOWER + _LOWER.upper()
_GRAPH = bytes(range(0x21, 0x7F))
# As git has them: in ASCII whatever the locale, and with less white space than C.
_CLASSES = {
    b"alnum": _ALNUM,
    b"alpha": _LOWER + _LOWER.upper(),
    b"blank": b" \t",
    b"cntrl": bytes(range(0x20)) + b"\x7f",
    b"digit": _DIGITS,
    b"graph": _GRAPH,
    b"lower": _LOWER,
    b"print": b" " + _GRAPH,
    b"punct": _GRAPH.translate(None, _ALNUM),
    b"space": b" \t\n\r",
    b"upper": _LOWER.upper(),
    b"xdigit": _DIGITS + b"abcdefABCDEF",
}


def translate(pattern: bytes) -> Callable[[bytes], bool]:
    """Return the function that tells whether the pattern matches all of a path.

    Raises ``ValueError`` for a pattern that no path can match, be it malformed, or empty, or with a
    slash at either end. The time is linear in the pattern's length here, and in the product of both
    lengths at most in the function; the usual forms cost it one comparison.
    """
    # Behind a literal beginning a "**/" may match the end of the path.
    hangs = pattern.endswith(b"/") and not pattern.endswith(b"**/")
    if not pattern or b"\0" in pattern or pattern.startswith(b"/") or hangs:
        raise ValueError("no path is written like this")
    literal = _literal(pattern)
    if literal == len(pattern):
        return pattern.__eq__
    tail = pattern[1:]
    if pattern[0] == ord("*") and b"/" not in tail and _literal(tail) == len(tail):
        return lambda path: path.endswith(tail) and b"/" not in path
    try:
        parts = _parts(pattern, literal)
    except IndexError:
        raise ValueError("it ends in a set or after a backslash") from None
    return _Glob(pattern[:literal], parts).matches


def _literal(pattern: bytes) -> int:
    """Return how many bytes the pattern begins with that stand for themselves."""
    return next((at for at, byte in enumerate(pattern) if byte in _SPECIAL), len(pattern))


class _Glob:
    """A pattern that begins with literal bytes and goes on with parts."""

    __slots__ = ("_middle", "_prefix", "_shortest", "_tail")

    def __init__(self, prefix: bytes, parts: Sequence[bytes]) -> None:
        # After the last part that varies in length, the path can be compared from its end.
        fixed = len(parts)
        while fixed and parts[fixed - 1] not in (_STAR, _DIRECTORIES, _ANYTHING):
            fixed -= 1
        self._prefix = prefix
        self._middle = tuple(parts[:fixed])
        self._tail = tuple(reversed(parts[fixed:]))
        free = sum(part in (_STAR, _DIRECTORIES, _ANYTHING) for part in self._middle)
        self._shortest = len(prefix) + len(parts) - free

    def matches(self, path: bytes) -> bool:
        """Tell whether the pattern matches all of the path."""
        # Paths are short, so a pattern that passes here is short, too.
        if len(path) < self._shortest or not path.startswith(self._prefix):
            return False
        for table, byte in zip(self._tail, reversed(path), strict=False):
            if table[byte] != _YES:
                return False
        return _spans(self._middle, path[len(self._prefix) : len(path) - len(self._tail)])


def _spans(parts: Sequence[bytes], text: bytes) -> bool:
    """Tell whether the parts, one after the other, take all of the text."""
    backwards = text[::-1]

    def where(table: bytes) -> int:
        return int(b"0" + backwards.translate(table), 2)

    inside, slashes = where(_NO_SLASH), where(_ONE[_SLASH])
    end = 1 << len(text)
    places = 1
    for part in parts:
        from_first = -(places & -places)  # a bit for every place from the first one on
        if part == _STAR:
            # Adding carries a bit through the run of ones it stands in, to the place behind it.
            places |= ((places & inside) + inside) ^ inside
        elif part == _DIRECTORIES:
            places |= (slashes & from_first) << 1
        elif part == _ANYTHING:
            places = (end | end - 1) & from_first
        else:
            places = (places & where(part)) << 1
    return bool(places & end)


def _parts(pattern: bytes, start: int) -> list[bytes]:
    """Cut the pattern into parts, from its first special byte on; raises as ``translate`` does."""
    parts: list[bytes] = []
    at = start
    while at < len(pattern):
        byte = pattern[at]
        at += 1
        if byte == ord("*"):
            part, at = _asterisks(pattern, at - 1, start)
            if part == _DIRECTORIES and parts[-1:] == [_DIRECTORIES]:
                continue  # twice is the same as once, and makes no pattern longer than its paths
        elif byte == ord("?"):
            part = _NO_SLASH
        elif byte == ord("["):
            part, at = _set(pattern, at)
        elif byte == ord("\\"):
            part = _ONE[pattern[at]]
            at += 1
        else:
            part = _ONE[byte]
        parts.append(part)
    return parts


def _asterisks(pattern: bytes, at: int, start: int) -> tuple[bytes, int]:
    """Read a run of asterisks, and the slash that belongs to it; return its part and its end.

    Two or more reach over slashes if they have a slash on both sides, or an end of the pattern. Git
    compares the literal beginning of a pattern first and begins to count after it, so that
    ``a**/b`` is ``a`` and ``**/b``.
    """
    end = at
    while pattern[end : end + 1] == b"*":
        end += 1
    if end - at >= 2 and (at == start or pattern[at - 1] == _SLASH):  # noqa: PLR2004 - `**`
        if end == len(pattern) or pattern.startswith(b"\\/", end):
            return _ANYTHING, end
        if pattern[end] == _SLASH:
            return _DIRECTORIES, end + 1
    return _STAR, end


def _set(pattern: bytes, at: int) -> tuple[bytes, int]:
    """Read a set from behind its bracket; return its table and where the pattern goes on."""
    negated = pattern[at] in b"!^"
    begin = at = at + negated
    members = bytearray(b"0" * 256)
    low: int | None = None  # where a range begins if a dash comes next
    bracket = 0  # the next "]", which is not looked for again from every "[:" before it
    while at == begin or pattern[at] != ord("]"):
        if pattern[at] == ord("-") and low is not None and pattern[at + 1] != ord("]"):
            high, at = _member(pattern, at + 1)
            members[low : high + 1] = b"1" * (high + 1 - low)
            low = None
            continue
        if pattern.startswith(b"[:", at):
            bracket = bracket if bracket >= at + 2 else pattern.index(b"]", at + 2)
            if bracket > at + 2 and pattern[bracket - 1] == ord(":"):
                for byte in _class(pattern[at + 2 : bracket - 1]):
                    members[byte] = _YES
                low, at = None, bracket + 1
                continue
        low, at = _member(pattern, at)
        members[low] = _YES
    table = members.translate(_NEGATED) if negated else members
    table[0] = table[_SLASH] = ord("0")
    if _YES not in table:
        raise ValueError("a set of nothing")
    return bytes(table), at + 1


def _member(pattern: bytes, at: int) -> tuple[int, int]:
    """Read one byte of a set, or the one behind a backslash; return it and its end."""
    at += pattern[at] == ord("\\")
    return pattern[at], at + 1


def _class(name: bytes) -> bytes:
    try:
        return _CLASSES[name]
    except KeyError:
        raise ValueError("no such class") from None
