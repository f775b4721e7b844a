"""The HTML report in a real browser: it is shown, loads nothing and runs nothing."""

import re
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from hexscan.reports import html
from tests.golden.sample import FACTS, SHOWN

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium here")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text("\n".join(html.lines(SHOWN, FACTS)), encoding="utf-8")
    return file


def browse(page: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    """Open a page in a browser with a profile of its own and no way to a network."""
    return subprocess.run(
        [
            BROWSER or "",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--proxy-server=127.0.0.1:9",
            f"--user-data-dir={page.parent / 'profile'}",
            "--enable-logging=stderr",
            *options,
            page.as_uri(),
        ],
        capture_output=True,
        check=True,
        timeout=120,
    )


def test_the_page_is_what_was_written(page: Path) -> None:
    done = browse(page, "--dump-dom", "--log-level=0")
    shown = done.stdout.decode()
    assert shown.count("<article") == 3
    assert shown.count("<svg") == 2
    assert "<script" not in shown
    # What the console says of a page that breaks its own policy or cannot load something.
    assert not re.search(rb"CONSOLE|ERR_|Refused to", done.stderr)


@pytest.mark.parametrize(("scheme", "dark"), [(0, True), (1, False)])
def test_the_page_follows_the_wish_for_a_dark_one(
    page: Path, tmp_path: Path, *, scheme: int, dark: bool
) -> None:
    picture = tmp_path / "page.png"
    browse(
        page,
        f"--screenshot={picture}",
        f"--blink-settings=preferredColorScheme={scheme}",
        "--window-size=600,400",
        "--hide-scrollbars",
    )
    assert (first_pixel(picture) < 0x40) is dark


def test_the_page_can_be_printed(page: Path, tmp_path: Path) -> None:
    paper = tmp_path / "page.pdf"
    browse(page, f"--print-to-pdf={paper}")
    assert paper.read_bytes().startswith(b"%PDF-")


def first_pixel(picture: Path) -> int:
    """Return the red of a PNG's first pixel: the rows' first is stored as it is by every filter."""
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG")
    start = data.index(b"IDAT") + 4
    return zlib.decompressobj().decompress(data[start:], 2)[1]
