"""RESULTS.md: each program writes its own part of it and leaves the others as they are."""

from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
TITLE = "# Benchmark results\n"


def write_part(program: str, text: str, path: Path = RESULTS) -> None:
    """Put the account of one program into the file, in place of its last one."""
    before = path.read_text(encoding="utf-8") if path.exists() else TITLE
    path.write_text(with_part(before, program, text), encoding="utf-8")


def with_part(document: str, program: str, text: str) -> str:
    """Return a document in which one program's part is new.

    A part stands between two comments that name its program. A part that is not there yet goes to
    the end. What stands in no part is kept.
    """
    first, last = f"<!-- written by {program} -->\n", f"<!-- end of {program} -->\n"
    part = f"{first}\n{text.strip()}\n\n{last}"
    start, end = document.find(first), document.find(last)
    if start < 0 or end < start:
        return f"{document.rstrip()}\n\n{part}"
    return document[:start] + part + document[end + len(last) :]
