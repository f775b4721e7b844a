"""Configuration and suppression as users meet them: a process of its own, in a repository."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.keys import random_key

KEY = random_key(21)
OTHER = random_key(22)
BASELINE = ".hexscan-baseline.json"


def run(
    *arguments: str,
    cwd: Path,
    stdin: str = "",
    environment: Mapping[str, str] | None = None,
    module: str = "hexscan",
) -> subprocess.CompletedProcess[str]:
    """Run hexscan to its end; nothing that it says may hold a key."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=cwd,
        input=stdin,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    said = (done.stdout + done.stderr).lower()
    assert "traceback" not in said
    for key in (KEY, OTHER):
        assert key.reveal().removeprefix("hex_") not in said
    return done


def hook(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    program = "import sys; from hexscan.cli.hook import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=cwd,
        capture_output=True,
        check=False,
        text=True,
    )


def git(directory: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", directory, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a git repository with one leak, in ``lib/app.ex``."""
    top = tmp_path / "repository"
    (top / "lib").mkdir(parents=True)
    (top / "lib/app.ex").write_text(f'@key "{KEY.reveal()}"\n')
    git(top, "init")
    git(top, "add", ".")
    git(top, "commit", "-m", "first")
    return top


def test_the_order_of_sources(repository: Path) -> None:
    (repository / ".hexscan.toml").write_text('format = "json"\nexclude = ["lib/"]\n')
    from_file = run(cwd=repository)
    assert (from_file.returncode, from_file.stdout[0]) == (0, "{")
    text = {"HEXSCAN_FORMAT": "text"}
    from_variable = run(cwd=repository, environment=text)
    assert from_variable.stdout.startswith("Found no key")
    from_call = run("--format", "json", "--exclude", "x", cwd=repository, environment=text)
    assert (from_call.returncode, from_call.stdout[0]) == (1, "{")
    without = run("--no-config", "-q", cwd=repository)
    assert without.stdout == f"lib/app.ex:1:7: hex-api-key {KEY.preview}\n"


def test_settings_hold_from_below_and_from_outside(repository: Path, tmp_path: Path) -> None:
    (repository / ".hexscan.toml").write_text("quiet = true\n")
    assert run(cwd=repository / "lib").stdout == f"app.ex:1:7: hex-api-key {KEY.preview}\n"
    assert run("repository/lib", cwd=tmp_path).stdout.count("\n") == 1


def test_pyproject_and_a_named_file(repository: Path, tmp_path: Path) -> None:
    (repository / "pyproject.toml").write_text("[tool.hexscan]\nquiet = true\n")
    assert run(cwd=repository).stdout.count("\n") == 1
    other = tmp_path / "other.toml"
    other.write_text('exclude = ["*"]\n')
    assert run("--config", str(other), cwd=repository).returncode == 0
    assert run(cwd=repository, environment={"HEXSCAN_CONFIG": str(other)}).returncode == 0
    missing = run("--config", "missing", cwd=repository)
    assert missing.returncode == 2
    assert missing.stderr == "hexscan: missing: there is no such file (see --config)\n"


def test_every_variable_counts_without_an_option(repository: Path) -> None:
    assert run(cwd=repository, environment={"HEXSCAN_QUIET": "1"}).stdout.count("\n") == 1
    assert run(cwd=repository, environment={"HEXSCAN_EXCLUDE": "x lib/"}).returncode == 0
    wrong = run(cwd=repository, environment={"HEXSCAN_FORMAT": "xml"})
    assert wrong.returncode == 2
    # A variable of that name is none of ours; many a pipeline has it.
    assert run(cwd=repository, environment={"HEXSCAN_VERSION": "0.1.0"}).returncode == 1


def test_the_stronger_of_two_that_exclude_each_other_holds(repository: Path) -> None:
    (repository / ".hexscan.toml").write_text("verbose = true\n")
    assert "fingerprint" in run(cwd=repository).stdout
    assert run("-q", cwd=repository).stdout.count("\n") == 1
    assert run("-q", "-v", cwd=repository).returncode == 2


@pytest.mark.parametrize("arguments", [(), ("-q",), ("config",), ("baseline", "list")])
def test_a_wrong_setting_is_one_line(repository: Path, arguments: tuple[str, ...]) -> None:
    (repository / ".hexscan.toml").write_text("\nexclud = []\n")
    done = run(*arguments, cwd=repository)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "hexscan: .hexscan.toml:2: unknown setting 'exclud'; did you mean exclude?\n"
    )
    assert run("--help", cwd=repository).returncode == 0


