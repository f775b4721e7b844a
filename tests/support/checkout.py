"""The checkout that the tests run in, as git sees it."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """List what a commit of everything would hold, relative to :data:`ROOT`.

    Files that are new and not ignored count, so that a mistake shows before it is committed.
    Skips the test that asks where the tests run from an unpacked archive.
    """
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout here")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    paths = (Path(name.decode()) for name in listing.split(b"\0") if name)
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def copy(folder: Path) -> None:
    """Copy :func:`files` into a folder: a clean checkout, with what is not committed yet."""
    for path in files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target)
