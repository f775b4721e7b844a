"""Install the project as a user's pre-commit does: built, into an environment of its own.

An editable install would not do. It adds a search path to every start of the interpreter, and
where ``PYTHONDONTWRITEBYTECODE`` is set it has no cached bytecode; pip compiles what it installs.
virtualenv makes the environment because pre-commit uses it, and for its recent pip: older ones
write console scripts that import ``re``, which costs 5 ms. setuptools is left out: its ``.pth``
file slows the bare interpreter down, and so would flatter every ratio to it.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import child_environment

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Installation:
    """The programs of an environment in which the project is installed."""

    python: str
    hexscan: str
    hook: str


@contextmanager
def installed_project() -> Iterator[Installation]:
    """Install the project into a temporary environment that lasts as long as the context."""
    with tempfile.TemporaryDirectory(prefix="hexscan-bench-") as directory:
        scripts = Path(directory, "bin")
        python = str(scripts / "python")
        _run(sys.executable, "-m", "virtualenv", "--quiet", "--no-setuptools", directory)
        _run(python, "-m", "pip", "install", "--quiet", str(PROJECT))
        yield Installation(python, str(scripts / "hexscan"), str(scripts / "hexscan-hook"))


def _run(*argv: str) -> None:
    subprocess.run(argv, env=child_environment(), check=True)
