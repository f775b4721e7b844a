"""The baseline: keys that a person has judged, by fingerprint, in a file that is committed.

An entry names the secret and not its position, so moving or reformatting code changes nothing. It
holds no plaintext. The file is JSON, in a stable order and with a line for each field, so that
two people's entries merge.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from hexscan import rule as rules
from hexscan.errors import ConfigError
from hexscan.finding import Suppression
from hexscan.suggestion import nearest
from hexscan.suppression.judge import EVERYWHERE
from hexscan.values import dataclass, fields_of, replace

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = ".hexscan-baseline.json"
SCHEMA = 1

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|")
_LINE_OF_ERROR = re.compile(r"line (\d+)")
_RESTORE = "take the file from the last commit, or delete it and then: hexscan baseline create"


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """One judged key, everywhere or in one file.

    ``path`` is ``*``, or the file's path from the directory of the baseline with slashes, any key
    in it masked. ``when`` is an ISO date.
    """

    fingerprint: str
    rule: str
    path: str = EVERYWHERE
    reason: str = ""
    who: str = ""
    when: str = ""


_FIELDS = Entry.__match_args__


@dataclass(frozen=True, slots=True)
class Baseline:
    """The judged keys; ``entries`` are sorted and hold no key and path twice."""

    entries: tuple[Entry, ...] = ()

    def with_entries(self, entries: Iterable[Entry]) -> Baseline:
        """Return the baseline with ``entries`` in place of those for the same key and path."""
        held = {(entry.fingerprint, entry.path): entry for entry in (*self.entries, *entries)}
        return replace(self, entries=tuple(sorted(held.values())))

    def by_place(self) -> Mapping[tuple[str, str], Suppression]:
        """Return the judgements by fingerprint and path."""
        return {
            (entry.fingerprint, entry.path): Suppression(
                "baseline", entry.reason, entry.who, entry.when
            )
            for entry in self.entries
        }

    def lines(self) -> Iterator[str]:
        """Yield the file line by line, without line ends."""
        yield "{"
        yield f' "schema": {SCHEMA},'
        if not self.entries:
            yield ' "entries": []'
        else:
            yield ' "entries": ['
            last = len(self.entries) - 1
            for number, entry in enumerate(self.entries):
                yield from _block(entry, comma="" if number == last else ",")
            yield " ]"
        yield "}"


def _block(entry: Entry, comma: str) -> Iterator[str]:
    import json  # noqa: PLC0415 - see load

    body = json.dumps(fields_of(entry), ensure_ascii=False, indent=1).split("\n")
    for line in body[:-1]:
        yield f"  {line}"
    yield f"  {body[-1]}{comma}"


def load(text: bytes, name: str) -> Baseline:
    """Read the text of a baseline; ``name`` is what errors call its file.

    Raises ``ConfigError`` for what is corrupt or was written by a newer hexscan: a baseline that
    cannot be understood is never passed over.
    """
    import json  # noqa: PLC0415 - most runs have no baseline

    try:
        held = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = _LINE_OF_ERROR.search(str(error))
        raise ConfigError(
            "the baseline is not JSON", path=name, line=int(line[1]) if line else 1, hint=_RESTORE
        ) from None
    if not isinstance(held, dict) or type(held.get("schema")) is not int:
        raise _corrupt("it has no schema", name)
    if held["schema"] > SCHEMA:
        raise ConfigError(
            f"the baseline was written by a newer hexscan (schema {held['schema']})",
            path=name,
            line=_line_of(text, '"schema"'),
            hint="upgrade hexscan",
        )
    if held["schema"] != SCHEMA or set(held) != {"schema", "entries"}:
        raise _corrupt("it has not the fields of a baseline", name)
    if not isinstance(held["entries"], list):
        raise _corrupt("its entries are no list", name)
    read = [_entry(raw, number, text, name) for number, raw in enumerate(held["entries"], 1)]
    return Baseline().with_entries(read)


def _entry(raw: object, number: int, text: bytes, name: str) -> Entry:
    line = _line_of(text, '"fingerprint"', number)
    if not isinstance(raw, dict) or not all(isinstance(value, str) for value in raw.values()):
        raise _corrupt(f"entry {number} is no object of strings", name, line)
    for field in raw:
        if field not in _FIELDS:
            meant = nearest(field, _FIELDS)
            raise _corrupt(f"entry {number} has an unknown field {field!r}{meant}", name, line)
    try:
        entry = Entry(**raw)
    except TypeError:
        raise _corrupt(f"entry {number} lacks its fingerprint or its rule", name, line) from None
    wrong = _wrong(entry)
    if wrong:
        raise _corrupt(f"entry {number}: {wrong}", name, line)
    return entry


def _wrong(entry: Entry) -> str:
    if not _FINGERPRINT.fullmatch(entry.fingerprint):
        return "a fingerprint is 64 lower-case hex digits"
    if entry.rule not in rules.ALL:
        return f"there is no such rule{nearest(entry.rule, rules.ALL)}"
    if not entry.path:
        return f"its path is empty; {EVERYWHERE!r} is every file"
    return "" if _DATE.fullmatch(entry.when) else "its date is not written as 2026-05-20"


def _corrupt(why: str, name: str, line: int = 1) -> ConfigError:
    return ConfigError(f"the baseline is corrupt: {why}", path=name, line=line, hint=_RESTORE)


def _line_of(text: bytes, word: str, number: int = 1) -> int:
    """Return the line of the occurrence of ``word`` with this number, or 1."""
    lines = text.split(b"\n")
    holding = (at for at, line in enumerate(lines, 1) if word.encode() in line)
    for _ in range(number - 1):
        next(holding, None)
    return next(holding, 1)
