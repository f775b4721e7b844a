"""Settings that every test shares: hypothesis profiles, and a git that is nobody's own."""

import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# No deadlines: a slow machine is no bug. In CI the examples are the same in every run.
settings.register_profile("local", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

GIT_CONFIG = """\
[user]
    name = A Developer
    email = developer@example.org
[init]
    defaultBranch = main
[commit]
    gpgSign = false
[core]
    autocrlf = false
[protocol "file"]
    allow = always
"""


@pytest.fixture(scope="session", autouse=True)
def plain_git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give git a configuration of the tests' own.

    Nothing of the developer's settings reaches a test, nor do the variables that git sets for its
    hooks, from one of which the tests may well be run.
    """
    config = tmp_path_factory.mktemp("git") / "config"
    config.write_text(GIT_CONFIG, encoding="ascii")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("GIT_")]:
            patch.delenv(name)
        patch.setenv("GIT_CONFIG_GLOBAL", str(config))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        yield


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what runs of the tests remember out of the developer's own cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HEXSCAN_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def plain_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the caller's wishes, and the marks of a CI service, away from what tests compare."""
    for name in (
        "NO_COLOR",
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "GITHUB_ACTIONS",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_WORKSPACE",
        "CI_PROJECT_DIR",
        "CI_COMMIT_SHA",
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def hexscan_command() -> Path:
    """Return the ``hexscan`` script of the environment that the tests run in."""
    return Path(sysconfig.get_path("scripts")) / "hexscan"