def test_config_tells_values_and_their_origins(repository: Path) -> None:
    (repository / ".hexscan.toml").write_text('exclude = ["docs/"]\n\nstrict = true\n')
    environment = {"HEXSCAN_UNPREFIXED": "1", "HEXSCAN_EXCLUD": "x"}
    done = run("config", "--verbose", cwd=repository, environment=environment)
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert lines[0] == "# configuration: .hexscan.toml"
    for name, what in (("_skim", ""), ("_packs", " for git's packs")):
        told = "compiled" if find_spec(f"hexscan.{name}") else "none"
        assert f"# C extension{what}: {told}" in lines
    assert 'exclude = ["docs/"] # .hexscan.toml:1' in lines
    assert "strict = true # .hexscan.toml:3" in lines
    assert "unprefixed = true # HEXSCAN_UNPREFIXED" in lines
    assert "verbose = true # command line" in lines
    assert 'color = "auto" # default' in lines
    assert "# the variable HEXSCAN_EXCLUD is not one of hexscan's" in lines


def test_config_prints_what_a_file_takes(repository: Path) -> None:
    printed = run("config", "--no-config", "--exclude", 'a"\u202e b', cwd=repository).stdout
    assert printed.replace("\n", "").isprintable()
    (repository / ".hexscan.toml").write_text(printed)
    assert run(cwd=repository).returncode == 1


@pytest.mark.parametrize("name", [".hexscan.toml", "pyproject.toml"])
def test_the_hook_reads_the_file_too(repository: Path, name: str) -> None:
    (repository / "clean.ex").write_text("x = 1\n")
    assert hook("clean.ex", cwd=repository).returncode == 0
    table = "[tool.hexscan]\n" if name == "pyproject.toml" else ""
    (repository / name).write_text(f'{table}exclude = ["lib/"]\n')
    assert hook("lib/app.ex", cwd=repository).returncode == 0
    (repository / name).write_text(f"{table}exclud = []\n")
    assert hook("clean.ex", cwd=repository).returncode == 2


def test_marks(repository: Path) -> None:
    (repository / "lib/app.ex").write_text(f"{KEY.reveal()} # hexscan:allow revoked\n")
    done = run(cwd=repository)
    assert done.returncode == 0
    assert "Suppressed: 1." in done.stdout
    assert run("--no-suppress", cwd=repository).returncode == 1
    shown = run("--show-suppressed", cwd=repository)
    assert shown.returncode == 0
    assert "lib/app.ex:1:1: hex-api-key: " in shown.stdout
    assert ", suppressed (inline: revoked)" in shown.stdout
    report = json.loads(run("--show-suppressed", "--format", "json", cwd=repository).stdout)
    assert report["findings"][0]["suppressed"] == {
        "kind": "inline",
        "reason": "revoked",
        "who": "",
        "when": "",
    }
    assert (report["summary"]["findings"], report["summary"]["suppressed"]) == (0, 1)
    hidden = json.loads(run("--format", "json", cwd=repository).stdout)
    assert hidden["findings"] == []
    assert hidden["summary"]["suppressed"] == 1


def test_a_reason_can_be_required(repository: Path) -> None:
    (repository / "lib/app.ex").write_text(f"{KEY.reveal()} # hexscan:allow\n")
    assert run(cwd=repository).returncode == 0
    (repository / ".hexscan.toml").write_text("require-reason = true\n")
    done = run(cwd=repository)
    assert done.returncode == 1
    assert "lib/app.ex:1: hexscan:allow gives no reason" in done.stdout


def test_unused_marks(repository: Path) -> None:
    (repository / "lib/app.ex").write_text("# hexscan:allow gone\n")
    assert "allows nothing" not in run(cwd=repository).stdout
    done = run("--strict", cwd=repository)
    assert done.returncode == 1
    assert "lib/app.ex:1: this hexscan:allow allows nothing\n" in done.stdout
    quiet = run("--strict", "-q", cwd=repository)
    assert quiet.stdout == "lib/app.ex:1: this hexscan:allow allows nothing\n"
    report = json.loads(run("--strict", "--format", "json", cwd=repository).stdout)
    assert report["unused_marks"] == [{"path": "lib/app.ex", "line": 1}]


