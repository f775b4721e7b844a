"""Encoded keys through the scanner, the library and the command line."""

import base64
from pathlib import Path

import pytest

import hexscan
from hexscan.blob import Blob, Origin
from hexscan.cli.main import main
from hexscan.decoding_scanner import DecodingScanner
from hexscan.finding import Finding
from tests.support.keys import random_key

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


def test_it_is_done_on_request_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text(TEXT, encoding="utf-8")
    assert main([str(tmp_path), "-q", "--decode"]) == 1
    told = capsys.readouterr().out
    assert KEY.preview in told
    assert ENCODED[:30] not in told
    assert main([str(tmp_path), "-q"]) == 0
    assert hexscan.scan([tmp_path]).findings == ()
    assert len(hexscan.scan([tmp_path], hexscan.Config(decode=True)).findings) == 2
