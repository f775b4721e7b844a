"""Archives made by the tools that make them for everybody."""

import sys
from pathlib import Path

import pytest

from tests.support.archives import reasons, run, scan, ways
from tests.support.keys import random_key

KEY = random_key(1).reveal()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "notes.txt").write_text(f"one line\nkey: {KEY}\n", encoding="ascii")
    return tmp_path


@pytest.mark.parametrize("form", ["v7", "oldgnu", "gnu", "ustar", "posix"])
def test_tar(form: str, place: Path) -> None:
    run(place, "tar", f"--format={form}", "-cf", "a.tar", "notes.txt")
    assert ways(scan(place / "a.tar")) == ["notes.txt"]


SPARSE = ["--format=gnu", *(f"--sparse-version={version}" for version in ("0.0", "0.1", "1.0"))]


@pytest.mark.parametrize("options", SPARSE)
def test_sparse_tar(options: str, place: Path) -> None:
    with (place / "sparse").open("wb") as file:
        for hole in range(1, 40):
            file.seek(hole << 20)
            file.write(b"data")
        file.seek(50 << 20)
        file.write(KEY.encode())
        file.truncate(60 << 20)
    form = [] if "format" in options else ["--format=posix"]
    run(place, "tar", *form, options, "--sparse", "-cf", "a.tar", "sparse")
    report = scan(place / "a.tar")
    assert (ways(report), report.exit_status) == (["sparse"], 1)
    assert report.findings[0].location.offset == 50 << 20


@pytest.mark.parametrize("tool", ["gzip", "bzip2", "xz", "zstd"])
def test_compressed_files(tool: str, place: Path) -> None:
    if tool == "zstd" and sys.version_info < (3, 14):
        pytest.importorskip("zstandard")
    run(place, tool, "-q", "-k", "notes.txt")
    (packed,) = (path for path in place.iterdir() if path.name != "notes.txt")
    (place / "twice").write_bytes(packed.read_bytes() * 2)
    assert ways(scan(packed)) == ["notes.txt"]
    assert len(scan(place / "twice").findings) == 2


