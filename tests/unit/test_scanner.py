"""A blob in, findings out."""

from collections.abc import Iterator

import pytest

from hexscan import rule as rules
from hexscan.blob import NAME, Blob, Origin, ReadError
from hexscan.finding import Finding
from hexscan.scanner import Scanner
from tests.support.keys import legacy, random_key

KEY = random_key(1)
TEXT = KEY.reveal().encode()


def scan(*chunks: bytes, scanner: Scanner | None = None, path: bytes = b"a") -> list[Finding]:
    head, *rest = [memoryview(chunk) for chunk in chunks]
    blob = Blob(Origin(path), head, iter(rest) if rest else None)
    return list((scanner or Scanner()).scan(blob))


def test_a_finding_says_where_and_what_without_the_text() -> None:
    (finding,) = scan(b"one\n  \xc3\xa9 " + TEXT + b"\n")
    location = finding.location
    assert (location.offset, location.length) == (9, 44)
    assert (location.line, location.column) == (2, 5)
    assert (finding.rule, finding.severity) == (rules.API_KEY, rules.ERROR)
    assert (finding.preview, finding.fingerprint) == (KEY.preview, KEY.fingerprint)
    assert KEY.reveal()[8:40] not in repr(finding)


def test_the_same_key_has_one_fingerprint_however_it_is_written() -> None:
    findings = scan(TEXT + b" HEX_API_KEY=" + TEXT[4:] + b" " + TEXT.upper())
    assert {finding.fingerprint for finding in findings} == {KEY.fingerprint}
    assert len(findings) == 3


def test_a_legacy_key_has_the_fingerprint_of_its_digits() -> None:
    old = legacy(2)
    (finding,) = scan(b"HEX_API_KEY=" + old.reveal().upper().encode())
    assert finding.fingerprint == old.fingerprint
    assert finding.preview == old.preview


@pytest.mark.parametrize("size", [1, 7, 1000, 5000, 9000, 20_000])
def test_a_stream_gives_the_findings_of_the_whole(size: int) -> None:
    filler = b"some text \xc3\xa9\n" * 700
    data = filler + TEXT + b"x" * 9000 + TEXT + filler + b"HEX_API_KEY=" + TEXT[4:] + b"\n\n" + TEXT
    chunks = [data[i : i + size] for i in range(0, len(data), size)]
    assert scan(*chunks, b"") == scan(data)
    assert len(scan(data)) == 4


def test_a_key_in_the_path_is_masked() -> None:
    (finding,) = scan(TEXT, path=b"dir/" + TEXT)
    assert finding.location.path == b"dir/" + KEY.preview.encode()


def test_a_name_has_no_excerpt() -> None:
    blob = Blob(Origin(b"dir/" + TEXT, NAME), memoryview(TEXT))
    (finding,) = Scanner().scan(blob)
    assert finding.excerpt is None
    assert finding.location.place == NAME


def test_what_was_found_before_reading_broke_off_is_kept() -> None:
    def breaking() -> Iterator[memoryview]:
        yield memoryview(b"." * 10_000)
        raise ReadError("input/output error")

    blob = Blob(Origin(b"a"), memoryview(TEXT + b"." * 10_000), breaking())
    found: list[Finding] = []
    with pytest.raises(ReadError):
        found.extend(Scanner().scan(blob))
    # extend keeps what came before the exception.
    assert [finding.fingerprint for finding in found] == [KEY.fingerprint]


def test_options_are_passed_on() -> None:
    data = TEXT[4:] + b" hex_" + b"a" * 40
    assert scan(data) == []
    both = scan(data, scanner=Scanner(unprefixed=True, lookalikes=True))
    assert [finding.rule for finding in both] == [rules.UNPREFIXED, rules.LOOKALIKE]
    assert [finding.fails for finding in both] == [True, False]
