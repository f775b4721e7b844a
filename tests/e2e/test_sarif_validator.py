"""SARIF, judged by Microsoft's validator with its rules for GitHub.

``.ci/run`` installs the validator from npm into ``.tools/``. Its native program is called and not
the script in ``.bin``, which hands its arguments to a shell: at the ``;`` of the rule kinds that
would end the command and leave GitHub's rules out.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from hexscan.finding import Report
from hexscan.reports import sarif
from tests.golden.sample import CLEAN, FACTS, FULL, SHOWN
from tests.support import checkout

PACKAGES = checkout.ROOT / ".tools/node_modules/@microsoft"
VALIDATOR = PACKAGES / "sarif-multitool-linux/Sarif.Multitool"

pytestmark = pytest.mark.skipif(
    not VALIDATOR.exists(), reason="no sarif-multitool in .tools/; `make tools` installs it"
)

# It would ask whether the links in a log can be reached; nobody answers at this address.
NOWHERE = "http://127.0.0.1:9"


def problems(log: str, directory: Path) -> list[str]:
    """Return what the validator calls an error or a warning."""
    file = directory / "log.sarif"
    file.write_text(log, encoding="utf-8")
    done = subprocess.run(
        [VALIDATOR, "validate", file, "--rule-kind", "Sarif;Ghas"],
        env={
            **os.environ,
            "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1",
            "HTTP_PROXY": NOWHERE,
            "HTTPS_PROXY": NOWHERE,
        },
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    told = done.stdout + done.stderr
    assert "Analysis completed successfully." in told, told
    return [line for line in told.splitlines() if ": error " in line or ": warning " in line]


@pytest.mark.parametrize("report", [CLEAN, FULL, SHOWN], ids=["clean", "full", "rich"])
def test_a_log_has_no_error_and_no_warning(report: Report, tmp_path: Path) -> None:
    assert problems("\n".join(sarif.lines(report, FACTS)), tmp_path) == []


def test_the_validator_does_see_what_github_would_refuse(tmp_path: Path) -> None:
    log = json.loads("\n".join(sarif.lines(FULL, FACTS)))
    del log["runs"][0]["results"][0]["locations"]
    assert any("GH1015" in line for line in problems(json.dumps(log), tmp_path))