def test_zstd_without_a_decoder_says_what_to_install(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(place, "zstd", "-q", "notes.txt", "-o", "a.zst")
    monkeypatch.setattr("hexscan.containers.zstd.decoder", lambda: None)
    report = scan(place / "a.zst")
    assert report.exit_status == 2
    assert "hexscan[zstd]" in reasons(report)


@pytest.mark.parametrize("options", [[], ["-0"], ["-9"], ["-fz"], ["-Z", "bzip2"]])
def test_zip(options: list[str], place: Path) -> None:
    run(place, "zip", "-q", *options, "a.zip", "notes.txt")
    assert ways(scan(place / "a.zip")) == ["notes.txt"]


def test_encrypted_zip(place: Path) -> None:
    run(place, "zip", "-q", "-P", "secret", "a.zip", "notes.txt")
    report = scan(place / "a.zip")
    assert report.exit_status == 2
    assert "encrypted" in reasons(report)


def test_ar(place: Path) -> None:
    long_name = "a_name_of_more_than_sixteen_bytes.txt"
    (place / "notes.txt").rename(place / long_name)
    run(place, "ar", "rc", "a.a", long_name)
    assert ways(scan(place / "a.a")) == [long_name]


@pytest.mark.parametrize("compression", ["gzip", "xz", "none"])
def test_debian_package(compression: str, place: Path) -> None:
    (place / "deb/DEBIAN").mkdir(parents=True)
    (place / "deb/DEBIAN/control").write_text(
        "Package: app\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\n"
        "Description: none\n",
        encoding="ascii",
    )
    (place / "notes.txt").rename(place / "deb/notes.txt")
    run(place, "dpkg-deb", f"-Z{compression}", "-b", "deb", "app.deb")
    (way,) = ways(scan(place / "app.deb"))
    assert way.endswith("!./notes.txt")


def test_npm_package(place: Path) -> None:
    (place / "package.json").write_text('{"name": "app", "version": "1.0.0"}', encoding="ascii")
    run(place, "npm", "pack", "--offline", "--ignore-scripts", "--cache", str(place / ".npm"))
    assert ways(scan(place / "app-1.0.0.tgz")) == ["package/notes.txt"]


def test_wheel(place: Path) -> None:
    package = place / "source/app"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(f'KEY = "{KEY}"\n', encoding="ascii")
    (place / "source/pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        encoding="ascii",
    )
    # A back end of its own, so that pip needs no index.
    (place / "source/backend.py").write_text(
        "import zipfile\n"
        "def build_wheel(directory, config_settings=None, metadata_directory=None):\n"
        "    name = 'app-1.0-py3-none-any.whl'\n"
        "    with zipfile.ZipFile(f'{directory}/{name}', 'w', zipfile.ZIP_DEFLATED) as wheel:\n"
        "        wheel.write('app/__init__.py')\n"
        "        wheel.writestr('app-1.0.dist-info/METADATA',"
        " 'Metadata-Version: 2.1\\nName: app\\nVersion: 1.0\\n')\n"
        "        wheel.writestr('app-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\n')\n"
        "        wheel.writestr('app-1.0.dist-info/RECORD', '')\n"
        "    return name\n",
        encoding="ascii",
    )
    run(place, sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-index", "./source")
    assert ways(scan(place / "app-1.0-py3-none-any.whl")) == ["app/__init__.py"]


@pytest.mark.parametrize("options", [[], ["+debug_info"], ["+compressed"]])
def test_module_compiled_by_erlc(options: list[str], place: Path) -> None:
    source = f'-module(app).\n-export([key/0]).\nkey() -> [{{<<"{KEY}">>, 1}}, {{a, b}}].\n'
    (place / "app.erl").write_text(source, encoding="ascii")
    run(place, "erlc", *options, "app.erl")
    found = ways(scan(place / "app.beam"))
    assert "LitT" in found
    assert ("Dbgi" in found) == ("+debug_info" in options)


def history(place: Path) -> Path:
    """Make a repository in which the key stands in the middle of a chain of deltas."""
    repository = place / "repository"
    repository.mkdir()
    run(repository, "git", "init", "-q")
    lines = [f"line {number} of a file {number * number * 7919}\n" for number in range(300)]
    for added in ([], [f"{KEY}\n"], ["no more\n"]):
        text = "".join(lines[:150] + added + lines[150:])
        (repository / "file.txt").write_text(text, encoding="ascii")
        run(repository, "git", "add", ".")
        run(repository, "git", "commit", "-qm", "a change")
    return repository


def test_git_bundle(place: Path) -> None:
    repository = history(place)
    run(repository, "git", "repack", "-adfq")
    run(repository, "git", "bundle", "create", "-q", "../all.bundle", "--all")
    blob = run(repository, "git", "rev-parse", "HEAD~1:file.txt").decode().strip()
    report = scan(place / "all.bundle")
    assert (ways(report), report.exit_status) == ([blob], 1)


def test_git_pack_and_loose_objects(place: Path) -> None:
    repository = history(place)
    blob = run(repository, "git", "rev-parse", "HEAD~1:file.txt").decode().strip()
    assert len(scan(repository / ".git/objects" / blob[:2] / blob[2:]).findings) == 1
    run(repository, "git", "repack", "-adfq")
    (pack,) = (repository / ".git/objects/pack").glob("*.pack")
    report = scan(pack)
    assert (ways(report), report.exit_status) == ([blob], 1)


def test_git_bundle_of_less_than_everything(place: Path) -> None:
    repository = history(place)
    run(repository, "git", "bundle", "create", "-q", "../thin.bundle", "HEAD~2..HEAD")
    report = scan(place / "thin.bundle")
    assert report.exit_status == 2
    assert "not in it" in reasons(report)
    assert len(report.findings) == 1, "the text that a delta adds is scanned"


def erl(place: Path, expression: str) -> None:
    """Let Erlang itself pack something."""
    run(place, "erl", "-noshell", "-eval", f"{expression}, halt().")


def test_escript(place: Path) -> None:
    source = f'-module(app).\n-export([main/1]).\nmain(_) -> [{{<<"{KEY}">>, 1}}, {{a, b}}].\n'
    (place / "app.erl").write_text(source, encoding="ascii")
    run(place, "erlc", "app.erl")
    erl(
        place,
        '{ok, Beam} = file:read_file("app.beam"),'
        ' ok = escript:create("app", [shebang, {archive, [{"app.beam", Beam}], []}])',
    )
    report = scan(place / "app")
    assert (ways(report), report.exit_status) == (["app.beam!LitT"], 1)


def test_ez_archive(place: Path) -> None:
    erl(place, 'file:make_dir("app-1"), file:copy("notes.txt", "app-1/notes.txt")')
    erl(place, '{ok, _} = zip:create("app-1.ez", ["app-1"])')
    assert ways(scan(place / "app-1.ez")) == ["app-1/notes.txt"]


def test_hex_package(place: Path) -> None:
    erl(
        place,
        'ok = erl_tar:create("contents.tar.gz", ["notes.txt"], [compressed]),'
        ' file:write_file("VERSION", "3"), file:write_file("metadata.config", "{}."),'
        ' ok = erl_tar:create("app-1.0.0.tar",'
        ' ["VERSION", "metadata.config", "contents.tar.gz"])',
    )
    report = scan(place / "app-1.0.0.tar")
    assert (ways(report), report.exit_status) == (["contents.tar.gz!notes.txt"], 1)


def test_external_term(place: Path) -> None:
    erl(
        place,
        '{ok, Text} = file:read_file("notes.txt"),'
        " Term = {binary_to_list(Text), lists:duplicate(99, word)},"
        ' file:write_file("cache.ets", term_to_binary(Term, [compressed]))',
    )
    assert len(scan(place / "cache.ets").findings) == 1


@pytest.mark.parametrize("tool", [[], ["gzip", "-n"], ["zstd", "-q", "--rm"]])
def test_image_of_which_a_later_layer_deletes_the_key(tool: list[str], place: Path) -> None:
    if tool[:1] == ["zstd"] and sys.version_info < (3, 14):
        pytest.importorskip("zstandard")
    for layer, name in (("one", "notes.txt"), ("two", ".wh.notes.txt")):
        (place / layer / "app").mkdir(parents=True)
        (place / layer / "app" / name).write_bytes(b"")
    (place / "notes.txt").rename(place / "one/app/notes.txt")
    blobs = place / "image/blobs/sha256"
    blobs.mkdir(parents=True)
    for layer in ("one", "two"):
        run(place, "tar", "-C", layer, "-cf", str(blobs / layer), "app")
        if tool:
            run(blobs, *tool, layer)
            (packed,) = (path for path in blobs.iterdir() if path.suffix)
            packed.rename(blobs / layer)
    (place / "image/manifest.json").write_text("[]", encoding="ascii")
    run(place, "tar", "-C", "image", "-cf", "image.tar", ".")
    report = scan(place / "image.tar")
    assert (ways(report), report.exit_status) == (["./blobs/sha256/one!app/notes.txt"], 1)
