"""Who judges: the name that git would write into a commit."""

from hexscan.errors import SourceError
from hexscan.sources.git.door import Git
from hexscan.sources.git.top import top_of


def who_is_here(root: bytes) -> str:
    """Return the name and address that git has for its user; empty where it has none."""
    return _setting(root, "user.name") or _setting(root, "user.email")


def _setting(root: bytes, name: str) -> str:
    try:
        with Git(("config", "--get", name), directory=root, top=top_of(root) or root) as git:
            return git.content().decode("utf-8", "replace").strip()
    except SourceError:
        return ""
