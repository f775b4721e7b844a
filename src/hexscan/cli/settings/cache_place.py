"""Where the ids of git's clean objects are kept, settled also for calls that load no click."""

from __future__ import annotations

import os
import sys

from hexscan.values import replace

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hexscan.config import Config

_NAME = "hexscan"


def settle_cache(config: Config, *, no_cache: bool, cache_dir: str | None) -> Config:
    """Return a configuration with what those options say."""
    if no_cache:
        return config
    return replace(config, cache_dir=cache_dir or directory(os.environ, sys.platform))


def directory(variables: Mapping[str, str], platform: str) -> str | None:
    """Return hexscan's own directory in the user's cache, or ``None`` where there is none."""
    base = variables.get("LOCALAPPDATA") if platform == "win32" else variables.get("XDG_CACHE_HOME")
    # The XDG specification has relative paths ignored.
    if base and os.path.isabs(base):  # noqa: PTH117 - text, as the system takes it
        return os.path.join(base, _NAME)  # noqa: PTH118 - the same
    home = variables.get("HOME", "")
    if platform != "win32" and os.path.isabs(home):  # noqa: PTH117 - the same
        return os.path.join(home, ".cache", _NAME)  # noqa: PTH118 - the same
    return None