def test_the_life_of_a_baseline(repository: Path) -> None:
    assert run("baseline", "create", "--reason", "revoked", cwd=repository).returncode == 0
    written = (repository / BASELINE).read_text()
    (entry,) = json.loads(written)["entries"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", entry.pop("when"))
    assert entry == {
        "fingerprint": KEY.fingerprint,
        "rule": "hex-api-key",
        "path": "*",
        "reason": "revoked",
        "who": "A Developer",
    }
    # The key may move, be copied and be written in another way.
    (repository / "other").write_text(f"\n\n  {KEY.reveal().upper()}\n")
    assert run(cwd=repository).returncode == 0
    assert run("--no-suppress", cwd=repository).returncode == 1

    (repository / "new").write_text(OTHER.reveal())
    assert run(cwd=repository).returncode == 1
    assert "already" in run("baseline", "create", cwd=repository).stderr
    assert "needs a reason" in run("baseline", "update", cwd=repository).stderr
    reason = ("--reason", "a fixture", "--who", "Somebody", "--in-file")
    done = run("baseline", "update", *reason, cwd=repository / "lib")
    assert "0 entries added" in done.stdout
    done = run("baseline", "update", *reason, cwd=repository)
    assert done.stdout == f"{BASELINE}: 1 entry added, 2 in all.\n"
    assert run(cwd=repository).returncode == 0
    (repository / "copy").write_text(OTHER.reveal())
    assert run("-q", cwd=repository).stdout == f"copy:1:1: hex-api-key {OTHER.preview}\n"
    (repository / "copy").unlink()

    listed = run("baseline", "list", cwd=repository).stdout
    assert f"{OTHER.fingerprint[:16]} hex-api-key new a fixture (Somebody " in listed
    explained = run("baseline", "explain", OTHER.fingerprint[:8], cwd=repository)
    assert OTHER.fingerprint in explained.stdout
    assert run("baseline", "explain", OTHER.fingerprint[:7], cwd=repository).returncode == 2

    (repository / "new").unlink()
    done = run("baseline", "prune", cwd=repository / "lib")
    assert done.returncode == 0
    assert done.stdout.endswith("1 entry dropped, 1 in all.\n")
    assert [
        entry["fingerprint"] for entry in json.loads((repository / BASELINE).read_text())["entries"]
    ] == [KEY.fingerprint]


@pytest.mark.parametrize("in_file", [["--in-file"], []])
@pytest.mark.parametrize(
    ("setting", "what"),
    [
        (".hexscan.toml", 'exclude = ["fixtures/"]\n'),
        ("mix.exs", '[package: [secret_scan: [ignore: ["fixtures/**"]]]]\n'),
        (".hexscanignore", "fixtures/\n"),
    ],
)
def test_an_entry_of_a_file_that_is_left_out_is_not_dropped_in_silence(
    repository: Path, in_file: list[str], setting: str, what: str
) -> None:
    (repository / "fixtures").mkdir()
    (repository / "fixtures" / "x").write_text(OTHER.reveal())
    assert run("baseline", "create", "--reason", "x", *in_file, cwd=repository).returncode == 0
    assert len(json.loads((repository / BASELINE).read_text())["entries"]) == 2
    (repository / setting).write_text(what)
    mix = ["--use-mix-ignore"] if setting == "mix.exs" else []
    done = run("baseline", "prune", *mix, cwd=repository)
    if setting == ".hexscanignore" and not in_file:
        assert "1 entry dropped, 1 in all.\n" in done.stdout
        assert done.stdout.endswith(
            "What is ignored was not looked at, but for files that an entry names.\n"
        )
        return
    assert done.stdout == (
        f"{BASELINE}: 0 entries dropped, 2 in all.\n"
        "1 entry kept for files that are left out of a scan.\n"
    )
    (repository / "fixtures" / "x").unlink()
    done = run("baseline", "prune", *mix, cwd=repository)
    assert "1 entry dropped, 1 in all.\n" in done.stdout


def test_settings_that_a_verb_has_no_use_for_do_no_harm(repository: Path) -> None:
    (repository / ".hexscan.toml").write_text('format = "json"\nstrict = true\n')
    assert run("baseline", "create", cwd=repository).returncode == 0
    assert KEY.fingerprint[:16] in run("baseline", "list", cwd=repository).stdout
    assert run("baseline", "list", "--format", "json", cwd=repository).returncode == 2
    assert run("baseline", cwd=repository).stderr.startswith("hexscan: Missing command")


def test_an_update_that_suppresses_nothing_keeps_what_is_there(repository: Path) -> None:
    assert run("baseline", "create", "--reason", "old", cwd=repository).returncode == 0
    (repository / "new").write_text(f"{OTHER.reveal()} # hexscan:allow here\n")
    verb = ("baseline", "update", "--reason", "new")
    assert "0 entries added" in run(*verb, cwd=repository).stdout
    assert "1 entry added, 2 in all" in run(*verb, "--no-suppress", cwd=repository).stdout


def test_a_reason_is_wanted_where_it_is_required(repository: Path) -> None:
    (repository / ".hexscan.toml").write_text("require-reason = true\n")
    refused = run("baseline", "create", cwd=repository)
    assert refused.returncode == 2
    assert "asks for a reason (add --reason)" in refused.stderr
    assert run("baseline", "create", "--reason", KEY.reveal(), cwd=repository).returncode == 0
    assert KEY.reveal() not in (repository / BASELINE).read_text()


def test_a_baseline_is_not_written_from_a_scan_that_is_not_complete(repository: Path) -> None:
    done = run("baseline", "create", ".", "missing", cwd=repository)
    assert done.returncode == 2
    assert "the baseline was not changed: missing could not be read" in done.stderr
    assert not (repository / BASELINE).exists()


@pytest.mark.parametrize("text", ["", "{", '{"schema": 99, "entries": []}'])
@pytest.mark.parametrize("verb", [("scan",), ("baseline", "list"), ("baseline", "update"), ()])
def test_a_baseline_that_cannot_be_understood(
    repository: Path, text: str, verb: tuple[str, ...]
) -> None:
    (repository / BASELINE).write_text(text)
    done = run(*verb, cwd=repository)
    assert done.returncode == 2
    assert done.stderr.startswith(f"hexscan: {BASELINE}:1: the baseline ")
    assert (repository / BASELINE).read_text() == text


def test_a_baseline_elsewhere(repository: Path) -> None:
    (repository / ".hexscan.toml").write_text('baseline = "ci/judged.json"\n')
    assert run(cwd=repository).returncode == 2
    unwritten = run("baseline", "create", cwd=repository / "lib")
    assert unwritten.returncode == 2
    assert "ci/judged.json: no such file or directory" in unwritten.stderr
    (repository / "ci").mkdir()
    named = ("--baseline", "../ci/judged.json", "--no-config")
    assert run("baseline", "create", *named, cwd=repository / "lib").returncode == 0
    assert (repository / "ci/judged.json").exists()
    assert run(cwd=repository).returncode == 0
    assert run(cwd=repository / "lib").returncode == 0
    assert run("--no-config", cwd=repository).returncode == 1


def test_a_baseline_is_not_written_through_a_link(repository: Path, tmp_path: Path) -> None:
    (repository / BASELINE).symlink_to(tmp_path / "outside")
    assert run("baseline", "create", cwd=repository).returncode == 2
    assert not (tmp_path / "outside").exists()


def test_settings_of_a_trusted_revision(repository: Path) -> None:
    (repository / ".hexscan.toml").write_text("quiet = true\n")
    git(repository, "add", ".")
    git(repository, "commit", "-m", "settings")
    assert run("baseline", "create", "--reason", "mine", cwd=repository).returncode == 0
    (repository / ".hexscan.toml").write_text('exclude = ["lib/"]\n')
    assert run(cwd=repository).returncode == 0
    reviewed = run("--baseline-from", "HEAD", cwd=repository)
    assert reviewed.returncode == 1
    assert reviewed.stdout == f"lib/app.ex:1:7: hex-api-key {KEY.preview}\n"
    git(repository, "add", BASELINE)
    git(repository, "commit", "-m", "baseline")
    (repository / BASELINE).write_text("broken")
    assert run("--baseline-from", "HEAD", cwd=repository).returncode == 0
    assert run(cwd=repository, environment={"HEXSCAN_BASELINE_FROM": "HEAD"}).returncode == 0
    wrong = run("--baseline-from", "nowhere", cwd=repository)
    assert wrong.returncode == 2
    assert "--baseline-from nowhere cannot be read" in wrong.stderr


def test_the_globs_of_mix(repository: Path) -> None:
    (repository / "mix.exs").write_text('[package: [secret_scan: [ignore: ["lib/**"]]]]\n')
    assert run(cwd=repository).returncode == 1
    done = run("--use-mix-ignore", cwd=repository)
    assert done.returncode == 0
    assert "ignored by mix.exs (1)" in done.stdout
    assert run("--use-mix-ignore", "--no-suppress", cwd=repository).returncode == 1
    (repository / "mix.exs").write_text("\n[secret_scan: scan()]\n")
    refused = run("--use-mix-ignore", cwd=repository)
    assert refused.returncode == 2
    assert refused.stderr.startswith("hexscan: mix.exs:2: secret_scan cannot be read")
    assert run(cwd=repository).returncode == 1


def test_explain_a_rule(repository: Path) -> None:
    done = run("explain", "hex-api-key-legacy", cwd=repository)
    assert done.returncode == 0
    assert done.stdout.startswith("hex-api-key-legacy: legacy Hex.pm API key\n")
    wrong = run("explain", "hex-api-kee", cwd=repository)
    assert wrong.returncode == 2
    assert "did you mean hex-api-key?" in wrong.stderr
    assert run("explain", KEY.reveal(), cwd=repository).returncode == 2


def test_explain_a_string(repository: Path) -> None:
    done = run("explain", "-", cwd=repository, stdin=f"{KEY.reveal()}\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("A valid key: ")
    swapped = KEY.reveal()[:-2] + KEY.reveal()[:-3:-1]
    assert "two digits are swapped" in run("explain", "-", cwd=repository, stdin=swapped).stdout
    assert run("explain", "-", cwd=repository).returncode == 2
    assert run("explain", "-", cwd=repository, stdin="x" * 5000).returncode == 2
