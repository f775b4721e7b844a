"""The hook under pre-commit itself, installed from this checkout as a user would have it.

Building the hook's environment takes most of the time, so all tests share one, and with it one
worker of a parallel run.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import checkout
from tests.support.keys import random_key, wrong_checksum

pytestmark = pytest.mark.xdist_group("pre-commit")

CONFIG = """\
repos:
  - repo: {url}
    rev: {revision}
    hooks:
      - id: hexscan
"""


class Repository:
    """A git repository with the hook in its configuration, and every command that is run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.git("init", "--quiet")

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command here, and make sure that no key is in what it prints."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        for seed in range(30):
            assert random_key(seed).reveal() not in done.stdout.lower()
        return done

    def git(self, *arguments: str) -> str:
        """Run git, which has to succeed, and return what it prints."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout.strip()

    def write(self, name: str, text: str) -> None:
        """Write a file without staging it."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def stage(self, name: str, text: str) -> None:
        """Write a file and stage it."""
        self.write(name, text)
        self.git("add", "--", name)

    def pre_commit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run pre-commit from the environment of the tests."""
        return self.run(sys.executable, "-m", "pre_commit", *arguments)


@pytest.fixture(scope="session")
def hook_source(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Commit the checkout, with what is not committed in it yet, to a repository of its own."""
    source = Repository(tmp_path_factory.mktemp("source") / "hexscan")
    checkout.copy(source.folder)
    source.git("add", "--all")
    source.git("commit", "--quiet", "--message", "everything")
    return source


