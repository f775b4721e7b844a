"""Places in files where a key can hide, each written with one key in it."""

import base64
import gzip
import json
import lzma
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.comparison.planted import Planted, decoy, planted_key
from benchmarks.comparison.tools import Job
from benchmarks.corpus import KIB, MIB, code
from tests.support.archives import beam, tar, term, zipped

_LINE = 125_000
"""Where gitleaks and betterleaks cut a long line."""


@dataclass(frozen=True, slots=True)
class Case:
    """A place: what it is called, which job looks there, and how it is made.

    ``make`` fills an empty directory. ``is_key`` is false where what stands there is no key, and a
    scanner that tells of it raises a false alarm.
    """

    what: str
    job: Job
    make: Callable[[Path, Planted], None]
    planted: Planted
    is_key: bool = True


Content = Callable[[bytes], bytes]


def in_files() -> list[Case]:
    """Return the places in a file and in its name, and what looks like a key and is none."""
    key = planted_key(20)
    named = [
        Case(what, Job.TREE, partial(_write, name=name, content=content), key)
        for what, (name, content) in {**_PLAIN, **_ENCODED, **_PACKED}.items()
    ]
    names = [
        Case("file name", Job.TREE, _in_name, key),
        Case("text of a symbolic link", Job.TREE, _in_link, key),
    ]
    return [*named, *names, *_no_keys()]


def _no_keys() -> list[Case]:
    example = "hex_0123456789abcdef0123456789abcdef0123abcd"
    sha1 = "hex_" + "da39a3ee5e6b4b0d3255bfef95601890afd80709"
    texts = {
        "no key: wrong checksum": decoy(20).text,
        "no key: the example of Hex's documentation": example,
        "no key: hex_ and a SHA-1": sha1,
        "no key: hex_ and 40 times a": "hex_" + 40 * "a",
    }
    write = partial(_write, name="lib/app.ex", content=_quoted)
    return [
        Case(what, Job.TREE, write, Planted(text), is_key=False) for what, text in texts.items()
    ]


def _write(directory: Path, planted: Planted, *, name: str, content: Content) -> None:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content(planted.text.encode("ascii")))


def _in_name(directory: Path, planted: Planted) -> None:
    (directory / f"backup-{planted.text}.txt").write_text("nothing\n", encoding="ascii")


def _in_link(directory: Path, planted: Planted) -> None:
    (directory / "link").symlink_to(f"/nowhere/{planted.text}")


def _quoted(key: bytes) -> bytes:
    return b'@key "' + key + b'"\n'


def _log(key: bytes) -> bytes:
    """Return so much text that no format stores it as it is."""
    return code(4 * KIB, lookalikes=0) + _quoted(key)


def _across(key: bytes) -> bytes:
    """Put the key across the offset at which a long line is cut."""
    return (b"x = 1; " * _LINE)[: _LINE - 20] + b' "' + key + b'" ' + b"y = 2; " * 1000


def _beyond(key: bytes) -> bytes:
    return bytes(300 * MIB) + b"\n" + _quoted(key)


def _utf_16(key: bytes) -> bytes:
    return ("\ufeff" + _quoted(key).decode()).encode("utf-16-le")


def _secret(key: bytes) -> bytes:
    return b"kind: Secret\ndata:\n  HEX_API_KEY: " + base64.b64encode(key) + b"\n"


def _basic(key: bytes) -> bytes:
    return b"Authorization: Basic " + base64.b64encode(b"build:" + key) + b"\n"


def _hexdump(key: bytes) -> bytes:
    return b"".join(b"\\x%02x" % byte for byte in key) + b"\n"


def _coloured(key: bytes) -> bytes:
    return b"auth_key  \x1b[32m" + key[:24] + b"\x1b[0m\x1b[32m" + key[24:] + b"\x1b[0m\n"


def _literals(key: bytes) -> bytes:
    """Write a module as the compiler does up to OTP 27: its literals compressed."""
    table = b"\0\0\0\1" + len(key).to_bytes(4, "big") + b"\x83m\0\0\0\x2c" + key
    compressed = len(table).to_bytes(4, "big") + _zlib(table)
    return beam({"AtU8": b"\0\0\0\1\3app", "LitT": compressed})


def _zlib(data: bytes) -> bytes:
    return term(data)[6:]


def _hex_tarball(key: bytes) -> bytes:
    contents = gzip.compress(tar({"lib/app.ex": _quoted(key)}))
    return tar(
        {
            "VERSION": b"3",
            "CHECKSUM": 64 * b"0",
            "metadata.config": b"",
            "contents.tar.gz": contents,
        }
    )


def _docker_image(key: bytes) -> bytes:
    layer = tar({"app/releases/env.sh": b"export HEX_API_KEY=" + key + b"\n"})
    manifest = json.dumps([{"Config": "config.json", "Layers": ["layer/layer.tar"]}]).encode()
    return tar({"manifest.json": manifest, "config.json": b"{}", "layer/layer.tar": layer})


def _escript(key: bytes) -> bytes:
    return b"#!/usr/bin/env escript\n%%! -escript main app\n" + zipped({"app.exs": _quoted(key)})


_PLAIN: Mapping[str, tuple[str, Content]] = {
    "plain text": ("lib/app.ex", _quoted),
    "mix.lock": ("mix.lock", _quoted),
    "a stylesheet": ("assets/app.css", _quoted),
    "capital letters": ("lib/app.ex", lambda key: _quoted(key.upper())),
    "straight after a letter or _": ("config.txt", lambda key: b"MY_KEY_" + key + b"\n"),
    "straight before a letter": ("dump.bin", lambda key: b"x " + key + b"m tail\n"),
    "file with NUL bytes": ("app.bin", lambda key: b"\0\1\2\0" + _quoted(key) + b"\0"),
    "text that is no UTF-8": ("notes.txt", lambda key: b"caf\xe9\n" + _quoted(key)),
    "long line, across byte 125,000": ("bundle.js", _across),
    "behind 300 MiB": ("disk.img", _beyond),
    "cut by terminal colours": ("ci.log", _coloured),
}
_ENCODED: Mapping[str, tuple[str, Content]] = {
    "UTF-16": ("keys.ps1", _utf_16),
    "base64, Kubernetes Secret": ("secret.yaml", _secret),
    "base64, HTTP Basic": ("request.http", _basic),
    "base64 twice": ("value.txt", lambda key: base64.b64encode(base64.b64encode(key)) + b"\n"),
    "escapes (\\x68…)": ("data.py", _hexdump),
}
_PACKED: Mapping[str, tuple[str, Content]] = {
    ".gz": ("ci.log.gz", lambda key: gzip.compress(_log(key))),
    ".xz": ("ci.log.xz", lambda key: lzma.compress(_log(key))),
    ".tgz": ("package.tgz", lambda key: gzip.compress(tar({"package/a.js": _quoted(key)}))),
    ".zip": ("app.zip", lambda key: zipped({"lib/app.ex": _quoted(key)})),
    ".ez": ("app-1.0.0.ez", lambda key: zipped({"app/mix.exs": _quoted(key)})),
    "zip in a tar in a zip": (
        "all.zip",
        lambda key: zipped({"inner.tar": tar({"last.zip": zipped({"a.ex": _quoted(key)})})}),
    ),
    "escript": ("app", _escript),
    "Hex package": ("app-1.0.0.tar", _hex_tarball),
    "layer of a saved docker image": ("image.tar", _docker_image),
    ".beam, compressed literals": ("Elixir.App.beam", _literals),
    "compressed Erlang term": ("cache.bin", lambda key: term(b"m\0\0\0\x2c" + key)),
}
