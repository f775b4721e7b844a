from pathlib import Path

import pytest

from hexscan.sources.files import BUFFER_SIZE
from hexscan.sources.git.batch import AHEAD, COMMAND, Batch, BatchError
from hexscan.sources.git.door import PIPE, Git
from tests.support.repositories import git, repository


def put(root: Path, content: bytes) -> bytes:
    return git(root, "hash-object", "-w", "--stdin", stdin=content).encode()


def read(batch: Batch) -> bytes:
    head, rest = batch.content()
    return b"".join([bytes(head), *map(bytes, rest or ())])


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = repository(tmp_path / "r")
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    "size", [0, 1, BUFFER_SIZE - 1, BUFFER_SIZE, BUFFER_SIZE + 1, 3 * BUFFER_SIZE]
)
def test_contents_of_any_size(root: Path, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"\n" * (size % 256)
    name = put(root, content)
    small = put(root, b"small")
    with Git(COMMAND, stdin=PIPE) as process:
        batch = Batch(process.input.fileno(), process.output.fileno())
        batch.ask([name, small, name])
        assert batch.header() == (b"blob", size)
        assert read(batch) == content
        assert batch.header() == (b"blob", 5)
        assert read(batch) == b"small"
        assert batch.header() == (b"blob", size)


def test_what_is_not_read_is_passed_over(root: Path) -> None:
    large, small = put(root, b"x" * 3 * BUFFER_SIZE), put(root, b"small")
    with Git(COMMAND, stdin=PIPE) as process:
        batch = Batch(process.input.fileno(), process.output.fileno())
        batch.ask([large, small, large, small])
        assert batch.header() == (b"blob", 3 * BUFFER_SIZE)
        assert batch.header() == (b"blob", 5)
        assert batch.header() == (b"blob", 3 * BUFFER_SIZE)
        batch.content()
        assert batch.header() == (b"blob", 5)
        assert read(batch) == b"small"


@pytest.mark.usefixtures("root")
def test_a_missing_object(root: Path) -> None:
    here = put(root, b"here")
    with Git(COMMAND, stdin=PIPE) as process:
        batch = Batch(process.input.fileno(), process.output.fileno())
        batch.ask([b"0" * 39 + b"1", here])
        assert batch.header() is None
        assert batch.header() == (b"blob", 4)


def test_as_many_as_may_be_asked_at_once(root: Path) -> None:
    names = [put(root, b"x" * 1000)] * AHEAD
    with Git(COMMAND, stdin=PIPE) as process:
        batch = Batch(process.input.fileno(), process.output.fileno())
        for _ in range(3):
            batch.ask(names)
            assert [batch.header() for _ in names] == [(b"blob", 1000)] * AHEAD


def test_a_command_that_ends(root: Path) -> None:
    with Git(COMMAND, stdin=PIPE) as process:
        batch = Batch(process.input.fileno(), process.output.fileno())
        process.input.close()
        with pytest.raises(BatchError):
            batch.header()
    with Git(("version",), stdin=PIPE) as process:
        batch = Batch(process.input.fileno(), process.output.fileno())
        with pytest.raises(BatchError):
            batch.header()
    del root
