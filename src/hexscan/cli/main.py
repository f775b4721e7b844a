"""The entry of the ``hexscan`` command.

The usual calls, ``hexscan PATH...`` and some options, are read by :mod:`hexscan.cli.light`, which
does not load click: that costs more than scanning a commit does. Everything else is read by
:mod:`hexscan.cli.commands`.
"""

from __future__ import annotations

import gc
import os
import sys

from hexscan.errors import ConfigError, HexscanError

TYPE_CHECKING = False  # see hexscan.cli.staged: its clean path leads through here
if TYPE_CHECKING:
    from collections.abc import Callable

    from hexscan.cli.light import Call

FAILED = 2
INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run hexscan with ``argv``, by default the process's own, and return the exit status.

    0: nothing found; 1: keys found; 2: something could not be read, or the call was wrong; 130:
    interrupted. Errors are told in one line on standard error; only a bug raises.
    """
    if argv is not None:
        return told(lambda: _run(argv))
    # What a run makes is let go of by counting; to look for cycles costs a tenth of the start.
    gc.disable()
    status = told(lambda: _run(sys.argv[1:]))
    _leave(status)
    return status


def _leave(status: int) -> None:
    """End the process here: what Python does at its end, 2 to 5 ms, is for nobody.

    Comes back where something is still to be written and cannot be, for Python to tell.
    """
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except (OSError, ValueError):
        return
    os._exit(status)


def told(action: Callable[[], int]) -> int:
    """Call ``action`` and return its exit status, or that of the error that ended it.

    An error is told on standard error, an interrupt is not. So is a bug, by its traceback, which
    shows no values: left to Python it would end with 1, and 1 says that keys were found.
    """
    try:
        return action()
    except HexscanError as error:
        tell(error)
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - told as what it is
        import traceback  # noqa: PLC0415 - never wanted

        traceback.print_exc()
        return FAILED


def tell(error: HexscanError) -> None:
    """Write the one line on standard error that says what is wrong and what to do about it.

    Messages quote what the user has typed: it is escaped, and a key in it masked.
    """
    from hexscan.cli import output  # noqa: PLC0415 - wanted only on the way out

    message = f"{error} ({error.hint})" if error.hint else str(error)
    if isinstance(error, ConfigError) and error.path:
        line = f"{error.line}:" if error.line else ""
        message = f"{error.path}:{line} {message}"
    # Without standard error there is nobody to tell; the exit status still says it.
    output.note(message)


def _run(arguments: list[str]) -> int:
    if arguments == ["staged"] and _staged_is_clean():
        return 0
    # Imported here, the slow parts can be interrupted without a traceback.
    from hexscan.cli import light  # noqa: PLC0415

    is_history = arguments[:1] == ["history"]
    call = light.read_history(arguments[1:]) if is_history else light.read(arguments)
    if call is not None and not _is_configured(call, remembers=is_history):
        return _scan_history(call) if is_history else _scan(call)
    from hexscan.cli.commands.group import parse  # noqa: PLC0415 - click costs 30 ms

    return parse(arguments)()


def _scan(call: Call) -> int:
    from hexscan.cli.paths import run_paths  # noqa: PLC0415 - see _run
    from hexscan.cli.settled import settle  # noqa: PLC0415 - the same
    from hexscan.suppression.judge import Policy  # noqa: PLC0415 - the same

    config, telling = settle(Policy(), **call.options)
    return run_paths(call.paths, config, telling, progress=call.progress)


def _scan_history(call: Call) -> int:
    from hexscan.cli.history import scanned  # noqa: PLC0415 - see _run
    from hexscan.cli.run import run  # noqa: PLC0415 - the same
    from hexscan.cli.settings import cache_place, presence  # noqa: PLC0415 - the same
    from hexscan.cli.settled import settle  # noqa: PLC0415 - the same
    from hexscan.suppression.judge import Policy  # noqa: PLC0415 - the same

    options = dict(call.options)
    allow_partial = options.pop("allow_partial", False)
    no_cache = options.pop("no_cache", False)
    cache_dir = options.pop("cache_dir", None) or os.environ.get(presence.CACHE_DIR)
    config, telling = settle(Policy(), **options)
    config = cache_place.settle_cache(config, no_cache=no_cache, cache_dir=cache_dir)
    path = os.fsencode(call.paths[0])
    return run(
        lambda: scanned(path, config, allow_partial=allow_partial, progress=call.progress), telling
    )


def _staged_is_clean() -> bool:
    from hexscan.cli.settings import presence  # noqa: PLC0415 - nobody else needs it
    from hexscan.cli.staged import all_clean  # noqa: PLC0415 - the same

    # Git calls its hooks in the top directory; elsewhere a settings file is found later.
    return not presence.in_environment() and not presence.can_matter(b".") and all_clean()


def _is_configured(call: Call, *, remembers: bool) -> bool:
    """Tell whether there is more to a call than was read of it, which is click's to find out.

    ``remembers`` is whether the scan keeps a memory.
    """
    from hexscan.cli.settings import presence  # noqa: PLC0415 - see _run
    from hexscan.cli.settings.root import root_of  # noqa: PLC0415 - the same

    if presence.in_environment(remembers=remembers):
        return True
    root = root_of(call.paths)
    has_file = not call.no_config and presence.in_directory(root)
    return has_file or presence.baseline_in(root)
