"""Encoded keys through the scanner, the library and the command line."""

import base64
from pathlib import Path

import pytest

import hexscan
from hexscan.blob import Blob, Origin
from hexscan.cli import hook
from hexscan.cli.main import main
from hexscan.decoders import sieve
from hexscan.decoding_scanner import DecodingScanner
from hexscan.finding import Finding
from tests.support.keys import random_key
from tests.support.repositories import commit, repository, stage

KEY, OTHER = random_key(1), random_key(2)
ENCODED = base64.b64encode(KEY.reveal().encode()).decode()
SECOND = base64.b64encode(OTHER.reveal().encode()).decode()
TEXT = f'é = "{ENCODED}" # {SECOND}\n'


def scan(*chunks: bytes) -> list[Finding]:
    head, *rest = [memoryview(chunk) for chunk in chunks]
    return list(DecodingScanner().scan(Blob(Origin(b"a"), head, iter(rest) if rest else None)))


def test_a_finding_names_the_reading_and_the_encoded_span() -> None:
    first, second = scan(b"\n" + TEXT.encode())
    assert (first.location.line, first.location.column) == (2, 6)
    assert (first.location.offset, first.location.length) == (7, 59)
    assert (first.decoding, first.preview) == (("base64",), KEY.preview)
    assert (first.fingerprint, second.fingerprint) == (KEY.fingerprint, OTHER.fingerprint)


def test_an_excerpt_shows_no_encoded_key() -> None:
    for finding in scan(TEXT.encode()):
        assert finding.excerpt is not None
        text = finding.excerpt.text
        assert text[finding.excerpt.start : finding.excerpt.end] == finding.preview
        assert ENCODED[:30] not in text
        assert SECOND[:30] not in text


@pytest.mark.parametrize("size", [7, 1000, 9000, 40_000])
def test_a_stream_gives_the_findings_of_the_whole(size: int) -> None:
    data = (TEXT + "some words and more\n" * 900).encode() * 3
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    assert scan(*chunks, b"") == scan(data)
    assert len(scan(data)) == 6


def test_matches_in_a_text_count_characters() -> None:
    split = KEY.reveal()
    text = f"é {split[:20]}\u200b{split[20:]} é {ENCODED}"
    spans = [(match.start, match.end) for match in hexscan.find(text, decode=True)]
    assert spans == [(2, 47), (50, 109)]
    assert list(hexscan.find(text)) == []


def test_an_encoded_key_in_a_name_is_masked() -> None:
    path = f"dir/{SECOND}".encode()
    blob = Blob(Origin(path, container=(path,)), memoryview(TEXT.encode()))
    for finding in DecodingScanner().scan(blob):
        assert OTHER.preview in finding.location.path.decode()
        assert SECOND[:30] not in repr(finding)


def test_an_encoded_key_in_a_name_of_a_file_is_found_and_masked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ENCODED).touch()
    assert main([str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert KEY.preview in told
    assert ENCODED[:30] not in told


def test_many_keys_on_a_line_are_told_without_each_other() -> None:
    encoded = [base64.b64encode(random_key(i).reveal().encode()) for i in range(1, 9)]
    excerpts = [finding.excerpt for finding in scan(b" ".join(encoded))]
    assert len(excerpts) == 8
    for excerpt in excerpts:
        assert excerpt is not None
        assert not any(text[:30].decode() in excerpt.text for text in encoded)


def test_the_hook_finds_them_unless_a_file_says_not_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").write_text(TEXT, encoding="utf-8")
    assert hook.main(["file"]) == 1
    assert KEY.preview in capsys.readouterr().out
    Path(".hexscan.toml").write_text("no-decode = true\n", encoding="utf-8")
    assert hook.main(["file"]) == 0


def test_staged_and_history_decode_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = repository(tmp_path / "r")
    commit(root)
    stage(root, "a", TEXT.encode())
    monkeypatch.chdir(root)
    assert [main(["staged", "-q"]), main(["staged", "-q", "--no-decode"])] == [1, 0]
    commit(root)
    assert [main(["history", "-q"]), main(["history", "-q", "--no-decode"])] == [1, 0]
    assert KEY.preview in capsys.readouterr().out


def test_it_can_be_turned_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text(TEXT, encoding="utf-8")
    assert main([str(tmp_path), "-q"]) == 1
    told = capsys.readouterr().out
    assert KEY.preview in told
    assert ENCODED[:30] not in told
    assert main([str(tmp_path), "-q", "--no-decode"]) == 0
    assert hexscan.scan([tmp_path], hexscan.Config(decode=False)).findings == ()
    assert len(hexscan.scan([tmp_path]).findings) == 2


def test_where_a_key_may_be_is_told_for_many_blobs_at_once() -> None:
    encoded = base64.b64encode(b"a key: " + KEY.reveal().encode() + b" and more")
    plain = KEY.reveal().encode() + b"\0"
    blobs = [b"clean\0", encoded + b"\0", b"clean too\0", plain]
    doubts = DecodingScanner().doubts(b"".join(blobs))
    told, start = [], 0
    for blob in blobs:
        stop = start + len(blob)
        told.append(doubts(start, stop) < stop)
        start = stop
    assert told == [False, True, False, True]


def test_blobs_that_nothing_keeps_apart_are_asked_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sieve, "hits", lambda _: {})
    doubts = DecodingScanner().doubts(KEY.reveal().encode() + KEY.reveal().encode() + b"\0")
    assert doubts(0, 44) == 0
    assert doubts(44, 89) == 44
