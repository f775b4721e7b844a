from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.results_file import with_part, write_part

TEXTS = st.text(alphabet="ab|-# \n<!>", max_size=40)


def test_each_program_keeps_its_own_part(tmp_path: Path) -> None:
    path = tmp_path / "RESULTS.md"
    write_part("one", "first of one", path)
    write_part("two", "first of two", path)
    write_part("one", "second of one", path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# Benchmark results\n")
    assert "first of one" not in text
    assert text.index("second of one") < text.index("first of two")


def test_what_stands_in_no_part_is_kept() -> None:
    before = with_part("# Title\n\nby hand\n", "one", "text")
    after = with_part(before + "\nat the end\n", "one", "other")
    assert after == before.replace("text", "other") + "\nat the end\n"


@given(TEXTS, TEXTS)
def test_a_part_that_is_written_twice_is_the_last_one_alone(first: str, second: str) -> None:
    once = with_part("# Title\n", "one", second)
    assert with_part(with_part("# Title\n", "one", first), "one", second) == once
