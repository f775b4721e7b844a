"""Completion, in the shells themselves."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

BIN = sysconfig.get_path("scripts")


def script(shell: str, directory: Path) -> Path:
    written = directory / f"completion.{shell}"
    command = Path(BIN) / "hexscan"
    with written.open("wb") as file:
        subprocess.run([command, "completion", shell], stdout=file, check=True, cwd=directory)
    return written


def ask(shell: str, program: str, directory: Path) -> list[str]:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed here")
    source = script(shell, directory)
    done = subprocess.run(
        [shell, "-c", program.format(source=source)],
        cwd=directory,
        capture_output=True,
        check=False,
        text=True,
        stdin=subprocess.DEVNULL,
        # Shells read and write files in the home directory.
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(directory)},
    )
    return done.stdout.split()


BASH = """
source {source}
complete -p hexscan >/dev/null
COMP_WORDS=(%s); COMP_CWORD=%d
_hexscan_completion hexscan
printf '%%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("words", "position", "expected"),
    [
        ("hexscan ''", 1, {"scan", "baseline", "explain"}),
        ("hexscan ba", 1, {"baseline"}),
        ("hexscan --no-", 1, {"--no-ignore", "--no-config"}),
        ("hexscan scan --for", 2, {"--format"}),
        ("hexscan --format ''", 2, {"text", "json"}),
        ("hexscan baseline ''", 2, {"create", "prune"}),
        ("hexscan completion z", 2, {"zsh"}),
    ],
)
def test_bash(tmp_path: Path, words: str, position: int, expected: set[str]) -> None:
    assert expected <= set(ask("bash", BASH % (words, position), tmp_path))


def test_fish(tmp_path: Path) -> None:
    program = 'source {source}\ncomplete -C "hexscan bas"\ncomplete -C "hexscan --stri"'
    found = ask("fish", program, tmp_path)
    assert "baseline" in found
    assert "--strict" in found


def test_zsh(tmp_path: Path) -> None:
    # Called by itself: zsh's own machinery works in an interactive shell alone.
    program = """
compdef() {{ :; }}
_describe() {{ print -l -- ${{(P)3}}; }}
source {source}
words=(hexscan ba); CURRENT=2
_hexscan_completion
"""
    assert any(word.startswith("baseline:") for word in ask("zsh", program, tmp_path))
