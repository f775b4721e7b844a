"""Where the git work tree is that a directory lies in, found without git."""

import os


def top_of(directory: bytes) -> bytes | None:
    """Return the real path of the git work tree that a directory lies in, or ``None``.

    That is the nearest directory upwards that holds a ``.git``. A directory inside a ``.git`` lies
    in none.
    """
    path = os.path.realpath(directory)
    if b".git" in path.split(b"/"):
        return None
    while not os.path.lexists(path + b"/.git"):
        path, below = os.path.dirname(path), path  # noqa: PTH120 - paths are bytes
        if path == below:
            return None
    return path
