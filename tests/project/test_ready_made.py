"""What the project offers to paste or to include is held to what hexscan takes."""

import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from hexscan.cli.commands import group
from hexscan.cli.commands.hook import command as hook_command
from tests.support import checkout
from tests.support.keys import random_key


def read(name: str) -> str:
    return (checkout.ROOT / name).read_text(encoding="utf-8")


PROJECT = tomllib.loads(read("pyproject.toml"))["project"]
TAG = f"v{PROJECT['version']}"
REPOSITORY = PROJECT["urls"]["Repository"]
GUIDE = read("docs/ci.md")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS: list[tuple[str, str]] = FENCE.findall(GUIDE)
ACTION: Any = yaml.safe_load(read("action.yml"))
TEMPLATE: Any = yaml.safe_load(read("templates/gitlab-ci.yml"))


def block(title: str) -> str:
    """Return the first block of a section of the guide."""
    section = GUIDE.split(f"\n## {title}\n")[1].split("\n## ")[0]
    match = FENCE.search(section)
    assert match
    return match[2]


def command_lines() -> list[str]:
    """Collect every line of the guide, the template and the README that runs hexscan."""
    shown = "\n".join(text for language, text in BLOCKS if language != "python")
    readme = "\n".join(
        t for language, t in FENCE.findall(read("README.md")) if language != "python"
    )
    lines = f"{shown}\n{readme}\n" + "\n".join(TEMPLATE["hexscan"]["script"])
    call = re.compile(r"(?:^|[\s/'\"$])(hexscan(?:-hook)?)\"?( [^'\n]*|$)")
    found = []
    for line in lines.splitlines():
        match = call.search(line.split(" #")[0].strip())
        if match and not re.match(r"[-\w]*(name|rev|repo|id|stage|docker)\b", line.strip()):
            found.append(f"{match[1]}{match[2]}")
    return found


LINES = command_lines()


def test_the_guide_has_commands() -> None:
    assert len(LINES) >= 8, LINES


@pytest.mark.parametrize("line", sorted(set(LINES)))
def test_hexscan_takes_every_command_that_is_shown(line: str) -> None:
    program, *arguments = shlex.split(line)
    assert program in PROJECT["scripts"]
    operators = [at for at, word in enumerate(arguments) if word in {"|", "&&", ">"}]
    arguments = arguments[: operators[0]] if operators else arguments
    # It is read and not run; an option that does not exist raises.
    group.parse(arguments, hook_command if program == "hexscan-hook" else None)


@pytest.mark.parametrize(("language", "text"), [b for b in BLOCKS if b[0] == "yaml"])
def test_yaml_is_yaml(language: str, text: str) -> None:
    assert isinstance(yaml.safe_load(text), dict), language


@pytest.mark.parametrize("name", ["docs/ci.md", "templates/gitlab-ci.yml", "README.md"])
def test_versions_are_this_one(name: str) -> None:
    text = read(name)
    address = re.escape(REPOSITORY.removeprefix("https://"))
    pinned = re.findall(rf"{address}(?:\.git)?(?:@|#|/raw/)(v[\d.]+\d)", text)
    pinned += re.findall(r"hexscan/hexscan@(v[\d.]+\d)|SCANNER_VERSION: (\S+)|rev: (\S+)", text)
    flat = {
        version for entry in pinned for version in ([entry] if isinstance(entry, str) else entry)
    }
    assert flat - {""} == {TAG}


def test_constraints_pin_what_is_installed_and_nothing_else() -> None:
    pinned = dict(re.findall(r"(?m)^([a-z-]+)==([\d.]+)$", read("constraints.txt")))
    build = tomllib.loads(read("pyproject.toml"))["build-system"]["requires"]
    wanted = {}
    for requirement in (*PROJECT["dependencies"], *build):
        name, least = requirement.split(">=")
        wanted[name] = tuple(map(int, least.split(".")))
    assert set(pinned) == set(wanted)
    for name, version in pinned.items():
        assert tuple(map(int, version.split("."))) >= wanted[name]


class TestAction:
    def test_no_other_action_is_used(self) -> None:
        assert ACTION["runs"]["using"] == "composite"
        for step in ACTION["runs"]["steps"]:
            assert "uses" not in step
            assert step["shell"] == "bash"

    def test_inputs_are_no_part_of_a_script(self) -> None:
        scripts = [step["run"] for step in ACTION["runs"]["steps"]]
        assert not [script for script in scripts if "${{" in script]
        taken = {value for step in ACTION["runs"]["steps"] for value in step["env"].values()}
        assert taken == {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}

    def test_the_guide_gives_inputs_that_there_are(self) -> None:
        job = yaml.safe_load(block("GitHub Actions"))["jobs"]["hexscan"]
        (step,) = [s for s in job["steps"] if s["uses"].startswith("hexscan/")]
        assert set(step["with"]) <= set(ACTION["inputs"])
        upload = job["steps"][-1]
        assert upload["with"]["sarif_file"] == step["with"]["sarif"]
        assert upload["if"] == "always()"

    def test_it_scans_and_writes_its_report(self, tmp_path: Path, hexscan_command: Path) -> None:
        done = run_action(tmp_path, hexscan_command, {"SCAN_ARGS": "--unprefixed\n\n"})
        assert done.returncode == 1, done.stderr
        assert "::error file=app lib.ex,line=1,col=1," in done.stdout
        assert (tmp_path / "out").read_text() == "sarif=r.sarif\n"
        assert '"version": "2.1.0"' in (tmp_path / "work/r.sarif").read_text()

    def test_it_refuses_a_python_that_is_too_old(self, tmp_path: Path) -> None:
        old = tmp_path / "python"
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)
        done = bash(ACTION["runs"]["steps"][0]["run"], tmp_path, {"SCAN_PYTHON": str(old)})
        assert done.returncode == 2
        assert "::error title=hexscan::hexscan needs Python 3.11" in done.stdout


