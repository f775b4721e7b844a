"""Whether what is pushed to is what the remote-tracking branches speak of."""

import os
import re

from hexscan.errors import SourceError
from hexscan.sources.git.door import Git

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PORT = re.compile(r":[0-9]+\Z")


def is_known_by_fetching(remote: bytes, address: bytes) -> bool:
    """Tell whether a remote's branches were fetched from the address that is pushed to.

    A remote may have other addresses for pushing (``pushurl``, ``pushInsteadOf``), several of
    them. Its remote-tracking branches say nothing of a repository at another place.
    """
    try:
        with Git(("remote", "get-url", "--", os.fsdecode(remote))) as git:
            # Of several addresses git fetches from the first one alone.
            fetched = os.fsdecode(git.content().removesuffix(b"\n"))
    except SourceError:
        return False  # no such remote, and no branches of it
    given = os.fsdecode(address)
    return given == fetched or _place(given) == _place(fetched)


def _place(address: str) -> tuple[str, str]:
    """Return host and path of an address: the same for each protocol that leads there.

    >>> _place("git@example.org:a/b.git") == _place("https://me@Example.org:443/a/b/")
    True
    """
    bare = _SCHEME.sub("", address, count=1)
    if bare == address and "/" not in address.partition(":")[0]:
        bare = address.replace(":", "/", 1)  # host:path, as scp has it
    host, _, path = bare.partition("/")
    host = _PORT.sub("", host.rpartition("@")[2]).lower()
    return host, path.strip("/").removesuffix(".git")
