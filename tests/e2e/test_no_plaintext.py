"""One promise, everywhere: no key in any output, whatever it was planted in."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.keys import legacy, random_key

KEY = random_key(1).reveal()
BARE = random_key(2).reveal()[4:]
OLD = legacy(3).reveal()
SECRETS = (KEY, KEY.upper(), BARE, OLD)

# A preview shows four digits and four: no more than that may stand in a row.
MOST_DIGITS = 8


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A tree with keys in everything that a scan could quote."""
    tree = tmp_path / f"dir-{KEY}"
    tree.mkdir()
    (tree / f"name-{KEY}.txt").write_text("clean\n")
    (tree / "line").write_text(f"{KEY} {KEY.upper()} HEX_API_KEY={BARE} HEX_TOKEN={OLD} {OLD}\n")
    (tree / "long").write_text("x" * 400 + KEY * 9 + "y" * 100 + KEY[:40] + "\n")
    (tree / "lookalike").write_text(KEY[:43] + ("0" if KEY[-1] != "0" else "1") + " " + KEY[:41])
    (tree / "\x1b[2J\n::error::").write_text(KEY)
    (tree / "link").symlink_to(KEY)
    (tree / f"{KEY}-gone").symlink_to(f"{KEY}/nowhere")
    (tree / ".gitignore").write_text(f"{KEY}-ignored\n")
    (tree / f"{KEY}-ignored").write_text(KEY)
    return tree


HEXSCAN = "import sys; from hexscan.cli.main import main; sys.exit(main())"
HOOK = "import sys; from hexscan.cli.hook import main; sys.exit(main())"


def run(*arguments: str | Path, cwd: Path, program: str = HEXSCAN, stdin: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        input=stdin.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode in (1, 2)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def assert_masked(output: str) -> None:
    low = output.lower()
    for secret in SECRETS:
        digits = secret.lower().removeprefix("hex_")
        pieces = {digits[i : i + MOST_DIGITS + 1] for i in range(len(digits) - MOST_DIGITS)}
        assert not [piece for piece in pieces if piece in low]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--verbose",),
        ("--quiet",),
        ("--color", "always"),
        ("--format", "json"),
        ("--unprefixed", "--lookalikes", "--verbose"),
        ("--unprefixed", "--lookalikes", "--format", "json"),
        ("--no-ignore", "--verbose"),
        ("--exclude", f"{KEY}-ignored", "--exclude", KEY),
    ],
    ids=" ".join,
)
def test_reports(planted: Path, options: tuple[str, ...]) -> None:
    output = run(*options, planted, planted / f"{KEY}-gone", f"{KEY}/missing", cwd=planted.parent)
    assert_masked(output)
    assert "…" in output or "\\u2026" in output


def test_report_files(planted: Path) -> None:
    report = planted.parent / "report.json"
    assert_masked(run("--format", "json", "-o", report, planted, cwd=planted.parent))
    text = report.read_text(encoding="utf-8")
    assert_masked(text)
    assert json.loads(text)["findings"]


def test_standard_input(tmp_path: Path) -> None:
    output = run("-", cwd=tmp_path, stdin=f"HEX_API_KEY={OLD} {KEY} {'.' * 300_000}{KEY}")
    assert_masked(output)
    assert "<stdin>:1:" in output


@pytest.mark.parametrize(
    "arguments",
    [
        ("--format", KEY),
        (f"--{KEY}",),
        ("-o", f"{KEY}/{KEY}/report"),
        ("--exclude", f"{KEY}\\"),
        ("--color", KEY, KEY),
        (f"{KEY}/missing",),
    ],
    ids=str,
)
def test_errors(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    output = run(*arguments, cwd=tmp_path)
    assert_masked(output)
    assert output.strip()


def test_the_hook(planted: Path) -> None:
    names = sorted(path.name for path in planted.iterdir())
    assert_masked(run("--", *names, KEY, cwd=planted, program=HOOK))


def test_a_bug_s_traceback_shows_no_locals(planted: Path) -> None:
    program = (
        "import sys, hexscan.scanner as scanner\n"
        "def broken(*_): raise RuntimeError('a bug')\n"
        "scanner.excerpt = broken\n"
        "from hexscan.cli.main import main\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "line"], cwd=planted, capture_output=True, check=False
    )
    assert b"RuntimeError: a bug" in done.stderr
    assert_masked((done.stdout + done.stderr).decode())
