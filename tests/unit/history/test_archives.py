"""Archives in git's objects: looked into like those in a tree."""

import gzip
from random import Random

import pytest

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history.run import scan_history
from hexscan.sources.git import families, reader
from tests.support.archives import PACKERS, tar, zipped
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)
TEXT = f"key: {KEY.reveal()}\n".encode()


@pytest.fixture
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return Repo(tmp_path_factory.mktemp("repository"))


def commit(repo: Repo, name: str, data: bytes) -> str:
    (repo.root / name).write_bytes(data)
    repo.git("add", "--all")
    repo.git("commit", "--quiet", "--message", "m")
    return repo.head()


def scan(repo: Repo, *, unpack: bool = True) -> Report:
    return scan_history(repo.path, Config(unpack=unpack))


def test_a_key_in_an_archive_is_placed_by_the_commit_that_brought_it(repo: Repo) -> None:
    brought = commit(repo, "app.tgz", gzip.compress(tar({"lib/app.ex": TEXT})))
    removed = repo.remove("app.tgz")
    (found,) = scan(repo).findings
    assert found.fingerprint == KEY.fingerprint
    assert (found.location.path, found.location.container) == (b"app.tgz", (b"lib/app.ex",))
    assert found.git is not None
    assert (found.git.commit, found.git.removed_in) == (brought, removed)


@pytest.mark.parametrize("packer", PACKERS)
def test_every_format_is_opened(packer: str, repo: Repo) -> None:
    commit(repo, "file.bin", PACKERS[packer](TEXT))
    assert [found.fingerprint for found in scan(repo).findings] == [KEY.fingerprint]


def test_an_archive_behind_a_program_is_opened(repo: Repo) -> None:
    commit(repo, "escript", b"#!/usr/bin/env escript\n" + zipped({"a": TEXT}))
    assert [found.location.container for found in scan(repo).findings] == [(b"a",)]


def test_without_unpacking_only_bytes_count(repo: Repo) -> None:
    commit(repo, "app.gz", gzip.compress(TEXT))
    report = scan(repo, unpack=False)
    assert (report.exit_status, report.findings) == (0, ())


def test_a_corrupt_archive_is_a_failure(repo: Repo) -> None:
    commit(repo, "app.gz", gzip.compress(TEXT)[:-4])
    report = scan(repo)
    assert report.exit_status == 2
    assert "cut short" in report.failures[0].reason


def test_an_object_that_is_streamed_is_opened_too(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(families, "BATCH_BYTES", 1 << 16)
    monkeypatch.setattr(reader, "_AT_ONCE", 1 << 16)
    monkeypatch.setattr(reader, "_CHUNK", 1 << 14)
    noise = Random(1).randbytes(300_000)
    commit(repo, "large.zip", zipped({"noise": noise, "a": TEXT}))
    assert [found.location.container for found in scan(repo).findings] == [(b"a",)]
