"""The command as users start it: a process of its own, in a directory of its own."""

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from hexscan import __version__
from tests.support.keys import legacy, random_key, unprefixed, wrong_checksum

KEY = random_key(11)
SOURCE = f'defmodule App do\n  @key "{KEY.reveal()}"\nend\n'
COMMAND = (sys.executable, "-m", "hexscan")
FULL = Path("/dev/full")

needs_full = pytest.mark.skipif(not FULL.exists(), reason="no /dev/full here")


def run(
    *arguments: str | bytes,
    cwd: Path,
    stdin: bytes = b"",
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run hexscan to its end; nothing that it says may hold a key."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        input=stdin,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        check=False,
    )
    said = (done.stdout + done.stderr).lower()
    assert KEY.reveal().removeprefix("hex_").encode() not in said
    assert b"Traceback" not in done.stderr
    return done


@pytest.fixture
def leak(tmp_path: Path) -> Path:
    """Return a directory with a key in one of its two files."""
    directory = tmp_path / "leak"
    directory.mkdir()
    (directory / "app.ex").write_text(SOURCE, encoding="ascii")
    (directory / "clean.ex").write_text("x = 1\n", encoding="ascii")
    return directory


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """Return a directory with one file and no key."""
    directory = tmp_path / "clean"
    directory.mkdir()
    (directory / "clean.ex").write_text("x = 1\n", encoding="ascii")
    return directory


def test_the_installed_script_runs(hexscan_command: Path, clean: Path) -> None:
    if not hexscan_command.exists():
        pytest.skip("hexscan is not installed here")
    done = subprocess.run(
        [hexscan_command, "--version"], cwd=clean, check=True, capture_output=True
    )
    assert done.stdout.decode() == f"hexscan {__version__}\n"


def test_a_clean_tree(clean: Path) -> None:
    done = run(cwd=clean)
    assert done.returncode == 0
    assert done.stdout.startswith(b"Found no key in 1 file (6 bytes, ")
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""


def test_a_leak(leak: Path) -> None:
    done = run(cwd=leak)
    told = done.stdout.decode().splitlines()
    assert done.returncode == 1
    assert told[:4] == [
        f"app.ex:2:9: hex-api-key: Hex.pm API key: {KEY.preview}",
        "  The checksum is right: this is a real key, and its holder can act as its owner.",
        f'  |   @key "{KEY.preview}"',
        "  |         ^^^^^^^^^^^^^",
    ]
    assert told[5].startswith("Found 1 key in 2 files (")
    assert told[5].endswith(" Complete.")
    assert told[7] == "What to do now:"
    assert done.stderr == b""


def test_a_path_that_does_not_exist_is_told_and_the_rest_is_scanned(leak: Path) -> None:
    done = run("no-such-file", "app.ex", cwd=leak)
    assert done.returncode == 2
    assert b"\napp.ex:2:9: " in b"\n" + done.stdout
    assert b"could not read: no-such-file: " in done.stdout
    assert b"NOT COMPLETE: 1 path could not be read." in done.stdout


def test_standard_input(leak: Path) -> None:
    done = run("-q", "-", cwd=leak, stdin=SOURCE.encode())
    assert done.returncode == 1
    assert done.stdout == f"<stdin>:2:9: hex-api-key {KEY.preview}\n".encode()


def test_quiet(leak: Path, clean: Path) -> None:
    assert run("-q", str(clean), cwd=leak).stdout == b""
    assert run("-q", cwd=leak).stdout.decode() == f"app.ex:2:9: hex-api-key {KEY.preview}\n"


def test_verbose(leak: Path) -> None:
    assert KEY.fingerprint.encode() in run("-v", cwd=leak).stdout


def test_json(leak: Path) -> None:
    done = run("--format", "json", cwd=leak)
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert done.stdout.endswith(b"}\n")
    assert report["summary"].pop("seconds") >= 0
    assert report == {
        "schema": 1,
        "tool": {"name": "hexscan", "version": __version__},
        "complete": True,
        "findings": [
            {
                "rule": "hex-api-key",
                "severity": "error",
                "path": "app.ex",
                "line": 2,
                "column": 9,
                "offset": 25,
                "length": 44,
                "preview": KEY.preview,
                "fingerprint": KEY.fingerprint,
                "decoding": [],
                "container": [],
                "git": None,
                "suppressed": None,
                "place": "content",
            }
        ],
        "skipped": [],
        "summary": {
            "files": 2,
            "bytes": len(SOURCE) + 6,
            "findings": 1,
            "suppressed": 0,
            "skipped": {"failure": 0, "policy": 0},
            "policies": {},
            "objects": 0,
            "known": 0,
        },
        "warnings": [],
    }


def test_excluded_files_are_counted(leak: Path) -> None:
    done = run("--exclude", "app.*", cwd=leak)
    assert done.returncode == 0
    assert b"Left out: " in done.stdout


