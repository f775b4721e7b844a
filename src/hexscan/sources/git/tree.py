"""Tree objects: the names in them, and where one stops being a tree."""

_MODE_DIGITS = frozenset(b"01234567")
_LONGEST_MODE = 6


def split(tree: bytes, name_bytes: int) -> tuple[list[bytes], int]:
    r"""Return the names of a tree's entries, and the offset of the first byte that is in none.

    An entry is a mode, a blank, a name, a NUL byte and the raw name of an object, ``name_bytes``
    long. Git stores anything that it is told is a tree, so other bytes may follow, and they may
    hold a key as well.

    >>> split(b"100644 a\0" + b"#" * 20 + b"40000 b\0" + b"#" * 20, 20)
    ([b'a', b'b'], 57)
    >>> split(b"100644 a\0" + b"#" * 20 + b"no entry", 20)
    ([b'a'], 29)
    """
    names = []
    at = 0
    while at < len(tree):
        blank = tree.find(b" ", at, at + _LONGEST_MODE + 1)
        end = tree.find(b"\0", blank + 1)
        beyond = end + 1 + name_bytes
        mode = tree[at : max(at, blank)]
        if not mode or not _MODE_DIGITS.issuperset(mode) or end < 0 or beyond > len(tree):
            break
        names.append(tree[blank + 1 : end])
        at = beyond
    return names, at
