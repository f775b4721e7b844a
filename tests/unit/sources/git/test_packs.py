"""Packs, read without git: the same objects with the same content, each once, or left to git."""

import hashlib
import os
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from hexscan.config import Config
from hexscan.finding import Report
from hexscan.history import run
from hexscan.history.run import scan_history
from hexscan.sources.git import survey
from hexscan.sources.git.families import Batch
from hexscan.sources.git.repository import find
from hexscan.sources.git.sweep import Sweeper
from hexscan.values import replace
from tests.support.histories import Repo
from tests.support.keys import random_key
from tests.support.packs import all_at_once, as_git_has_them, header, read, write_pack

_WHY = "hexscan was installed without zlib"
packs = pytest.importorskip("hexscan.sources.git.packs", reason=_WHY, exc_type=ImportError)
unpacker = pytest.importorskip("hexscan.sources.git.unpacker")

REFERENCE_DELTA = 7


def grow(repo: Repo, versions: int = 40) -> Repo:
    """Commit so many versions, most of which git stores as deltas, and a tag."""
    for number in range(versions):
        lines = "".join(f"line {line} of {line * 7919}\n" for line in range(100 + number))
        repo.commit(f"file{number % 3}", f"{number}\n{lines}")
    repo.git("tag", "--annotate", "v1", "--message", "one")
    return repo


def repack(repo: Repo, *options: str, by_offset: bool = True) -> None:
    repo.git(
        *("-c", f"repack.usedeltabaseoffset={str(by_offset).lower()}"),
        *("repack", "-a", "-d", "-f", "--quiet", *options),
    )


def assert_read_as_git_does(repo: Repo) -> None:
    told = read(repo.path)
    assert told is not None
    assert not told.failed
    expected = all_at_once(repo.root)
    assert told.names == set(expected)
    assert told.times == len(expected)
    for name, content in told.objects.items():
        assert content == expected[name]


@pytest.mark.parametrize("by_offset", [True, False])
@pytest.mark.parametrize("depth", ["0", "3", "50"])
@pytest.mark.parametrize("kind", ["sha1", "sha256"])
def test_all_objects_are_what_git_says(
    tmp_path: Path, kind: str, depth: str, *, by_offset: bool
) -> None:
    repo = grow(Repo(tmp_path / "r", f"--object-format={kind}"))
    repack(repo, f"--depth={depth}", "--window=50", by_offset=by_offset)
    assert_read_as_git_does(repo)


@pytest.fixture
def grown(tmp_path: Path) -> Repo:
    repo = grow(Repo(tmp_path / "r"))
    repack(repo, "--depth=20", "--window=50")
    return repo


