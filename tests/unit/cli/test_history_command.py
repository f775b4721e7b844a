import json
from pathlib import Path

import pytest

from hexscan.cli.main import main
from tests.support.histories import Repo
from tests.support.keys import random_key

KEY = random_key(1)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    made = Repo(tmp_path / "r")
    monkeypatch.chdir(made.root)
    return made


def test_the_repository_around_here(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    commit = repo.commit("a", KEY.reveal())
    assert main(["history", "--format", "json", "--no-progress"]) == 1
    told = capsys.readouterr()
    assert told.err == ""
    assert KEY.reveal()[4:] not in told.out
    report = json.loads(told.out)
    (finding,) = report["findings"]
    assert finding["git"] == {
        "object": repo.git("rev-parse", "HEAD:a"),
        "type": "blob",
        "commit": commit,
        "commit_date": finding["git"]["commit_date"],
        "removed_in": None,
        "in_head": True,
        "refs": ["refs/heads/main"],
        "reach": "local",
        "in_index": True,
        "in_worktree": True,
        "bare": False,
    }
    assert report["summary"]["objects"] == 3


def test_options_narrow_it(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit("a", KEY.reveal())
    repo.commit("b", "x")
    repo.git("branch", "--force", "other")
    assert main(["history", "-q", "--range", "HEAD~1..HEAD", str(repo.root)]) == 0
    assert main(["history", "-q", "--ref", "heads/other", str(repo.root)]) == 1
    assert main(["history", "-q", "--since", "2030-01-01", str(repo.root)]) == 0
    assert main(["history", "--range", "nowhere"]) == 2
    assert "bad revision" in capsys.readouterr().err


def test_strict_is_refused_and_a_file_may_say_it(
    repo: Repo, capsys: pytest.CaptureFixture[str]
) -> None:
    repo.commit("a", "x # hexscan:allow nothing\n")
    assert main(["history", "--strict"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("hexscan: --strict has no meaning for a history")
    assert len(told.err.splitlines()) == 1
    repo.write(".hexscan.toml", "strict = true\n")
    assert main(["history"]) == 0
    assert main(["history", "--help"]) == 0
    assert "--strict" not in capsys.readouterr().out
    assert main(["scan", "."]) == 1


def test_replacements(repo: Repo, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    repo.commit("a", KEY.reveal())
    (repo.root / ".git" / "description").write_text(KEY.reveal())
    file = tmp_path / "keys"
    assert main(["history", "--write-replacements", str(file)]) == 1
    told = capsys.readouterr()
    assert "do not cover 1 of the places" in told.out
    assert told.err == (
        f"hexscan: 1 key written to {file}, in plain text: revoke first, then run"
        f" `git filter-repo --replace-text {file}`, then delete the file\n"
    )
    assert KEY.reveal() in file.read_text()
    repo.git("tag", "--annotate", "--message", KEY.reveal(), "v1")
    assert main(["history", "-q", "--write-replacements", str(file)]) == 1
    assert f"--replace-text {file} --replace-message {file}`" in capsys.readouterr().err
    nothing = tmp_path / "none"
    assert main(["history", "--range", "v1..v1", "--write-replacements", str(nothing)]) == 0
    assert capsys.readouterr().err == (
        f"hexscan: nothing to be replaced: {nothing} was not written\n"
    )
    assert not nothing.exists()
    assert main(["history", "--write-replacements", "keys"]) == 2
    assert "work tree" in capsys.readouterr().err
