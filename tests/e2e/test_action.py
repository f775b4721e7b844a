"""The installing step of action.yml, for real; the Dockerfile installs in the same way.

It needs a package index, as the hook's environment does. The other step is run by
``tests/project/test_ready_made.py``.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from hexscan import __version__
from tests.project.test_ready_made import ACTION, bash
from tests.support import checkout

pytestmark = pytest.mark.xdist_group("pre-commit")


def test_the_action_installs_what_it_pins(tmp_path: Path) -> None:
    done = bash(
        ACTION["runs"]["steps"][0]["run"],
        tmp_path,
        {
            "GITHUB_ACTION_PATH": str(checkout.ROOT),
            "RUNNER_TEMP": str(tmp_path),
            "SCAN_PYTHON": sys.executable,
            "PYTHONPATH": "",
        },
    )
    assert done.returncode == 0, done.stdout + done.stderr
    programs = tmp_path / "hexscan/bin"
    version = subprocess.run(
        [programs / "hexscan", "--version"], capture_output=True, check=True, text=True
    )
    assert version.stdout == f"hexscan {__version__}\n"
    listed = subprocess.run(
        [programs / "python", "-m", "pip", "list", "--format=freeze"],
        capture_output=True,
        check=True,
        text=True,
    )
    pinned = (checkout.ROOT / "constraints.txt").read_text(encoding="ascii").split()
    at_run_time = {line for line in pinned if "==" in line and "setuptools" not in line}
    assert at_run_time <= set(listed.stdout.split())
    assert (tmp_path / "hexscan/share/man/man1/hexscan.1").exists()
