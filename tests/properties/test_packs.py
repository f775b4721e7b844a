"""Whatever is in a pack, and however git has packed it: it is read as git reads it."""

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.packs import all_at_once, as_git_has_them, read

_WHY = "hexscan was installed without zlib"
packs = pytest.importorskip("hexscan.sources.git.packs", reason=_WHY, exc_type=ImportError)
unpacker = pytest.importorskip("hexscan.sources.git.unpacker")

# Texts that are like each other, so that git stores most of them as deltas.
PIECES = st.lists(st.sampled_from([bytes([65 + n]) * (n * 7 + 3) for n in range(12)]), max_size=60)
TEXTS = st.lists(
    PIECES.map(b"".join) | st.binary(max_size=200) | st.just(b"z" * 3000), min_size=1, max_size=25
)


def imported(root: Path, texts: list[bytes], options: tuple[str, ...]) -> Path:
    """Make a repository with a commit for each text, packed with these options."""
    subprocess.run(["git", "init", "--quiet", "--bare", str(root)], check=True)
    stream = bytearray()
    for text in texts:
        stream += b"commit refs/heads/main\ncommitter A <a@b> 0 +0000\ndata 1\nm\n"
        stream += b"M 644 inline f\ndata %d\n%b\n" % (len(text), text)
    git = ["git", "-C", str(root)]
    fast = [*git, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet"]
    subprocess.run(fast, input=stream, check=True, capture_output=True)
    subprocess.run([*git, *options, "repack", "-adfq", "--window=20"], check=True)
    return root


OPTIONS = st.tuples(
    st.sampled_from(["true", "false"]), st.integers(0, 30), st.sampled_from(["0", "9"])
).map(
    lambda told: (
        *("-c", f"repack.usedeltabaseoffset={told[0]}", "-c", f"pack.depth={told[1]}"),
        *("-c", f"core.compression={told[2]}"),
    )
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS, OPTIONS, st.sampled_from([1, 3, 1 << 14]), st.sampled_from([1 << 12, 1 << 23]))
def test_all_objects_are_what_git_says(
    texts: list[bytes], options: tuple[str, ...], at_once: int, room: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        root = imported(Path(folder) / "r", texts, options)
        patch.setattr(packs, "_AT_ONCE", at_once)
        patch.setattr(unpacker, "BATCH_BYTES", room)
        told = read(bytes(root))
        expected = all_at_once(root)
        assert told is not None
        assert told.names == set(expected)
        assert told.times == len(expected)
        assert all(len(expected[name][1]) > room / 2 for name in told.failed)
        assert all(expected[name] == content for name, content in told.objects.items())


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(
    TEXTS.filter(lambda texts: len(texts) < 8),
    OPTIONS,
    st.sampled_from([".pack", ".idx"]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1),
)
def test_damage_never_hides_an_object(
    texts: list[bytes], options: tuple[str, ...], which: str, flips: list[tuple[float, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = imported(Path(folder) / "r", texts, options)
        (file,) = root.glob(f"objects/pack/*{which}")
        data = bytearray(file.read_bytes())
        for where, bits in flips:
            # Not the checksums at the end, or hardly anything would be read by git or here.
            data[int(where * (len(data) - 40))] ^= bits
        file.chmod(0o644)
        file.write_bytes(data)
        told = read(bytes(root))
        if told is None:
            return
        expected = as_git_has_them(root)
        assert told.names >= set(expected)
        for name, content in told.objects.items():
            if expected.get(name):
                assert content == expected[name]
