"""Find leaked Hex.pm API keys.

The library is three functions and the types they speak in. Nothing is loaded before it is used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from hexscan.config import Config
    from hexscan.engine import scan
    from hexscan.errors import ConfigError, HexscanError, ReportError, SourceError
    from hexscan.finding import Finding, Location, Report
    from hexscan.key import Key
    from hexscan.match import Match
    from hexscan.progress import Progress
    from hexscan.redaction import redact
    from hexscan.search import find

__version__ = "0.1.0"

__all__ = [
    "Config",
    "ConfigError",
    "Finding",
    "HexscanError",
    "Key",
    "Location",
    "Match",
    "Progress",
    "Report",
    "ReportError",
    "SourceError",
    "find",
    "redact",
    "scan",
]

_HOMES = {
    "Config": "config",
    "ConfigError": "errors",
    "Finding": "finding",
    "HexscanError": "errors",
    "Key": "key",
    "Location": "finding",
    "Match": "match",
    "Progress": "progress",
    "Report": "finding",
    "ReportError": "errors",
    "SourceError": "errors",
    "find": "search",
    "redact": "redaction",
    "scan": "engine",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'hexscan' has no attribute {name!r}")
    value = getattr(__import__(f"hexscan.{home}", fromlist=[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
