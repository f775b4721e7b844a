import hashlib

from benchmarks.comparison.planted import count_told, decoy, planted_key
from hexscan.key import Key, has_right_checksum

ONE = planted_key(1)


def test_a_key_is_told_by_its_text_in_any_case() -> None:
    assert count_told([ONE], b'{"Secret": "' + ONE.text.upper().encode() + b'"}') == 1


def test_a_key_is_told_by_the_fingerprint_of_hexscan() -> None:
    assert count_told([ONE], Key.parse(ONE.text).fingerprint.encode()) == 1


def test_a_key_is_told_by_the_hash_of_detect_secrets() -> None:
    sha1 = hashlib.sha1(ONE.text.encode(), usedforsecurity=False).hexdigest()
    assert count_told([ONE], sha1.encode()) == 1


def test_another_key_or_a_preview_does_not_tell_of_it() -> None:
    report = f"{planted_key(2).text} {Key.parse(ONE.text).preview} {ONE.text[:-1]}"
    assert count_told([ONE], report.encode()) == 0


def test_a_key_that_is_told_twice_counts_once() -> None:
    assert count_told([ONE], 2 * ONE.text.encode()) == 1


def test_a_decoy_has_a_wrong_checksum_and_a_key_the_right_one() -> None:
    right = [has_right_checksum(text.text[4:].encode()) for text in (ONE, decoy(1))]
    assert right == [True, False]


def test_no_key_shows_in_a_repr() -> None:
    assert ONE.text not in repr(ONE)
