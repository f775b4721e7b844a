"""Whatever a history does with what is wanted: no commit that touches it is passed over."""

import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hexscan.config import Config
from hexscan.sources.git import survey
from hexscan.sources.git.appearances import appearances
from hexscan.sources.git.commits import Commits, listed
from hexscan.sources.git.repository import find

_WHY = "hexscan was installed without zlib"
packs = pytest.importorskip("hexscan.sources.git.packs", reason=_WHY, exc_type=ImportError)
touching = pytest.importorskip("hexscan.history.touching")

NAMED = "ab" * 20  # as a key could be in a name
PATHS = ("a", "b", "d/a", "d/e/a", "x/d/a", f"x/{NAMED}/a", f"{NAMED}.txt")
WANTED = "wanted\n"
CONTENTS = (WANTED, "one\n", "two\n")
Change = tuple[str, str | None, bool]
CHANGES = st.tuples(st.sampled_from(PATHS), st.sampled_from((*CONTENTS, None)), st.booleans())
# What each commit changes, and two numbers that tell its parents.
COMMITS = st.lists(
    st.tuples(st.lists(CHANGES, max_size=3), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=12,
)


def parents(number: int, one: int, other: int) -> list[int]:
    """Choose the parents of a commit among those before it; each fifth has none."""
    if number == 1 or one % 5 == 0:
        return []
    first, second = one % (number - 1) + 1, other % (number - 1) + 1
    return [first, second] if other % 3 == 0 and first != second else [first]


def imported(root: Path, commits: list[tuple[list[Change], list[int]]]) -> Path:
    """Make a packed repository of commits: what each changes, and which ones are its parents."""
    git = ["git", "-C", str(root)]
    subprocess.run(["git", "init", "--quiet", "--bare", str(root)], check=True)
    stream = ""
    for number, (changes, above) in enumerate(commits, 1):
        stream += f"commit refs/heads/b{number}\nmark :{number}\n"
        stream += f"committer A <a@b> {number} +0000\ndata 0\n"
        for word, parent in zip(("from", "merge"), above, strict=False):
            stream += f"{word} :{parent}\n"
        for path, content, is_program in changes:
            if content is None:
                stream += f"D {path}\n"
            else:
                mode = "100755" if is_program else "100644"
                stream += f"M {mode} inline {path}\ndata {len(content)}\n{content}\n"
    fast = [*git, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--force"]
    subprocess.run(fast, input=stream.encode(), check=True, capture_output=True)
    subprocess.run([*git, "repack", "-adfq"], check=True)
    return root


def narrowed(root: Path, running: ExitStack) -> tuple[Commits, Commits, str]:
    """Return those commits that may have touched the blob, all of them, and the blob's name."""
    repository = find(bytes(root))
    with survey.ask(repository) as asked:
        opened = packs.opened(repository, survey.told(repository, asked), running)
    assert opened
    hashed = ["git", "-C", str(root), "hash-object", "--stdin"]
    blob = subprocess.check_output(hashed, input=WANTED.encode()).decode().strip()
    every = listed(repository)
    return touching.touching(repository, opened, [blob], Config(jobs=1), every), every, blob


def names(commits: Commits) -> set[bytes]:
    """Return the hex names of commits."""
    with ExitStack() as running:
        (file,) = commits.dealt(1, running)
        return set(file.read().split())


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(COMMITS)
def test_no_commit_that_touches_anything_is_left_out(
    told: list[tuple[list[Change], int, int]],
) -> None:
    commits = [
        (changes, parents(number, one, other))
        for number, (changes, one, other) in enumerate(told, 1)
    ]
    with (
        tempfile.TemporaryDirectory() as folder,
        pytest.MonkeyPatch.context() as patch,
        ExitStack() as running,
    ):
        patch.setattr(touching, "_WORTH_IT", 0)
        root = imported(Path(folder) / "r", commits)
        some, every, blob = narrowed(root, running)
        assert names(some) <= names(every)
        repository = find(bytes(root))
        for keys in ((), (NAMED.encode(), f"{NAMED}.txt".encode())):
            found, expected = (
                appearances(repository, [blob], keys, those) for those in (some, every)
            )
            assert found == expected


def test_others_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touching, "_WORTH_IT", 0)
    steps: list[Change] = [
        ("b", "one\n", False),
        ("b", "two\n", False),
        ("d/e/a", WANTED, False),  # brought in
        ("b", "one\n", False),
        ("d/e/b", "one\n", False),
        ("d/e/a", WANTED, True),  # another mode, so perhaps another thing
        ("d/e/a", None, False),  # taken out
        ("b", "two\n", False),
    ]
    commits = [([step], [number] if number else []) for number, step in enumerate(steps)]
    with ExitStack() as running:
        root = imported(tmp_path / "r", commits)
        some, every, _ = narrowed(root, running)
    expected = {
        subprocess.check_output(["git", "-C", str(root), "rev-parse", f"b{number}"]).strip()
        for number in (3, 6, 7)
    }
    assert (names(some), len(every)) == (expected, len(steps))


@pytest.mark.parametrize("how", ["too much", "damaged", "few"])
def test_where_it_cannot_be_told_all_are_looked_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(touching, "_WORTH_IT", 100 if how == "few" else 0)
    if how == "too much":
        monkeypatch.setattr(touching, "_MOST_BYTES", 8)
    root = imported(tmp_path / "r", [([("b", "one\n", False)], []), ([], [1]), ([], [2])])
    if how == "damaged":
        (pack,) = root.glob("objects/pack/*.pack")
        data = bytearray(pack.read_bytes())
        data[14:-20] = bytes(byte ^ 255 for byte in data[14:-20])
        pack.chmod(0o644)
        pack.write_bytes(data)
        with ExitStack() as running:
            repository = find(bytes(root))
            with survey.ask(repository) as asked:
                opened = packs.opened(repository, survey.told(repository, asked), running)
            commits = Commits(20)
            commits.add(b"\1" * 60)
            some = touching.touching(repository, opened, ["00" * 20], Config(jobs=1), commits)
            assert len(some) == 3
    else:
        with ExitStack() as running:
            some, every, _ = narrowed(root, running)
            assert len(some) == len(every) == 3


def made_by_hand(
    root: Path, contents: tuple[str, str], mode: bytes = b"40000", *, capitals: bool = False
) -> bytes:
    """Make a packed repository of two commits of a file ``d/a``; return the second one's name."""
    git = ["git", "-C", str(root)]
    subprocess.run(["git", "init", "--quiet", "--bare", str(root)], check=True)

    def stored(kind: str, content: bytes) -> bytes:
        command = [*git, "hash-object", "-w", "--literally", "-t", kind, "--stdin"]
        return subprocess.check_output(command, input=content).strip()

    commit = above = b""
    for content in contents:
        below = b"100644 a\0" + bytes.fromhex(stored("blob", content.encode()).decode())
        tree = stored("tree", mode + b" d\0" + bytes.fromhex(stored("tree", below).decode()))
        who = b"A <a@b> 1 +0000\n"
        told = b"tree %b\n%bauthor %bcommitter %b\n" % (tree, above, who, who)
        commit = stored("commit", told)
        above = b"parent %b\n" % (commit.upper() if capitals else commit)
    subprocess.run([*git, "update-ref", "refs/heads/b", commit.decode()], check=True)
    subprocess.run([*git, "repack", "-adfq"], check=True)
    return commit


@pytest.mark.parametrize("mode", [b"40000", b"040000"])
def test_a_directory_is_one_with_a_zero_before_its_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: bytes
) -> None:
    monkeypatch.setattr(touching, "_WORTH_IT", 0)
    commit = made_by_hand(tmp_path / "r", ("one\n", WANTED), mode)
    with ExitStack() as running:
        some, _, _ = narrowed(tmp_path / "r", running)
        assert commit in names(some)


def test_a_parent_is_one_in_capitals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touching, "_WORTH_IT", 0)
    commit = made_by_hand(tmp_path / "r", (WANTED, "one\n"), capitals=True)
    with ExitStack() as running:
        some, every, _ = narrowed(tmp_path / "r", running)
        assert len(every) == 2  # as git reads it
        assert commit in names(some)