@pytest.fixture(scope="session")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keep what pre-commit builds in a folder of this run."""
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def repository(
    tmp_path: Path, hook_source: Repository, environments: Path, monkeypatch: pytest.MonkeyPatch
) -> Repository:
    """Make a repository that has the hook, and one clean commit."""
    monkeypatch.setenv("PRE_COMMIT_HOME", str(environments))
    repository = Repository(tmp_path / "repository")
    revision = hook_source.git("rev-parse", "HEAD")
    config = CONFIG.format(url=hook_source.folder.as_uri(), revision=revision)
    repository.stage(".pre-commit-config.yaml", config)
    repository.git("commit", "--quiet", "--message", "the hook")
    return repository


def leak(seed: int = 0) -> str:
    """Return a line of Elixir with a key in it."""
    return f'config :app, key: "{random_key(seed).reveal()}"\n'


def assert_refused(done: subprocess.CompletedProcess[str], *names: str) -> None:
    """Check that the hook failed, and said where and what."""
    assert done.returncode == 1, done.stdout
    assert "- exit code: 1" in done.stdout, done.stdout
    for name in names:
        assert name in done.stdout
    assert random_key().preview in done.stdout


def assert_passed(done: subprocess.CompletedProcess[str]) -> None:
    """Check that the hook ran and found nothing."""
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


def test_run_refuses_a_staged_key(repository: Repository) -> None:
    repository.stage("config.exs", leak())
    assert_refused(repository.pre_commit("run"), "config.exs:1:20")


def test_run_passes_what_only_looks_like_a_key(repository: Repository) -> None:
    repository.stage("config.exs", f"{wrong_checksum()}\nhex_{'0' * 40}\n")
    assert_passed(repository.pre_commit("run"))


def test_a_commit_is_refused_and_then_accepted(repository: Repository) -> None:
    assert repository.pre_commit("install").returncode == 0
    before = repository.git("rev-parse", "HEAD")
    repository.stage("config.exs", leak())
    assert_refused(repository.run("git", "commit", "--message", "a key"), "config.exs:1:20")
    assert repository.git("rev-parse", "HEAD") == before

    repository.stage("config.exs", 'config :app, key: System.get_env("HEX_API_KEY")\n')
    assert_passed(repository.run("git", "commit", "--message", "no key"))
    assert repository.git("rev-parse", "HEAD^") == before


def test_run_all_files_reads_what_is_committed_already(repository: Repository) -> None:
    repository.stage("lib/old.ex", leak())
    repository.git("commit", "--quiet", "--message", "an old leak")
    repository.stage("lib/new.ex", "clean\n")
    assert_passed(repository.pre_commit("run"))
    assert_refused(repository.pre_commit("run", "--all-files"), "lib/old.ex:1:20")


def test_it_runs_by_hand_too(repository: Repository) -> None:
    repository.stage("config.exs", leak())
    by_hand = repository.pre_commit("run", "--hook-stage", "manual", "hexscan")
    assert_refused(by_hand, "config.exs:1:20")


def test_a_key_that_is_not_staged_is_no_part_of_the_commit(repository: Repository) -> None:
    repository.stage("config.exs", "import Config\n")
    repository.write("config.exs", "import Config\n" + leak())
    assert_passed(repository.pre_commit("run"))


def test_a_key_that_is_staged_is_found_though_the_file_has_it_no_more(
    repository: Repository,
) -> None:
    repository.stage("config.exs", leak())
    repository.write("config.exs", "import Config\n")
    assert_refused(repository.pre_commit("run"), "config.exs:1:20")
    assert (repository.folder / "config.exs").read_text(encoding="utf-8") == "import Config\n"


@pytest.mark.parametrize(
    "name", ["with two spaces.exs", "-dash.exs", "-", "--", "--quiet", "scan", "ключ.exs"]
)
def test_names_of_every_kind_are_read(repository: Repository, name: str) -> None:
    repository.stage(name, leak())
    assert_refused(repository.pre_commit("run"), f"{name}:1:20")


@pytest.mark.parametrize("name", ["-dash.exs", "-", "--", "--help"])
def test_a_name_that_looks_like_an_option_is_none(repository: Repository, name: str) -> None:
    repository.stage(name, "clean\n")
    assert_passed(repository.pre_commit("run"))


def test_a_key_in_a_file_name_is_found(repository: Repository) -> None:
    repository.stage(f"notes/{random_key().reveal()}.txt", "clean\n")
    assert_refused(repository.pre_commit("run"), "notes/")


def test_a_key_in_the_text_of_a_symbolic_link_is_found(repository: Repository) -> None:
    (repository.folder / "link").symlink_to(f"nowhere/{random_key().reveal()}")
    repository.git("add", "link")
    assert_refused(repository.pre_commit("run"), "link")


def test_a_symbolic_link_is_not_followed(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text(leak(), encoding="utf-8")
    (repository.folder / "link").symlink_to("../outside")
    repository.git("add", "link")
    assert_passed(repository.pre_commit("run"))


def test_binary_files_are_read(repository: Repository) -> None:
    (repository.folder / "data.bin").write_bytes(b"\0\xff" + leak().encode() + b"\0")
    repository.git("add", "data.bin")
    assert_refused(repository.pre_commit("run"), "data.bin:1:")


def test_many_files_are_told_in_one_run(repository: Repository) -> None:
    for number in range(30):
        repository.stage(f"lib/{number:02}.ex", leak(number) if number % 10 == 0 else "clean\n")
    done = repository.pre_commit("run")
    assert_refused(done, "lib/00.ex:1:20", "lib/10.ex:1:20", "lib/20.ex:1:20")
    assert done.stdout.count("hook id: hexscan") == 1


def test_options_are_given_as_the_readme_says(repository: Repository) -> None:
    config = repository.folder / ".pre-commit-config.yaml"
    (args,) = re.findall(r"`(args: .*)`", (checkout.ROOT / "README.md").read_text(encoding="utf-8"))
    text = config.read_text(encoding="utf-8") + f"        {args}\n"
    repository.stage(config.name, text)
    repository.stage("test/fixtures/sample.exs", leak())
    assert_passed(repository.pre_commit("run"))
    repository.stage("config.exs", leak())
    done = repository.pre_commit("run")
    assert_refused(done, "config.exs:1:20")
    assert "sample.exs" not in done.stdout


def configure(repository: Repository, *hooks: str) -> None:
    """Put other hooks of the same revision in the place of the first one, and install them."""
    config = repository.folder / ".pre-commit-config.yaml"
    listed = "".join(f"      - id: {hook}\n" for hook in hooks)
    text = config.read_text(encoding="utf-8").replace("      - id: hexscan\n", listed)
    repository.stage(config.name, text)
    repository.git("commit", "--quiet", "--message", "other hooks")
    types = [f"--hook-type={stage}" for stage in ("pre-commit", "commit-msg", "pre-push")]
    assert repository.pre_commit("install", *types).returncode == 0


def test_the_hook_that_reads_the_index(repository: Repository) -> None:
    configure(repository, "hexscan-staged")
    repository.stage("a", "clean\n")
    assert_passed(repository.run("git", "commit", "--message", "clean"))
    (repository.folder / ".gitattributes").write_text("* -diff\n", encoding="ascii")
    (repository.folder / "data").write_bytes(b"\0" + leak().encode())
    repository.git("add", ".gitattributes", "data")
    (repository.folder / "data").write_bytes(b"clean")
    assert_refused(repository.run("git", "commit", "--message", "leak"), "data:1:")


def test_the_hook_that_reads_the_message(repository: Repository) -> None:
    configure(repository, "hexscan-commit-msg")
    repository.stage("a", "clean\n")
    assert_refused(repository.run("git", "commit", "--message", f"words\n\n# {leak()}"))
    assert_passed(repository.run("git", "commit", "--message", "words"))


def test_the_hook_that_reads_what_is_pushed(repository: Repository, tmp_path: Path) -> None:
    configure(repository, "hexscan-push")
    repository.git("init", "--quiet", "--bare", str(tmp_path / "remote"))
    repository.git("remote", "add", "origin", str(tmp_path / "remote"))
    # A root commit: pre-commit tells its hooks nothing but the branch.
    assert_passed(repository.run("git", "push", "origin", "main"))
    repository.stage("a", leak())
    repository.git("commit", "--quiet", "--message", "leak")
    repository.stage("a", "clean\n")
    repository.git("commit", "--quiet", "--message", "took it out")
    assert_refused(repository.run("git", "push", "origin", "main"), "a:1:20")
    assert_refused(repository.run("git", "push", "origin", "main:new"), "a:1:20")
    repository.git("push", "--quiet", "origin", "main~2:refs/heads/new")
    repository.git("push", "--quiet", "--delete", "origin", "new")
    repository.git("reset", "--quiet", "--hard", "HEAD~2")
    repository.git("commit", "--quiet", "--amend", "--message", "amended")
    assert_passed(repository.run("git", "push", "--force", "origin", "main"))
