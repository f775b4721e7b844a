"""Works on files: small ones, real sources, archives, standard input."""

import io
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.comparison.environment import GITLEAKS, KINGFISHER, RIPGREP
from benchmarks.comparison.family import LeftOutError
from benchmarks.comparison.planted import Planted, decoy, planted_key, planted_texts
from benchmarks.comparison.running import Run
from benchmarks.comparison.tools import HEXSCAN, PLAIN, Job, hexscan
from benchmarks.comparison.work import Promise, Setting, Work, size
from benchmarks.corpus import KIB, MIB, SEED, code, keys, write_tree

ONE_JOB, TWO_JOBS = f"{HEXSCAN} --jobs 1", f"{HEXSCAN} --jobs 2"
DECOYS = 5
DEBIAN_SOURCES = Path("/usr/src/linux-source-6.1.tar.xz")


def small_files(setting: Setting, scale: int) -> Work:
    """Write a tree of small source files, 200 to a scale of one."""
    files = (4 if setting.smoke else 200) * scale
    tree = write_tree(setting.scratch / "tree", files)
    planted = [
        *planted_texts(list(keys(tree.keys, SEED))),
        *_plant(tree.root / "planted"),
    ]
    amount = f"{files + DECOYS + 1:,} files, {size(tree.size)}"
    return _over_tree(setting, tree.root, amount, planted)


def real_sources(setting: Setting, _: int) -> Work:
    """Copy a tree of real sources, and plant keys in the copy.

    Raises :class:`LeftOutError` where none is named and Debian's package is not installed.
    """
    root = setting.scratch / "tree"
    if setting.sources is not None:
        shutil.copytree(setting.sources, root, symlinks=True)
    elif DEBIAN_SOURCES.exists():
        root.mkdir()
        unpack = ["tar", "--extract", "--xz", "--file", str(DEBIAN_SOURCES), "--directory"]
        subprocess.run([*unpack, str(root)], check=True)
    else:
        raise LeftOutError("no sources: name a tree by --sources, or install linux-source-6.1")
    planted = _plant(root / "planted")
    listing = [path.lstat().st_size for path in root.rglob("*") if path.is_file()]
    amount = f"{len(listing):,} files, {size(sum(listing))}"
    work = _over_tree(setting, root, amount, planted)
    promises = (
        Promise("plain rule, over ripgrep", PLAIN, RIPGREP, 1.0),
        Promise("all defaults, over ripgrep", HEXSCAN, RIPGREP, 1.5),
        Promise("all defaults, over kingfisher", HEXSCAN, KINGFISHER, 1 / 10),
        Promise("all defaults, over gitleaks", HEXSCAN, GITLEAKS, 1 / 50),
    )
    runs = {**work.runs, **jobs(setting, Job.TREE, root)}
    return replace(work, runs=runs, promises=(*promises, *jobs_promise()))


def archives(setting: Setting, scale: int) -> Work:
    """Write archives of 50 files each, by turns .tar.gz and .zip, and keys in some of them."""
    root = setting.scratch / "archives"
    root.mkdir()
    text = code(4 * MIB, lookalikes=0)
    planted = []
    for number in range(scale):
        members = {
            f"lib/module_{at:02}.ex": text[(start := (number * 50 + at) * 997 % (3 * MIB)) :][
                : 4 * KIB + start % (8 * KIB)
            ]
            for at in range(50)
        }
        if number % 10 == 0:
            one = planted_key(number)
            planted.append(one)
            members["config/prod.exs"] = f'key: "{one.text}"\n'.encode("ascii")
        _pack(root / f"release_{number:03}", members, zipped=bool(number % 2))
    _decoys(root)
    return _over_tree(setting, root, f"{scale} archives of 50 files", planted, packed=True)


def standard_input(setting: Setting, scale: int) -> Work:
    """Write a text that is piped in, 5 MB to a scale of one, with a key at its end."""
    path = setting.scratch / "text"
    block = code((MIB if setting.smoke else 5 * MIB) // 5, lookalikes=0.01)
    one = planted_key(0)
    decoys = [decoy(number) for number in range(DECOYS)]
    with path.open("wb") as file:
        for _ in range(5 * scale):
            file.write(block)
        for text in (*decoys, one):
            file.write(f'key = "{text.text}"\n'.encode("ascii"))
    amount = f"{size(path.stat().st_size)} through a pipe"
    return Work(amount, setting.contenders(Job.STDIN, path), [one], decoys)


def jobs(setting: Setting, job: Job, place: Path) -> dict[str, Run]:
    """Return hexscan with one process and with two, if it can be told how many."""
    if "--jobs" not in setting.options.known:
        return {}
    everything = setting.options.everything
    found = {
        name: hexscan(setting.options, *everything, "--jobs", number).run(job, place)
        for name, number in ((ONE_JOB, "1"), (TWO_JOBS, "2"))
    }
    return {name: run for name, run in found.items() if run is not None}


def jobs_promise() -> tuple[Promise, ...]:
    """Return the bound on what a second process must bring."""
    what = "speed of two processes over one"
    return (Promise(what, ONE_JOB, TWO_JOBS, 1.8, at_least=True),)


def _over_tree(
    setting: Setting, root: Path, amount: str, planted: Sequence[Planted], *, packed: bool = False
) -> Work:
    decoys = [decoy(number) for number in range(DECOYS)]
    return Work(amount, setting.contenders(Job.TREE, root, packed=packed), planted, decoys)


def _plant(directory: Path) -> list[Planted]:
    """Write a key and the decoys, each into a file of its own."""
    directory.mkdir()
    one = planted_key(0)
    (directory / "key.exs").write_text(f'config :hex, key: "{one.text}"\n', encoding="ascii")
    _decoys(directory)
    return [one]


def _decoys(directory: Path) -> None:
    for number in range(DECOYS):
        text = f'example = "{decoy(number).text}"\n'
        (directory / f"decoy_{number}.exs").write_text(text, encoding="ascii")


def _pack(path: Path, members: dict[str, bytes], *, zipped: bool) -> None:
    if zipped:
        with zipfile.ZipFile(path.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return
    with tarfile.open(path.with_suffix(".tar.gz"), "w:gz", compresslevel=6) as packed:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
