"""Standard output: whatever the locale, whoever reads it, and in colour only where it is wanted."""

from __future__ import annotations

import os
import sys

from hexscan.errors import ReportError

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO, Literal, TypeAlias

    Color: TypeAlias = Literal["auto", "always", "never"]

COLORS: tuple[Color, ...] = ("auto", "always", "never")


def wants_color(color: Color, *, terminal: bool) -> bool:
    """Tell whether to use colours: for ``auto``, on a terminal where nobody has objected.

    ``NO_COLOR`` with any value but the empty one objects, and so does ``TERM=dumb``.
    """
    if color != "auto":
        return color == "always"
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


# Variables that only terminals set which know links (OSC 8). One that does not know them may print
# their addresses, so no other terminal gets any.
_LINKING = ("DOMTERM", "GHOSTTY_RESOURCES_DIR", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "WT_SESSION")
_LINKING_PROGRAMS = ("Hyper", "WezTerm", "ghostty", "iTerm.app", "rio", "vscode")
_FIRST_LINKING_VTE = 5000


def wants_links(color: Color) -> bool:
    """Tell whether the terminal that standard output is takes links; where colour is unwanted not.

    Inside tmux and screen it is not known which terminal is behind them.
    """
    if not wants_color(color, terminal=True) or os.environ.get("TMUX") or os.environ.get("STY"):
        return False
    vte = os.environ.get("VTE_VERSION", "")
    return (
        any(os.environ.get(name) for name in _LINKING)
        or os.environ.get("TERM_PROGRAM") in _LINKING_PROGRAMS
        or (vte.isdecimal() and int(vte) >= _FIRST_LINKING_VTE)
    )


def is_terminal() -> bool:
    """Tell whether standard output is a terminal; it may be closed."""
    return sys.stdout is not None and sys.stdout.isatty()


def note(message: str) -> None:
    """Write one line on standard error, escaped and with a key in it masked, if there is one."""
    from contextlib import suppress  # noqa: PLC0415 - seldom wanted

    from hexscan.redaction import redact  # noqa: PLC0415 - the same
    from hexscan.reports import escape  # noqa: PLC0415 - the same

    if sys.stderr is not None:
        with suppress(OSError):
            print(f"hexscan: {escape.message(redact(message))}", file=sys.stderr)  # noqa: T201


def write(lines: Iterator[str]) -> None:
    """Write the lines of a report to standard output, in UTF-8 whatever the locale says.

    A reader who closes it early wanted no more, which is no error. Everything else that hinders
    the writing raises :class:`ReportError`.
    """
    if sys.stdout is None:
        raise ReportError("cannot write the report: standard output is closed")
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        # Somebody has put a stream of text in its place, as contextlib.redirect_stdout does.
        sys.stdout.writelines(f"{line}\n" for line in lines)
        return
    try:
        sys.stdout.flush()
        put(lines, stream)
    except BrokenPipeError:
        _abandon(stream)
    except KeyboardInterrupt:
        # The reader may have stopped without leaving, and a last flush would wait for it.
        _abandon(stream)
        raise
    except OSError as error:
        _abandon(stream)
        raise ReportError(f"cannot write the report: {reason(error)}") from None


def put(lines: Iterator[str], stream: BinaryIO) -> None:
    """Write lines to a binary stream and flush it; raises ``OSError``."""
    stream.writelines(line.encode("utf-8", "backslashreplace") + b"\n" for line in lines)
    stream.flush()


def reason(error: OSError) -> str:
    """Return in a few words what the operating system says."""
    return (error.strerror or type(error).__name__).lower()


def _abandon(stream: BinaryIO) -> None:
    """Let what is still buffered go nowhere, or Python would stumble over it again at its exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    finally:
        os.close(nowhere)
