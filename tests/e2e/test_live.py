"""What is told while a scan still goes on: its progress, and findings as lines of JSON."""

import contextlib
import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from tests.support.keys import random_key

COMMAND = (sys.executable, "-m", "hexscan")
KEY, OTHER = random_key(1), random_key(2)
# More than the buffer of standard input holds: what stands before it is scanned.
FILLER = b"x\n" * 500_000


@contextlib.contextmanager
def scanning(
    *arguments: str, stderr: int = subprocess.PIPE
) -> Iterator[tuple["subprocess.Popen[bytes]", IO[bytes], IO[bytes]]]:
    """Start a scan, and yield the process with the pipes to its input and from its output."""
    with subprocess.Popen(
        [*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process, process.stdin, process.stdout
        finally:
            process.kill()


def feed(pipe: IO[bytes], data: bytes) -> None:
    pipe.write(data)
    pipe.flush()


def first_line(stdout: IO[bytes]) -> dict[str, Any]:
    """Read the first line, which has to come: a scan that waits for its input writes no other."""
    assert select.select([stdout], [], [], 60)[0]
    line: dict[str, Any] = json.loads(stdout.readline())
    return line


def kinds(lines: list[dict[str, Any]]) -> list[str]:
    return [line["kind"] for line in lines]


def test_a_finding_is_told_before_the_scan_ends() -> None:
    with scanning("--format", "jsonl", "-") as (process, stdin, stdout):
        feed(stdin, KEY.reveal().encode() + b"\n" + FILLER)
        # The pipe is still open, and there is no end to the scan before it is closed.
        first = first_line(stdout)
        assert (first["kind"], first["preview"]) == ("finding", KEY.preview)
        assert process.poll() is None
        feed(stdin, OTHER.reveal().encode())
        stdin.close()
        rest = [json.loads(line) for line in stdout]
        assert kinds(rest) == ["finding", "summary"]
        assert rest[0]["preview"] == OTHER.preview
        assert rest[1]["findings"] == 2
        assert process.wait() == 1
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_judged_finding_is_not_told() -> None:
    with scanning("--format", "jsonl", "-") as (process, stdin, stdout):
        judged = f"{KEY.reveal()} # hexscan:allow revoked\n\n\n".encode()
        feed(stdin, judged + OTHER.reveal().encode() + b"\n" + FILLER)
        assert first_line(stdout)["preview"] == OTHER.preview
        stdin.close()
        (summary,) = [json.loads(line) for line in stdout]
        assert (summary["findings"], summary["suppressed"]) == (1, 1)
        assert process.wait() == 1


@pytest.mark.parametrize(("last", "status"), [((), 1), (("no-such-file",), 2)])
def test_a_reader_who_leaves_changes_no_status(last: tuple[str, ...], status: int) -> None:
    with scanning("--format", "jsonl", "-", *last) as (process, stdin, stdout):
        feed(stdin, KEY.reveal().encode() + b"\n" + FILLER)
        assert first_line(stdout)["kind"] == "finding"
        stdout.close()
        feed(stdin, (OTHER.reveal().encode() + b"\n") * 1000 + FILLER)
        stdin.close()
        assert process.wait() == status
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_full_disk_is_an_error_and_the_other_report_is_written(tmp_path: Path) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full here")
    (tmp_path / "a").write_text(KEY.reveal())
    with full.open("wb") as stream:
        done = subprocess.run(
            [*COMMAND, "--format", "jsonl", "--report", "json=r", "a"],
            cwd=tmp_path,
            stdout=stream,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"hexscan: cannot write the report: no space left on device\n"
    assert json.loads((tmp_path / "r").read_bytes())["summary"]["findings"] == 1


def test_no_line_holds_a_key(tmp_path: Path) -> None:
    (tmp_path / KEY.reveal()).write_text(OTHER.reveal())
    done = subprocess.run(
        [*COMMAND, "--format", "jsonl", "."], cwd=tmp_path, capture_output=True, check=False
    )
    assert kinds([json.loads(line) for line in done.stdout.splitlines()]) == [
        "finding",
        "finding",
        "summary",
    ]
    for key in (KEY, OTHER):
        assert key.reveal()[4:].encode() not in done.stdout + done.stderr


class TestProgress:
    # The light path, and the one with click.
    @pytest.mark.parametrize("arguments", [["-"], ["-q", "-"], ["--progress", "-"]])
    def test_a_terminal_sees_a_line_that_goes_away(self, arguments: list[str]) -> None:
        ours, theirs = pty.openpty()
        with scanning(*arguments, stderr=theirs) as (process, stdin, stdout):
            os.close(theirs)
            feed(stdin, KEY.reveal().encode() + b"\n")
            fed = feed_until_something_is_shown(stdin, ours)
            stdin.close()
            assert KEY.preview.encode() in stdout.read()
            assert process.wait() == 1
            shown = all_of(ours)
        assert fed > 0
        assert shown.startswith(b"\r\x1b[K1 files, ")
        assert b" MB/s, 1 found" in shown
        assert shown.endswith(b"\r\x1b[K")
        assert b"\n" not in shown

    def test_nobody_else_does(self) -> None:
        with scanning("--progress", "-") as (process, stdin, stdout):
            ours, theirs = pty.openpty()
            with scanning("-", stderr=theirs) as (_, guide, _output):
                os.close(theirs)
                # When the other has shown its line, this one would have had time to do so.
                fed = feed_until_something_is_shown(guide, ours)
            os.close(ours)
            for _ in range(fed):
                feed(stdin, BLOCK)
            stdin.close()
            assert stdout.read().startswith(b"Found no key")
            assert process.wait() == 0
            assert process.stderr is not None
            assert process.stderr.read() == b""


BLOCK = b"x\n" * (9 << 20)


def feed_until_something_is_shown(stdin: IO[bytes], terminal: int) -> int:
    """Feed a scan with blocks that are each worth a call of the watcher; return how many."""
    for fed in range(600):
        if select.select([terminal], [], [], 0.1)[0]:
            return fed
        feed(stdin, BLOCK)
    raise AssertionError("nothing was shown")


def all_of(terminal: int) -> bytes:
    said = b""
    # Linux tells the end of a terminal with an error.
    with contextlib.suppress(OSError):
        while piece := os.read(terminal, 65536):
            said += piece
    os.close(terminal)
    return said
