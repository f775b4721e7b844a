"""The archives that are built of the project, with a C compiler and without one, and installed.

They need a package index, as the hook's environment does. Building takes most of the time, so all
tests share what is built, and with it one worker of a parallel run.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from hexscan import __version__
from hexscan.cli import manual
from tests.support import checkout
from tests.support.keys import random_key

pytestmark = pytest.mark.xdist_group("build")

COMPILER = (sysconfig.get_config_var("CC") or "cc").split()[0]
CAN_COMPILE = (
    shutil.which(COMPILER) is not None and Path(sysconfig.get_path("include"), "Python.h").exists()
)
needs_a_compiler = pytest.mark.skipif(
    not CAN_COMPILE, reason="no C compiler, or no headers of Python"
)
PURE = f"hexscan-{__version__}-py3-none-any.whl"
SKIM, PACKS = "hexscan/_skim.abi3.so", "hexscan/_packs.abi3.so"


def run(directory: Path, *argv: str | Path, **variables: str) -> str:
    """Run a command, which has to succeed, and return all that it prints."""
    own = ("CC", "CFLAGS", "HEXSCAN_NO_EXTENSION", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in own}
    done = subprocess.run(
        argv,
        cwd=directory,
        env={**environment, **variables},
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clone the project as pre-commit does: the last commit alone, and no tag."""
    origin = tmp_path_factory.mktemp("origin")
    checkout.copy(origin)
    run(origin, "git", "init", "--quiet")
    run(origin, "git", "commit", "--quiet", "--allow-empty", "--message", "before")
    run(origin, "git", "add", "--all")
    run(origin, "git", "commit", "--quiet", "--message", "everything")
    clone = tmp_path_factory.mktemp("clone") / "hexscan"
    run(origin, "git", "clone", "--quiet", "--depth=1", origin.as_uri(), clone)
    return clone


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the source archive, and of that the wheel."""
    folder = tmp_path_factory.mktemp("built")
    run(source, sys.executable, "-m", "build", "--outdir", folder, ".")
    return folder


def build_wheel(source: Path, folder: Path, **variables: str) -> str:
    """Build a wheel as ``pip install --verbose`` does, and return what is said meanwhile."""
    pip = (sys.executable, "-m", "pip", "wheel", "--verbose", "--no-deps", "--wheel-dir", folder)
    return run(source, *pip, ".", **variables)


@pytest.fixture(scope="module")
def without_compiler(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Build a wheel where the compiler fails, and return its folder and what was said."""
    folder = tmp_path_factory.mktemp("pure")
    return folder, build_wheel(source, folder, CC="/bin/false")


def only(folder: Path, pattern: str) -> Path:
    """Return the one file in a folder that has such a name."""
    (path,) = folder.glob(pattern)
    return path


def content(wheel: Path) -> set[str]:
    """Name the files of a wheel, but for what says how it is to be installed."""
    names = zipfile.ZipFile(wheel).namelist()
    kept = {name for name in names if ".dist-info/" not in name}
    assert f"hexscan-{__version__}.dist-info/licenses/LICENSE" in names
    return kept


def package() -> set[str]:
    """Name what every wheel has to hold."""
    pages = {f"hexscan-{__version__}.data/data/share/man/man1/{name}" for name in manual.pages()}
    modules = {
        path.relative_to("src").as_posix() for path in checkout.files() if path.parts[0] == "src"
    }
    assert {"hexscan/py.typed", "hexscan/reports/html.css"} <= modules
    return modules | pages


def test_the_source_archive_holds_what_the_repository_does(built: Path) -> None:
    with tarfile.open(only(built, "*.tar.gz")) as archive:
        names = {Path(*Path(member.name).parts[1:]) for member in archive if member.isfile()}
    added = {path for path in names if "hexscan.egg-info" in path.parts}
    assert names - added - {Path("PKG-INFO"), Path("setup.cfg")} == set(checkout.files())


@needs_a_compiler
def test_a_wheel_with_the_extension_is_for_every_later_python(built: Path) -> None:
    wheel = only(built, "*.whl")
    assert wheel.name.startswith(f"hexscan-{__version__}-cp311-abi3-")
    assert content(wheel) == package() | {SKIM, PACKS}


def test_without_a_compiler_there_is_a_wheel_and_a_word(
    without_compiler: tuple[Path, str],
) -> None:
    folder, said = without_compiler
    wheel = only(folder, "*.whl")
    assert wheel.name == PURE
    assert content(wheel) == package()
    assert said.count("hexscan works without its C extensions too") == 1


@needs_a_compiler
def test_without_zlib_there_is_the_other_extension(source: Path, tmp_path: Path) -> None:
    compiler = tmp_path / "cc"
    compiler.write_text('#!/bin/sh\ncase "$*" in *-lz*) exit 1;; esac\nexec cc "$@"\n')
    compiler.chmod(0o755)
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    said = build_wheel(source, wheels, CC=str(compiler))
    assert said.count("hexscan works without its C extensions too") == 1
    wheel = only(wheels, "*.whl")
    assert wheel.name.startswith(f"hexscan-{__version__}-cp311-abi3-")
    assert content(wheel) == package() | {SKIM}


def test_the_extension_is_left_out_on_demand(source: Path, tmp_path: Path) -> None:
    said = build_wheel(source, tmp_path, HEXSCAN_NO_EXTENSION="1")
    assert content(only(tmp_path, PURE)) == package()
    assert "csrc" not in said


@pytest.mark.usefixtures("built", "without_compiler")
def test_building_leaves_nothing_beside_the_source(source: Path) -> None:
    assert run(source, "git", "status", "--porcelain", "--ignored") == ""


def install(wheel: Path, folder: Path) -> Path:
    """Install a wheel into a new environment, and return the folder of its programs."""
    run(folder, sys.executable, "-m", "virtualenv", "--quiet", "installed")
    programs = folder / "installed" / "bin"
    run(folder, programs / "python", "-m", "pip", "install", "--quiet", wheel)
    return programs


def assert_it_works(programs: Path, folder: Path) -> None:
    """Check that what is installed tells its version, finds a key, and has its manual."""
    assert run(folder, programs / "hexscan", "--version") == f"hexscan {__version__}\n"
    (folder / "leak.ex").write_text(random_key(41).reveal(), encoding="ascii")
    done = subprocess.run(
        [programs / "hexscan", "scan", "leak.ex"],
        cwd=folder,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 1, done.stderr
    assert random_key(41).preview in done.stdout
    for page in manual.pages():
        assert (programs.parent / "share/man/man1" / page).is_file()


IMPORT = "from hexscan import _packs, _skim; print(_skim.__file__, _packs.__file__)"


@needs_a_compiler
def test_it_works_with_the_extension(built: Path, tmp_path: Path) -> None:
    programs = install(only(built, "*.whl"), tmp_path)
    assert_it_works(programs, tmp_path)
    paths = run(tmp_path, programs / "python", "-c", IMPORT).split()
    assert [path.endswith(name) for path, name in zip(paths, (SKIM, PACKS), strict=True)] == [
        True
    ] * 2


def test_it_works_without_the_extension(without_compiler: tuple[Path, str], tmp_path: Path) -> None:
    programs = install(only(without_compiler[0], "*.whl"), tmp_path)
    assert_it_works(programs, tmp_path)
    refused = f"try:\n    {IMPORT}\nexcept ImportError as error:\n    print(error.name)"
    assert run(tmp_path, programs / "python", "-c", refused) == "hexscan\n"
