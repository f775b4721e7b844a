"""Put results together: on what machine, which bounds hold, what each benchmark measured."""

import argparse
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.result import Section, bounds_table


def smoke_is_asked_for(command: str) -> bool:
    """Read the command line of a benchmark, which knows one option: ``--smoke``."""
    parser = argparse.ArgumentParser(prog=command)
    parser.add_argument("--smoke", action="store_true", help="small inputs; no time is judged")
    return bool(parser.parse_args().smoke)


def tell(sections: Sequence[Section], *, smoke: bool) -> int:
    """Print a report and return the exit status: 1 if a bound was judged and does not hold."""
    print(report(sections, judged=not smoke))
    return 0 if smoke or all_hold(sections) else 1


def all_hold(sections: Sequence[Section]) -> bool:
    """Tell whether every bound of every section holds."""
    return all(bound.holds for section in sections for bound in section.bounds)


def report(
    sections: Sequence[Section],
    *,
    judged: bool,
    program: str = "python -m benchmarks.run",
    facts: Sequence[str] = (),
) -> str:
    """Return the account of one program in Markdown, without any path of this machine.

    ``facts`` are lines that go below those of the machine.
    """
    parts = [
        f"Written by `{program}`; not edited by hand.",
        "\n".join([machine(), *facts]),
        bounds_table(sections, judged=judged),
        *(section.markdown() for section in sections),
    ]
    return "\n\n".join(parts) + "\n"


def machine() -> str:
    """Describe the machine, the interpreter and the date as a Markdown list."""
    facts = {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.release()}, {platform.machine()}",
        "Python": f"{platform.python_implementation()} {platform.python_version()}",
    }
    return "\n".join(f"- {name}: {value}" for name, value in facts.items())


def _processor() -> str:
    """Return the processor's model; Linux tells it in a file only."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, platform.processor() or "unknown processor")
