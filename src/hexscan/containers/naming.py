"""What members are called."""

from __future__ import annotations

from hexscan.blob import CONTENT, Origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from hexscan.blob import Place

# What is left of a file's suffix when it has been decompressed.
_SUFFIXES = {
    b".gz": b"",
    b".bz2": b"",
    b".xz": b"",
    b".lzma": b"",
    b".zst": b"",
    b".tgz": b".tar",
    b".tbz": b".tar",
    b".tbz2": b".tar",
    b".txz": b".tar",
    b".tzst": b".tar",
}


def inside(origin: Origin, name: bytes, place: Place = CONTENT) -> Origin:
    """Return the origin of a member of what ``origin`` names."""
    return Origin(origin.path, place, (*origin.container, name), origin.git_object)


def stem(origin: Origin) -> bytes:
    """Return a file's own name without the suffix of its compression; empty if it has none."""
    path = origin.container[-1] if origin.container else origin.path
    name = path[path.rfind(b"/") + 1 :]
    dot = name.rfind(b".")
    left = _SUFFIXES.get(name[dot:].lower()) if dot > 0 else None
    return b"" if left is None else name[:dot] + left
