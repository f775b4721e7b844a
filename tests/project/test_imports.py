"""`import hexscan` and the hook cost next to nothing, because they load next to nothing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hexscan import skim
from tests.support.repositories import commit, repository, stage

COSTLY = {
    "click",
    "dataclasses",
    "hashlib",
    "http",
    "inspect",
    "json",
    "logging",
    "multiprocessing",
    "pathlib",
    "re",
    "regex",
    "socket",
    "ssl",
    "subprocess",
    "typing",
    "urllib.request",
}

# What a scan needs only for a finding, a pattern, a work tree, or a run that is not short.
SELDOM = {
    "collections",
    "contextlib",
    "enum",
    "functools",
    "hexscan.cli.commands.group",
    "hexscan.labels",
    "hexscan.reports.advice",
    "hexscan.reports.history",
    "hexscan.sources.git.door",
    "hexscan.sources.listed",
    "hexscan.sources.stdin",
    "hexscan.suppression.baseline",
    "hexscan.suppression.mix",
    "hexscan.workers.pool",
    "importlib",
    "tempfile",
    "tomllib",
}


def modules_after(statement: str, directory: Path | None = None) -> set[str]:
    """Name the modules that a fresh interpreter has loaded after ``statement``."""
    program = f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"
    # Coverage, where it follows child processes, would load a good part of them itself.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=directory,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def bare() -> set[str]:
    """Name what is loaded before anything is imported: an environment may have files that do so."""
    return modules_after("pass")


@pytest.mark.parametrize("module", ["hexscan", "hexscan.cli.hook", "hexscan.cli.staged"])
def test_importing_loads_nothing_costly(module: str, bare: set[str]) -> None:
    loaded = modules_after(f"import {module}") - bare
    assert module in loaded
    assert not loaded & COSTLY


def test_clean_files_pass_the_hook_without_anything_costly(bare: set[str], tmp_path: Path) -> None:
    # The pyproject.toml of this repository would be looked at for settings.
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n")
    (tmp_path / ".hexscan-baseline.json").touch()
    program = f"from hexscan.cli.hook import main\nassert not main([{__file__!r}])"
    loaded = modules_after(program, tmp_path) - bare
    assert not loaded & COSTLY
    if skim.encoded:
        assert not loaded & {"stringzilla", "hexscan.matcher", "hexscan.decoders.sieve"}


def test_what_decodes_is_not_loaded_where_it_is_turned_off(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("export HEX_API_KEY=x")
    program = "import hexscan; hexscan.scan({!r}, hexscan.Config(decode={}))"
    plain, decoding = (modules_after(program.format(str(tmp_path), on)) for on in (False, True))
    assert "hexscan.decoders.nest" in decoding
    assert "hexscan.decoders.nest" not in plain


def test_a_clean_index_passes_without_anything_costly(
    bare: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = repository(tmp_path / "r")
    commit(root)
    stage(root, "a", b"clean")
    monkeypatch.chdir(root)
    program = 'from hexscan.cli.main import main\nassert not main(["staged"])'
    loaded = modules_after(program) - bare
    assert "hexscan.cli.staged" in loaded
    assert not loaded & (COSTLY | {"contextlib", "tempfile"})


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--no-ignore", "--no-decode", "--no-unpack", "--jobs", "1", "--no-config"],
        ["-v", "--no-ignore", "--no-progress"],
        ["-q", "--exclude", "*.md", "--jobs=2"],
    ],
)
def test_clean_files_are_scanned_without_anything_costly(
    bare: set[str], tmp_path: Path, options: list[str]
) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a").write_text("export HEX_API_KEY=${SECRET}\n")
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\n")
    arguments = [*options, str(tmp_path / "d")]
    # On a busy machine it would not be a short run any more.
    alone = "from hexscan import sharing\nsharing.PATIENCE[True] = 60"
    program = f"{alone}\nfrom hexscan.cli.main import main\nassert not main({arguments!r})"
    loaded = modules_after(program, tmp_path) - bare
    assert "hexscan.engine" in loaded
    assert ("hexscan.decoders.nest" in loaded) is ("--no-decode" not in options)
    assert loaded & (COSTLY | SELDOM) == set()


def test_the_report_for_programs_needs_no_click(bare: set[str], tmp_path: Path) -> None:
    (tmp_path / "a").write_text("clean")
    arguments = ["scan", str(tmp_path), "--no-ignore", "--format", "json", "-o", "r.json"]
    program = f"from hexscan.cli.main import main\nassert not main({arguments!r})"
    loaded = modules_after(program, tmp_path) - bare
    assert (tmp_path / "r.json").exists()
    assert not loaded & {"click", "dataclasses", "inspect", "hexscan.labels"}


def test_a_history_is_scanned_without_click(bare: set[str], tmp_path: Path) -> None:
    root = repository(tmp_path / "r")
    commit(root)
    arguments = ["history", str(root), "--cache-dir", str(tmp_path / "cache")]
    program = f"from hexscan.cli.main import main\nassert not main({arguments!r})"
    loaded = modules_after(program, tmp_path) - bare
    assert "hexscan.history.run" in loaded
    # Nor is what tells the places of keys, or shares work of which there is hardly any.
    assert not loaded & {"click", "dataclasses", "inspect", "json", "tomllib"}
    assert not loaded & {"typing", "tempfile"}
    assert not loaded & {"hexscan.history.placing", "hexscan.workers.pool"}


def test_workers_do_not_wait_for_what_type_checkers_need() -> None:
    assert "typing" not in modules_after("import hexscan.workers.pool")


def test_the_library_loads_its_parts_when_they_are_asked_for() -> None:
    program = "import hexscan\nfor name in hexscan.__all__: assert getattr(hexscan, name)"
    loaded = modules_after(program)
    assert "hexscan.engine" in loaded
    assert "click" not in loaded
