"""Works on repositories: the whole history, once and again; what is staged."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

from benchmarks.comparison.environment import BETTERLEAKS, KINGFISHER
from benchmarks.comparison.family import LeftOutError
from benchmarks.comparison.planted import Planted, count_told, decoy, planted_key
from benchmarks.comparison.running import Run, execute, neutral_environment
from benchmarks.comparison.tools import HEXSCAN, Job, hexscan
from benchmarks.comparison.trees import jobs, jobs_promise
from benchmarks.comparison.work import Promise, Setting, Work
from benchmarks.corpus import KIB, code

AGAIN = f"{HEXSCAN}, again after one commit"
EVERYTHING = "git cat-file --batch"
NAMES = "git cat-file --batch-check"
PYTHON = "python -c pass"

_PERSON = "A Developer <developer@example.org>"
_LATER = count(4_000_000_000)


def generated_history(setting: Setting, scale: int) -> Work:
    """Make a packed repository of about 1,300 objects to a scale of one, and scan all of it."""
    path = setting.scratch / "repository"
    one, wrong = planted_key(3), decoy(3)
    commits = (30 if setting.smoke else 433) * scale
    git(setting.scratch, "init", "--quiet", "--bare", str(path))
    stream = b"".join(_history(commits, one, wrong))
    git(path, "fast-import", "--quiet", data=stream)
    return _over_history(setting, path, [one], [wrong])


def real_history(setting: Setting, _: int) -> Work:
    """Copy a repository, with hard links where that can be, and commit a key to the copy.

    Raises :class:`LeftOutError` where none is named.
    """
    if setting.repository is None:
        raise LeftOutError("no repository: name one by --repo")
    path = setting.scratch / "repository"
    bare = (setting.repository / "objects").is_dir()
    source = setting.repository if bare else setting.repository / ".git"
    shutil.copytree(source, path, symlinks=True, copy_function=_link_or_copy)
    one, wrong = planted_key(4), decoy(4)
    text = f'key = "{one.text}"\nexample = "{wrong.text}"\n'
    git(path, "fast-import", "--quiet", data=_commit("refs/heads/planted", text))
    return _over_history(setting, path, [one], [wrong])


def _link_or_copy(source: str, target: str) -> None:
    """Link what git never changes in place, and copy what it does."""
    if f"{os.sep}objects{os.sep}" in source:
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return
    shutil.copy2(source, target)


def _over_history(
    setting: Setting, path: Path, planted: list[Planted], decoys: list[Planted]
) -> Work:
    cat_file = [shutil.which("git") or "git", "-C", str(path), "cat-file", "--batch-all-objects"]
    names = Run([*cat_file, "--batch-check"], to_nowhere=True)
    listed = subprocess.check_output(names.argv, env=neutral_environment())
    runs = {
        EVERYTHING: Run([*cat_file, "--unordered", "--batch"], to_nowhere=True),
        NAMES: names,
        **_first_time(setting, setting.contenders(Job.HISTORY, path)),
        **_again(setting, path),
        **_first_time(setting, jobs(setting, Job.HISTORY, path)),
    }
    promises = (
        Promise("first time, over one git cat-file", HEXSCAN, EVERYTHING, 0.7),
        Promise("first time, over kingfisher", HEXSCAN, KINGFISHER, 1 / 4),
        Promise("again after one commit, over the first time", AGAIN, HEXSCAN, 0.1),
        Promise("again after one commit, over git listing the objects", AGAIN, NAMES, 2),
        *jobs_promise(),
    )
    left_out = {} if AGAIN in runs else {AGAIN: "this hexscan has no memory for history"}
    listed_objects = listed.count(b"\n")
    return Work(
        f"{listed_objects:,} objects",
        runs,
        planted,
        decoys,
        frozenset({EVERYTHING, NAMES}),
        promises if listed_objects > 100_000 else (),
        left_out,
    )


def _first_time(setting: Setting, runs: dict[str, Run]) -> dict[str, Run]:
    """Give hexscan an empty cache for each run."""
    cache = setting.scratch / "cache-first"

    def forget() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    environment = {"HEXSCAN_CACHE_DIR": str(cache)}
    return {
        name: replace(run, environment=environment, before=forget)
        if name.startswith(HEXSCAN)
        else run
        for name, run in runs.items()
    }


def _again(setting: Setting, path: Path) -> dict[str, Run]:
    """Return hexscan with the cache of its last run, and one more commit each time."""
    if "--no-cache" not in setting.options.known:
        return {}
    run = hexscan(setting.options).run(Job.HISTORY, path)
    assert run is not None  # noqa: S101 - hexscan knows every job
    cache = setting.scratch / "cache-again"
    remembered = replace(run, environment={"HEXSCAN_CACHE_DIR": str(cache)})

    def one_more() -> None:
        if not cache.exists():
            execute(remembered, setting.limit)
        number = next(_LATER)
        git(path, "fast-import", "--quiet", data=_commit(f"refs/heads/later-{number}", "clean\n"))

    return {AGAIN: replace(remembered, before=one_more)}


def _history(commits: int, one: Planted, wrong: Planted) -> Iterator[bytes]:
    """Yield commits that change one file of a few each; one has a key, which the next removes."""
    for number in range(commits):
        text = f"defmodule M{number % 97} do\n  @version {number}\nend\n" * (1 + number % 7)
        if number == commits // 2:
            text += f'@key "{one.text}"\n@example "{wrong.text}"\n'
        yield _commit("refs/heads/main", text, number, f"lib/f{number % 97}.ex")
        if number == commits // 2:
            yield _commit("refs/heads/main", "removed\n", number, f"lib/f{number % 97}.ex")


def _commit(ref: str, text: str, number: int = 0, name: str = "lib/later.ex") -> bytes:
    body = text.encode("ascii")
    return (
        (
            f"commit {ref}\ncommitter {_PERSON} {number or next(_LATER)} +0000\n"
            f"data 2\nm\nM 644 inline {name}\ndata {len(body)}\n"
        ).encode("ascii")
        + body
        + b"\n"
    )


def staged_files(setting: Setting, scale: int) -> Work:
    """Stage so many clean files in a repository of a small project.

    What is timed is clean, as in nearly every commit. Before that a key and a decoy are staged in
    the same place, and what each scanner tells of them is kept.
    """
    root = setting.scratch / "repository"
    root.mkdir()
    git(root, "init", "--quiet")
    # kingfisher makes a commit of what is staged, and finds nothing where it cannot.
    git(root, "config", "user.name", "A Developer")
    git(root, "config", "user.email", "developer@example.org")
    for number in range(10):
        (root / f"part_{number}.ex").write_bytes(code(4 * KIB, lookalikes=0, seed=number))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "words")
    told = _told_of_staged(setting, root)
    for number in range(scale):
        text = code(3 * KIB, lookalikes=0, seed=100 + number)
        (root / f"staged_{number:03}.ex").write_bytes(text)
    git(root, "add", "--all")
    runs = {
        PYTHON: Run([setting.python, "-c", "pass"]),
        **setting.contenders(Job.STAGED, root),
        # As a hook calls it: what is clean has no report, and nothing is loaded to write one.
        HEXSCAN: Run([setting.options.program, "staged"], directory=root),
    }
    promises = [
        Promise(f"whole process, over {peer}", HEXSCAN, peer, 1)
        for peer in (BETTERLEAKS, KINGFISHER)
        if scale != 10
    ]
    return Work(
        f"{scale} staged file{'s' if scale > 1 else ''}",
        runs,
        readers=frozenset({PYTHON}),
        promises=promises,
        told_before=told,
    )


def _told_of_staged(setting: Setting, root: Path) -> dict[str, tuple[str, str]]:
    """Stage a key and a decoy, return who tells of them, and take them back."""
    one, wrong = planted_key(5), decoy(5)
    file = root / "staged_000.ex"
    file.write_text(f'key = "{one.text}"\nexample = "{wrong.text}"\n', encoding="ascii")
    git(root, "add", "--all")
    reports = {
        name: execute(run, setting.limit, watched=True).output
        for name, run in setting.contenders(Job.STAGED, root).items()
    }
    git(root, "rm", "--quiet", "--cached", file.name)
    file.unlink()
    counts = {
        name: (count_told([one], report), count_told([wrong], report))
        for name, report in reports.items()
    }
    return {name: (f"{found} of 1", f"{told} of 1") for name, (found, told) in counts.items()}


def git(directory: Path, *arguments: str, data: bytes = b"") -> None:
    """Run git in a directory."""
    subprocess.run(
        ["git", *arguments],
        cwd=directory,
        env=neutral_environment(),
        input=data,
        stdout=subprocess.DEVNULL,
        check=True,
    )
