"""The file of judged keys: read, written, refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan import rule as rules
from hexscan.errors import ConfigError
from hexscan.finding import Suppression
from hexscan.suppression.baseline import Baseline, Entry, load
from tests.support.keys import random_key

ONE, TWO = sorted(random_key(seed).fingerprint for seed in (1, 2))
FIRST = Entry(ONE, rules.API_KEY, "*", "revoked", "A Developer", "2026-05-20")
SECOND = Entry(TWO, rules.LEGACY, "lib/\udcff.ex")


def text_of(held: Baseline) -> bytes:
    return "\n".join(held.lines()).encode("utf-8", "backslashreplace")


def document(**changes: object) -> dict[str, Any]:
    entry = {"fingerprint": ONE, "rule": rules.API_KEY, **changes}
    return {"schema": 1, "entries": [entry]}


def test_it_is_written_in_a_stable_order_with_a_line_for_each_field() -> None:
    written = text_of(Baseline().with_entries([SECOND, FIRST])).decode()
    assert written == text_of(Baseline().with_entries([FIRST, SECOND])).decode()
    assert written.index(ONE) < written.index(TWO)
    assert f'   "fingerprint": "{ONE}",\n   "rule": "hex-api-key",\n   "path": "*",\n' in written
    assert json.loads(written)["schema"] == 1


def test_an_entry_for_the_same_key_and_path_is_replaced() -> None:
    held = Baseline((FIRST,)).with_entries([Entry(ONE, rules.API_KEY, "*", "again")])
    assert [entry.reason for entry in held.entries] == ["again"]
    assert len(held.with_entries([Entry(ONE, rules.API_KEY, "a.ex")]).entries) == 2


def test_judgements_are_known_by_key_and_path() -> None:
    places = Baseline((FIRST, SECOND)).by_place()
    assert places[ONE, "*"] == Suppression("baseline", "revoked", "A Developer", "2026-05-20")
    assert (ONE, "lib/a.ex") not in places


@given(
    st.lists(
        st.builds(
            Entry,
            st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
            st.sampled_from(rules.ALL),
            st.text(min_size=1),
            st.text(),
            st.text(),
            st.sampled_from(["", "2026-05-20"]),
        )
    )
)
def test_what_is_written_is_read_again(entries: list[Entry]) -> None:
    held = Baseline().with_entries(entries)
    assert load(text_of(held), "b") == held


def test_a_path_that_is_no_utf_8_comes_back() -> None:
    assert load(text_of(Baseline((SECOND,))), "b").entries == (SECOND,)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("<<<<<<< HEAD", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "it has no schema"),
        ('{"schema": true, "entries": []}', "it has no schema"),
        ('{"schema": 0, "entries": []}', "it has not the fields of a baseline"),
        ('{"schema": 1}', "it has not the fields of a baseline"),
        ('{"schema": 1, "entries": {}}', "its entries are no list"),
        ('{"schema": 2, "entries": []}', r"written by a newer hexscan \(schema 2\)"),
        ('{"schema": 1, "entries": [3]}', "entry 1 is no object of strings"),
        ('{"schema": 1, "entries": [{}]}', "lacks its fingerprint"),
        (json.dumps(document(fingerprint="x")), "64 lower-case hex digits"),
        (json.dumps(document(rule="hex-api-kee")), "no such rule; did you mean hex-api-key"),
        (json.dumps(document(when="20 May")), "date is not written as"),
        (json.dumps(document(path="")), "its path is empty"),
        (json.dumps(document(reason=1)), "is no object of strings"),
        (json.dumps(document(raeson="x")), "unknown field 'raeson'; did you mean reason"),
    ],
)
def test_what_cannot_be_understood_is_refused(written: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why) as caught:
        load(written.encode(), "b.json")
    assert caught.value.path == "b.json"
    assert caught.value.line >= 1
    assert caught.value.hint


def test_an_error_names_the_line_of_its_entry() -> None:
    written = text_of(Baseline((FIRST, SECOND))).replace(TWO.encode(), b"short")
    with pytest.raises(ConfigError, match="entry 2") as caught:
        load(written, "b")
    assert b"short" in written.splitlines()[caught.value.line - 1]


def test_no_message_quotes_a_key() -> None:
    key = random_key(3).reveal()
    with pytest.raises(ConfigError) as caught:
        load(json.dumps(document(fingerprint=key)).encode(), "b")
    assert key not in str(caught.value)
