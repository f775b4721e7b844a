"""Places in git where a key can hide: in what is staged, and in a history."""

from collections.abc import Callable
from pathlib import Path

from benchmarks.comparison.hiding import Case
from benchmarks.comparison.planted import Planted, planted_key
from benchmarks.comparison.tools import Job
from tests.support.histories import Repo

Hide = Callable[[Repo, str], None]


def in_git() -> list[Case]:
    """Return the places in what is staged and in a history."""
    key = planted_key(21)
    staged = [Case(what, Job.STAGED, _making(hide), key) for what, hide in _STAGED.items()]
    history = [Case(what, Job.HISTORY, _making(hide), key) for what, hide in _HISTORY.items()]
    return [*staged, *history]


def _making(hide: Hide) -> Callable[[Path, Planted], None]:
    def make(directory: Path, planted: Planted) -> None:
        repo = Repo(directory)
        repo.commit("README.md", "words\n")
        hide(repo, planted.text)

    return make


def _text(key: str) -> str:
    return f'@key "{key}"\n'


def _stage(repo: Repo, name: str, text: str) -> None:
    repo.write(name, text)
    repo.git("add", "--all")


def _stage_without_diff(repo: Repo, key: str) -> None:
    _stage(repo, ".gitattributes", "*.ex -diff\n")
    _stage(repo, "lib/app.ex", _text(key))


def _stage_utf_16(repo: Repo, key: str) -> None:
    (repo.root / "keys.ps1").write_bytes(("\ufeff" + _text(key)).encode("utf-16-le"))
    repo.git("add", "--all")


def _stage_and_remove(repo: Repo, key: str) -> None:
    _stage(repo, "lib/app.ex", _text(key))
    repo.write("lib/app.ex", "clean\n")


def _stage_link(repo: Repo, key: str) -> None:
    (repo.root / "link").symlink_to(f"/nowhere/{key}")
    repo.git("add", "--all")


_STAGED: dict[str, Hide] = {
    "staged: plain text": lambda repo, key: _stage(repo, "lib/app.ex", _text(key)),
    "staged: mix.lock": lambda repo, key: _stage(repo, "mix.lock", _text(key)),
    "staged: file with NUL bytes": lambda repo, key: _stage(repo, "app.bin", "\0" + _text(key)),
    "staged: attribute -diff": _stage_without_diff,
    "staged: UTF-16": _stage_utf_16,
    "staged: clean again in the work tree": _stage_and_remove,
    "staged: file name": lambda repo, key: _stage(repo, f"{key}.txt", "nothing\n"),
    "staged: symbolic link": _stage_link,
}


def _removed(repo: Repo, key: str) -> None:
    repo.commit("lib/app.ex", _text(key))
    repo.remove("lib/app.ex")


def _removed_binary(repo: Repo, key: str) -> None:
    repo.commit("app.bin", "\0" + _text(key))
    repo.remove("app.bin")


def _removed_without_diff(repo: Repo, key: str) -> None:
    repo.commit(".gitattributes", "*.ex -diff\n")
    _removed(repo, key)


def _other_branch(repo: Repo, key: str) -> None:
    repo.git("checkout", "--quiet", "-b", "other")
    repo.commit("lib/app.ex", _text(key))
    repo.git("checkout", "--quiet", "main")


def _merge(repo: Repo, key: str) -> None:
    """Bring the key in by the merge itself: neither parent has it."""
    repo.git("checkout", "--quiet", "-b", "other")
    repo.commit("other.ex", "other\n")
    repo.git("checkout", "--quiet", "main")
    repo.commit("main.ex", "main\n")
    repo.git("merge", "--quiet", "--no-commit", "other")
    repo.commit("merged.ex", _text(key), message="merge")
    repo.remove("merged.ex")


def _stash(repo: Repo, key: str) -> None:
    repo.write("README.md", _text(key))
    repo.git("stash", "--quiet")


def _amended(repo: Repo, key: str) -> None:
    repo.commit("lib/app.ex", _text(key))
    repo.write("lib/app.ex", "clean\n")
    repo.git("commit", "--quiet", "--all", "--amend", "--message", "clean")


def _author(repo: Repo, key: str) -> None:
    repo.git("-c", f"user.email={key}@example.org", "commit", "-q", "--allow-empty", "-m", "m")


def _path(repo: Repo, key: str) -> None:
    repo.commit(f"{key}.txt", "nothing\n")
    repo.remove(f"{key}.txt")


_HISTORY: dict[str, Hide] = {
    "history: removed again": _removed,
    "history: on another branch": _other_branch,
    "history: binary file": _removed_binary,
    "history: attribute -diff": _removed_without_diff,
    "history: brought in by a merge": _merge,
    "history: stash": _stash,
    "history: amended away": _amended,
    "history: unreachable object": lambda repo, key: void(repo.orphan(_text(key))),
    "history: only staged": lambda repo, key: _stage(repo, "lib/app.ex", _text(key)),
    "history: commit message": lambda repo, key: void(
        repo.git("commit", "--quiet", "--allow-empty", "--message", f"use {key}")
    ),
    "history: tag message": lambda repo, key: void(
        repo.git("tag", "--annotate", "v1", "--message", f"use {key}")
    ),
    "history: note": lambda repo, key: void(repo.git("notes", "add", "--message", f"use {key}")),
    "history: author's address": _author,
    "history: file name": _path,
    "history: name of a branch": lambda repo, key: void(repo.git("branch", f"fix-{key}")),
}


def void(_: object) -> None:
    """Drop a value."""


def missing_object(directory: Path) -> Path:
    """Make a repository of which one file's content is lost, and return it."""
    repo = Repo(directory)
    repo.commit("README.md", "words\n")
    name = repo.git("rev-parse", "HEAD:README.md")
    repo.object_file(name).unlink()
    return repo.root