@pytest.mark.parametrize("at_once", [1, 2, 7, 50])
def test_a_base_may_be_far_away(grown: Repo, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(packs, "_AT_ONCE", at_once)
    assert_read_as_git_does(grown)


@pytest.mark.parametrize("objects", [1, 2, 7, 50])
def test_a_base_may_be_in_another_batch(
    grown: Repo, monkeypatch: pytest.MonkeyPatch, objects: int
) -> None:
    monkeypatch.setattr(packs, "BATCH_OBJECTS", objects)
    assert_read_as_git_does(grown)


def test_a_base_may_be_in_an_earlier_part(grown: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacker, "BATCH_BYTES", 1 << 13)
    assert_read_as_git_does(grown)


def test_what_is_too_large_is_left_alone(grown: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacker, "BATCH_BYTES", 1 << 11)
    told = read(grown.path)
    assert told is not None
    expected = all_at_once(grown.root)
    assert told.names == set(expected)
    assert {
        name for name, (_, content) in expected.items() if len(content) > 1 << 11
    } <= told.failed
    assert told.objects
    for name, content in told.objects.items():
        assert content == expected[name]


def test_what_several_packs_have_is_left_to_git_once(
    grown: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(all_at_once(grown.root))
    for number in range(3):
        grown.commit("more", f"{number}")
        grown.git("repack", "-a", "-f", "--quiet")
    assert len(list(grown.root.glob(".git/objects/pack/*.pack"))) == 4
    assert_read_as_git_does(grown)
    told = read(grown.path)
    assert told is not None
    assert before <= told.left
    monkeypatch.setattr(packs, "_MOST_SHARED", len(before))
    assert read(grown.path) is None


def test_loose_objects_are_left_to_git(grown: Repo) -> None:
    before = set(all_at_once(grown.root))
    grown.commit("late", "loose")
    told = read(grown.path)
    assert told is not None
    assert told.left == set(all_at_once(grown.root)) - before
    file = grown.object_file(grown.head())
    content = file.read_bytes()
    repack(grown)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)  # one of them is loose, too
    assert_read_as_git_does(grown)
    told = read(grown.path)
    assert told is not None
    assert not told.left


def test_lent_objects_are_left_to_git(grown: Repo, tmp_path: Path) -> None:
    grown.git("clone", "--quiet", "--bare", "--shared", ".", str(tmp_path / "other"))
    assert read(os.fsencode(tmp_path / "other")) is None


@pytest.mark.parametrize("limit", ["_MOST_PACKS", "_MOST_LOOSE"])
def test_too_many_packs_or_loose_objects_are_left_to_git(
    grown: Repo, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    grown.commit("late", "loose")
    assert read(grown.path) is not None
    monkeypatch.setattr(packs, limit, 0)
    assert read(grown.path) is None


def test_a_pack_whose_objects_git_counts_otherwise_is_left_to_git(
    grown: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = survey.told

    def other(*arguments: Any) -> survey.Survey:  # noqa: ANN401 - passed on
        told = real(*arguments)
        return replace(told, packed=told.packed + 1)

    monkeypatch.setattr(survey, "told", other)
    assert read(grown.path) is None


def test_who_asks_twice_gets_the_same(grown: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as running:
        repository = find(grown.path)
        with survey.ask(repository) as asked:
            opened = packs.opened(repository, survey.told(repository, asked), running)
        assert opened
        first = list(opened.batches())
        monkeypatch.delattr(packs, "list_families")
        assert list(opened.batches()) == first


def test_a_pack_with_another_end_than_its_index_tells_is_left_to_git(grown: Repo) -> None:
    (pack,) = grown.root.glob(".git/objects/pack/*.pack")
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:-1] + b"?")
    assert read(grown.path) is None


def batch_of(repo: Repo, running: ExitStack) -> Batch:
    repository = find(repo.path)
    with survey.ask(repository) as asked:
        opened = packs.opened(repository, survey.told(repository, asked), running)
    assert opened
    batch: Batch = next(opened.batches())
    return batch


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_pack_that_is_gone_or_another_one_is_left_to_git(grown: Repo, *, is_gone: bool) -> None:
    repository = find(grown.path)
    (pack,) = grown.root.glob(".git/objects/pack/*.pack")
    with ExitStack() as running:
        batch = batch_of(grown, running)
        sweeper = running.enter_context(closing(Sweeper(repository, Nothing(), unpack=True)))
        pack.rename(pack.with_suffix(".moved"))
        if not is_gone:
            pack.write_bytes(pack.with_suffix(".moved").read_bytes())
        swept = sweeper.swept(batch)
    assert swept.suspects == list(range(batch.count))
    assert swept.unread == set(swept.suspects)
    assert swept.size == 0


class Nothing:
    """Finds nothing anywhere."""

    def doubts(self, data: memoryview) -> Callable[[int, int], int]:
        size = len(data)
        return lambda _start, _stop: size

    def may_find(self, data: memoryview) -> bool:
        raise AssertionError(len(data))


def blob(content: bytes) -> tuple[bytes, bytes, bytes]:
    name = hashlib.sha1(b"blob %d\0%b" % (len(content), content)).digest()  # noqa: S324 - git's
    return name, header(3, len(content)), content


def delta(name: bytes, base: bytes, size: int, result: bytes) -> tuple[bytes, bytes, bytes]:
    told = bytes([size, len(result), len(result)]) + result
    return name, header(REFERENCE_DELTA, len(told)) + base, told


def made(tmp_path: Path, *records: tuple[bytes, bytes, bytes]) -> Repo:
    repo = Repo(tmp_path / "r")
    write_pack(repo.root / ".git/objects/pack", list(records))
    return repo


def test_a_pack_made_by_hand_is_read(tmp_path: Path) -> None:
    base = blob(b"base\n")
    after = blob(b"after\n")[0]
    repo = made(tmp_path, base, delta(after, base[0], 5, b"after\n"))
    assert_read_as_git_does(repo)


def test_deltas_against_each_other_are_left_to_git(tmp_path: Path) -> None:
    one, other = b"\1" * 20, b"\2" * 20
    repo = made(
        tmp_path, blob(b"x\n"), delta(one, other, 5, b"five\n"), delta(other, one, 5, b"five\n")
    )
    told = read(repo.path)
    assert told is not None
    assert told.left == {blob(b"x\n")[0].hex(), one.hex(), other.hex()}


@pytest.mark.parametrize("objects", [1, 2, 7])
def test_a_base_that_is_named_may_be_in_another_batch(
    grown: Repo, monkeypatch: pytest.MonkeyPatch, objects: int
) -> None:
    repack(grown, by_offset=False)
    monkeypatch.setattr(packs, "BATCH_OBJECTS", objects)
    assert_read_as_git_does(grown)


def test_a_delta_against_nothing_is_left_to_git(tmp_path: Path) -> None:
    repo = made(tmp_path, blob(b"x\n"), delta(b"\1" * 20, b"\3" * 20, 5, b"five\n"))
    told = read(repo.path)
    assert told is not None
    assert told.left == {blob(b"x\n")[0].hex(), ("01" * 20)}


@pytest.mark.parametrize(
    "orders",
    [
        b"\x05\x05",  # nothing is made
        b"\x05\x05\x00",  # an order of its own
        b"\x05\x05\x91\x01\x05",  # copies from behind the base's end
        b"\x05\x05\x90",  # is cut short
        b"\x05\x05\x06abcdef",  # more than was told
        b"\x05\x05\x05abc",  # inserts what is not there
        b"\x04\x05\x05abcde",  # a base of another size
        b"\x05",  # no size of the result
        b"\x85\x85\x85\x85\x85\x85\x85\x85\x85\x85\x01",  # a size without end
        b"",
    ],
)
def test_a_delta_that_does_not_fit_fails_alone(tmp_path: Path, orders: bytes) -> None:
    base, name = blob(b"12345"), b"\1" * 20
    bad = name, header(REFERENCE_DELTA, len(orders)) + base[0], orders
    repo = made(tmp_path, base, bad, blob(b"other"))
    told = read(repo.path)
    assert told is not None
    assert told.failed == {name.hex()}
    assert told.objects[base[0].hex()] == ("blob", b"12345")
    assert told.objects[blob(b"other")[0].hex()] == ("blob", b"other")


@pytest.mark.parametrize("size", [4, 6])
def test_an_object_of_another_size_than_told_fails(tmp_path: Path, size: int) -> None:
    name, _, content = blob(b"12345")
    repo = made(tmp_path, (name, header(3, size), content), blob(b"other"))
    told = read(repo.path)
    assert told is not None
    assert told.failed == {name.hex()}
    assert as_git_has_them(repo.root)[name.hex()] is None


def test_a_chain_that_is_too_long_is_left_to_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more is put together for one object than git itself would make of deltas."""
    monkeypatch.setattr(packs, "BATCH_OBJECTS", 4200)
    records = [blob(b"0000\n")]
    for number in range(1, 4300):
        content = b"%04d\n" % number
        records.append(delta(blob(content)[0], records[-1][0], 5, content))
    repo = made(tmp_path, *records)
    told = read(repo.path)
    assert told is not None
    assert (len(told.objects), len(told.failed), told.times) == (4200, 100, 4300)


def test_a_pack_without_objects_is_read(tmp_path: Path) -> None:
    repo = made(tmp_path)
    assert_read_as_git_does(repo)


def test_git_says_which_of_two_packs_is_right(tmp_path: Path) -> None:
    right = blob(b"right\n")
    repo = made(tmp_path, right)
    folder = repo.root / ".git/objects/pack"
    for kind in ("pack", "idx"):
        (folder / f"pack-made.{kind}").rename(folder / f"pack-other.{kind}")
    write_pack(folder, [(right[0], right[1], b"wrong\n")])
    told = read(repo.path)
    assert told is not None
    assert told.left == {right[0].hex()}


def test_an_index_of_several_packs_is_left_to_git(grown: Repo) -> None:
    grown.git("multi-pack-index", "write")
    assert read(grown.path) is None


def test_a_name_that_the_fan_out_hides_is_left_to_git(tmp_path: Path) -> None:
    names = sorted(blob(b"%d\n" % number)[0] for number in range(2))
    repo = made(tmp_path, *(blob(b"%d\n" % number) for number in range(2)))
    index = repo.root / ".git/objects/pack/pack-made.idx"
    assert names[0][0] < names[1][0]
    data = bytearray(index.read_bytes())
    assert read(repo.path) is not None
    data[8 + 4 * names[0][0] + 3] = 0  # the first one comes later, it says
    index.write_bytes(data)
    assert read(repo.path) is None


def test_a_pack_that_git_passes_over_does_not_stand_for_another(tmp_path: Path) -> None:
    repo = made(tmp_path, blob(b"right\n"))
    folder = repo.root / ".git/objects/pack"
    for kind in ("pack", "idx"):
        (folder / f"pack-made.{kind}").rename(folder / f"made.{kind}")
    index = write_pack(folder, [blob(b"wrong\n")]).with_suffix(".idx")
    data = index.read_bytes()
    index.write_bytes(data[:-40] + bytes(8) + data[-40:])  # one distant offset too many for git
    assert read(repo.path) is None
    with pytest.raises(ValueError, match="pack"):
        packs.count_objects(index.read_bytes(), 20)


def test_what_is_behind_a_gap_is_left_to_git(tmp_path: Path) -> None:
    one = blob(b"one\n")
    repo = made(tmp_path, one)
    pack = repo.root / ".git/objects/pack/pack-made.pack"
    data, index = pack.read_bytes(), pack.with_suffix(".idx").read_bytes()
    data = data[:12] + b"gap" + data[12:-20]
    end = hashlib.sha1(data).digest()  # noqa: S324 - that is the format
    pack.write_bytes(data + end)
    pack.with_suffix(".idx").write_bytes(index[:-44] + bytes([0, 0, 0, 15]) + end + index[-20:])
    told = read(repo.path)
    assert told is not None
    assert told.left == {one[0].hex()}


def test_a_pipe_in_the_place_of_a_pack_is_not_waited_for(tmp_path: Path) -> None:
    repo = made(tmp_path, blob(b"x\n"))
    pack = repo.root / ".git/objects/pack/pack-made.pack"
    pack.unlink()
    os.mkfifo(pack)
    with pytest.raises(OSError, match="not a file"):
        packs.PackFile(os.fsencode(pack), (0, 0, 0, 0)).opened()


def settled(report: Report) -> tuple[object, ...]:
    return report.findings, report.failures, report.objects, report.bytes, report.exit_status


def secret(number: int) -> str:
    return random_key(number).reveal()


def test_what_is_found_is_the_same_as_with_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo = grow(Repo(tmp_path / "r"), 10)
    text = "".join(f"line {line}\n" for line in range(500))
    for number in range(5):
        repo.commit(
            "leak",
            f"{text}{number} {secret(number)}\n{text}",
            message=f"with {secret(10 + number)}",
        )
    repo.commit(f"{secret(20)}.txt", "named")
    repo.commit("large", "x" * (9 << 20) + f"\n{secret(21)}")
    repo.commit("large", "x" * (9 << 20) + f" {secret(22)}")
    repack(repo)
    repo.commit("late", secret(23))
    config = Config(cache_dir=None, jobs=1)
    by_itself = scan_history(repo.path, config)
    monkeypatch.setattr(run, "_packs", lambda *_: None)
    by_git = scan_history(repo.path, config)
    assert settled(by_itself) == settled(by_git)
    assert len({finding.fingerprint for finding in by_itself.findings}) == 14