def test_ignored_files_are_scanned_with_no_ignore(leak: Path) -> None:
    (leak / ".gitignore").write_text("app.ex\n")
    assert run(cwd=leak).returncode == 0
    assert run("--no-ignore", cwd=leak).returncode == 1


def test_rules_that_are_off_by_default(clean: Path) -> None:
    (clean / "lookalike").write_text(wrong_checksum())
    (clean / "bare").write_text(unprefixed().reveal())
    assert run(cwd=clean).returncode == 0
    lookalikes = run("-q", "--lookalikes", cwd=clean)
    assert lookalikes.returncode == 0
    assert lookalikes.stdout.startswith(b"lookalike:1:1: hex-api-key-lookalike ")
    bare = run("-q", "--unprefixed", cwd=clean)
    assert bare.returncode == 1
    assert bare.stdout.startswith(b"bare:1:1: hex-api-key-unprefixed ")


HOSTILE = (b"a\nb", b"::error::x", b"\x1b[2J", b"\xff\xfe", "\u202egpj".encode(), b"##[error]x")
SHOWN = (r"a\nb", r"\x3a:error::x", r"\x1b[2J", r"\xff\xfe", r"\u202egpj", r"\x23#[error]x")


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Return a directory of files with hostile names, each with a key in a hostile line."""
    directory = tmp_path / "hostile"
    directory.mkdir()
    for name in HOSTILE:
        try:
            file = directory / os.fsdecode(name)
            file.write_bytes(b"::error::\x1b[31m\xff " + KEY.reveal().encode())
        except OSError:
            pytest.skip("this file system takes UTF-8 names only")
    return directory


@pytest.mark.parametrize("option", ["-q", "-v"])
def test_hostile_names_and_lines_are_harmless_in_text(hostile: Path, option: str) -> None:
    done = run(option, cwd=hostile)
    text = done.stdout.decode("utf-8")
    assert done.returncode == 1
    assert text.replace("\n", "").isprintable()
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in text
    for shown in SHOWN:
        assert f"\n{shown}:1:" in f"\n{text}"


def test_hostile_names_keep_their_value_in_json(hostile: Path) -> None:
    done = run("--format", "json", cwd=hostile)
    text = done.stdout.decode("utf-8")
    assert text.replace("\n", "").isprintable()
    assert "##[" not in text
    paths = {finding["path"] for finding in json.loads(text)["findings"]}
    assert paths == {name.decode("utf-8", "backslashreplace") for name in HOSTILE}


def test_hostile_names_named_on_the_command_line(hostile: Path) -> None:
    done = run(*HOSTILE, b"no-such-\x1b-\xff", cwd=hostile)
    assert done.returncode == 2
    assert rb"could not read: no-such-\x1b-\xff: " in done.stdout


def test_a_key_in_a_name_is_masked_everywhere(clean: Path) -> None:
    name = f"backup-{KEY.reveal()}.txt"
    (clean / name).touch()
    done = run(cwd=clean)
    assert done.returncode == 1
    assert b", in the file's name" in done.stdout
    assert run("--format", "json", cwd=clean).returncode == 1
    assert run(f"{name}.missing", cwd=clean).returncode == 2
    # `run` looks for the key in what these say on standard error.
    assert KEY.preview in run(f"--{KEY.reveal()}", cwd=clean).stderr.decode()
    assert KEY.preview in run("--format", KEY.reveal(), cwd=clean).stderr.decode()
    assert KEY.preview in run("-o", f"missing/{name}", cwd=clean).stderr.decode()


def test_a_legacy_key_is_masked(clean: Path) -> None:
    old = legacy(3)
    (clean / "hex.config").write_text(f'{{api_key,<<"{old.reveal()}">>}}.\n')
    done = run(cwd=clean)
    assert done.returncode == 1
    assert b"hex-api-key-legacy" in done.stdout
    assert old.reveal().encode() not in done.stdout


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}],
)
def test_output_is_utf_8_whatever_the_locale(leak: Path, environment: dict[str, str]) -> None:
    (leak / "é.ex").write_text(SOURCE)
    done = run("-q", cwd=leak, environment=environment)
    assert done.returncode == 1
    assert "é.ex:2:9: hex-api-key" in done.stdout.decode("utf-8")


@pytest.mark.parametrize(
    ("option", "colored"), [("auto", False), ("always", True), ("never", False)]
)
def test_color_into_a_pipe(leak: Path, option: str, *, colored: bool) -> None:
    assert (b"\x1b[" in run("--color", option, cwd=leak).stdout) is colored


@pytest.mark.parametrize(
    ("environment", "colored"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_color_on_a_terminal(leak: Path, environment: dict[str, str], *, colored: bool) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*COMMAND, "-v"],
        cwd=leak,
        env={**os.environ, "TERM": "xterm", **environment},
        stdout=theirs,
        check=False,
    )
    os.close(theirs)
    said = b""
    # Linux tells the end of a terminal with an error.
    with contextlib.suppress(OSError):
        while piece := os.read(ours, 65536):
            said += piece
    os.close(ours)
    assert done.returncode == 1
    assert (b"\x1b[" in said) is colored


def test_a_pipe_that_is_closed_early_changes_no_status(leak: Path) -> None:
    # More than a pipe holds, so that the writer meets the closed end.
    (leak / "app.ex").write_text(SOURCE * 20_000, encoding="ascii")
    with subprocess.Popen(
        [*COMMAND, "-q"], cwd=leak, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"app.ex:2:9: ")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


@needs_full
@pytest.mark.parametrize("arguments", [(), ("--format", "json")])
def test_a_full_disk_behind_standard_output_is_an_error(
    leak: Path, arguments: tuple[str, ...]
) -> None:
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=leak, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr == b"hexscan: cannot write the report: no space left on device\n"


def test_a_closed_standard_output_is_an_error(leak: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$0" -m hexscan >&-', sys.executable],
        cwd=leak,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == b"hexscan: cannot write the report: standard output is closed\n"


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let child processes hear ^C even where the tests run in the background, deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("arguments", [("-",), ("-q", "-")])
def test_an_interrupt_ends_it_with_130_and_in_silence(
    clean: Path, arguments: tuple[str, ...]
) -> None:
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=clean,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        # More than a pipe holds: when the last byte is in, hexscan is reading.
        process.stdin.write(bytes(1 << 20))
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read() == b""
        assert process.stderr.read() == b""


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_does_not_wait_for_a_reader_who_has_stopped(leak: Path) -> None:
    (leak / "app.ex").write_text(SOURCE * 20_000, encoding="ascii")
    with subprocess.Popen([*COMMAND, "-q"], cwd=leak, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130


def test_output_goes_to_the_file_and_not_to_the_terminal(leak: Path) -> None:
    done = run("--format", "json", "--output", "report.json", cwd=leak)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    assert json.loads((leak / "report.json").read_bytes())["summary"]["files"] == 2
    assert {entry.name for entry in leak.iterdir()} == {"app.ex", "clean.ex", "report.json"}


@pytest.mark.parametrize("name", [".", "missing/report", "app.ex/report"])
def test_output_that_cannot_be_is_refused_in_one_line(leak: Path, name: str) -> None:
    done = run("-o", name, cwd=leak)
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(f"hexscan: cannot write the report to {name}: ".encode())
    assert done.stderr.count(b"\n") == 1
    assert {entry.name for entry in leak.iterdir()} == {"app.ex", "clean.ex"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_output_into_an_unwritable_directory(leak: Path) -> None:
    leak.chmod(0o555)
    done = run("-o", "report", cwd=leak)
    leak.chmod(0o755)
    assert done.returncode == 2
    assert done.stderr == b"hexscan: cannot write the report to report: permission denied\n"


def test_output_that_outgrows_the_disk_leaves_the_old_file(leak: Path) -> None:
    (leak / "report").write_text("old")

    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; exec "$0" -m hexscan -o report', sys.executable],
        cwd=leak,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == b"hexscan: cannot write the report to report: file too large\n"
    assert (leak / "report").read_text() == "old"
    assert {entry.name for entry in leak.iterdir()} == {"app.ex", "clean.ex", "report"}


@needs_full
def test_output_on_a_full_device_is_an_error(leak: Path) -> None:
    done = run("-o", str(FULL), cwd=leak)
    assert done.returncode == 2
    assert (
        done.stderr == b"hexscan: cannot write the report to /dev/full: no space left on device\n"
    )


@pytest.mark.parametrize("name", ["-", "/dev/stdout"])
def test_output_can_name_standard_output(leak: Path, name: str) -> None:
    done = run("-q", "-o", name, cwd=leak)
    assert done.returncode == 1
    assert done.stdout.decode() == f"app.ex:2:9: hex-api-key {KEY.preview}\n"


def test_a_wrong_option_is_one_line(clean: Path) -> None:
    done = run("--no-such\n-option", cwd=clean)
    assert done.returncode == 2
    assert done.stderr.startswith(b"hexscan: No such option")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        ([], False),
        (["clean.ex", "-"], False),
        (["-q", "--no-ignore"], False),
        (["--strict"], True),
    ],
)
def test_click_is_loaded_for_rare_options_alone(
    clean: Path, arguments: list[str], *, loaded: bool
) -> None:
    program = (
        "import sys; from hexscan.cli.main import main; main(sys.argv[1:]);"
        "print('click' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=clean,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stderr == f"{loaded}\n"