def bash(script: str, cwd: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub's runner does."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )


def run_action(
    tmp_path: Path, command: Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run the scan of action.yml on a directory with a key in it."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "app lib.ex").write_text(random_key(5).reveal())
    programs = tmp_path / "hexscan/bin"
    programs.mkdir(parents=True)
    (programs / "hexscan").symlink_to(command)
    return bash(
        ACTION["runs"]["steps"][1]["run"],
        work,
        {
            "GITHUB_ACTIONS": "true",
            "GITHUB_OUTPUT": str(tmp_path / "out"),
            "RUNNER_TEMP": str(tmp_path),
            "SCAN_PATHS": "app lib.ex",
            "SCAN_SARIF": "r.sarif",
            **environment,
        },
    )


def test_gitlab_gets_the_files_that_the_job_writes() -> None:
    job = TEMPLATE["hexscan"]
    written = set(re.findall(r"--report \w+=(\S+)", job["script"][1]))
    assert set(job["artifacts"]["reports"].values()) == written
    assert job["artifacts"]["when"] == "always"


def test_circleci_and_jenkins_get_the_file_that_the_job_writes() -> None:
    steps = yaml.safe_load(block("CircleCI"))["jobs"]["hexscan"]["steps"]
    (stored,) = [s["store_test_results"]["path"] for s in steps if "store_test_results" in s]
    assert f"--report junit={stored}/" in str(steps)
    jenkins = block("Jenkins")
    assert jenkins.count("{") == jenkins.count("}")
    assert re.findall(r"junit[= ]'?([\w.]+)", jenkins) == ["hexscan.xml", "hexscan.xml"]


@pytest.mark.parametrize("title", ["pre-commit.ci"])
def test_hooks_that_are_shown_exist(title: str) -> None:
    (repository,) = yaml.safe_load(block(title))["repos"]
    assert repository["repo"] == REPOSITORY
    known = {hook["id"] for hook in yaml.safe_load(read(".pre-commit-hooks.yaml"))}
    assert {hook["id"] for hook in repository["hooks"]} <= known


def test_lefthook_reads_what_is_staged() -> None:
    run = yaml.safe_load(block("lefthook"))["pre-commit"]["commands"]["hexscan"]["run"]
    assert run == "hexscan staged"


def test_husky_stops_a_commit(tmp_path: Path, hexscan_command: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("no git here")

    def git(*arguments: str) -> int:
        path = f"{hexscan_command.parent}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path}
        done = subprocess.run(
            ["git", *arguments], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        return done.returncode

    assert git("init", "--quiet") == 0
    hook = tmp_path / ".git/hooks/pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{block('husky')}")
    hook.chmod(0o755)
    (tmp_path / "a b.ex").write_text("clean\n")
    git("add", "--all")
    assert git("commit", "--message", "clean") == 0
    (tmp_path / "-x.ex").write_text(random_key(6).reveal())
    git("add", "--all")
    assert git("commit", "--message", "leak") != 0


class TestDockerfile:
    LINES = read("Dockerfile").replace("\\\n", " ").splitlines()

    def instructions(self, name: str) -> list[str]:
        return [line.split(" ", 1)[1] for line in self.LINES if line.startswith(f"{name} ")]

    def test_every_source_is_there_and_not_ignored(self) -> None:
        ignored = read(".dockerignore").splitlines()
        sources = [
            source
            for line in self.instructions("COPY")
            if not line.startswith("--from")
            for source in line.split()[:-1]
        ]
        assert sources
        for source in sources:
            assert (checkout.ROOT / source).exists()
            assert f"!{source}" in ignored

    def test_all_that_the_build_reads_is_copied(self) -> None:
        copied = " ".join(self.instructions("COPY"))
        project = tomllib.loads(read("pyproject.toml"))
        (pages,) = project["tool"]["setuptools"]["data-files"].values()
        folders = {page.split("/")[0] for page in pages}
        for name in ("setup.py", PROJECT["readme"], *PROJECT["license-files"], *folders, "src"):
            assert name in copied

    def test_it_is_not_run_as_root_and_runs_hexscan(self) -> None:
        assert self.instructions("USER")[-1] == "65534:65534"
        assert self.instructions("ENTRYPOINT") == ['["hexscan"]']
        assert self.instructions("FROM")[-1].endswith("-slim")


@pytest.mark.parametrize("runner", ["uvx --from", "pipx run --spec"])
def test_runners_get_the_repository_and_the_program(runner: str) -> None:
    (line,) = [line for line in block("Without installing").splitlines() if line.startswith(runner)]
    spec, program = shlex.split(line)[-2:]
    assert spec == f"git+{REPOSITORY}@{TAG}"
    assert program in PROJECT["scripts"]
