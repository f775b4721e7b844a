from pathlib import Path

import pytest

import hexscan
from benchmarks.comparison.hiding import Case, in_files
from benchmarks.comparison.hiding_git import in_git
from benchmarks.comparison.tools import Job
from hexscan.key import Key

# 300 MiB are too much to write in a test; the comparison does.
CASES = [case for case in in_files() if "300 MiB" not in case.what]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_a_place_holds_its_key_and_what_is_no_key_is_none(case: Case, tmp_path: Path) -> None:
    case.make(tmp_path, case.planted)
    report = hexscan.scan([tmp_path], hexscan.Config(ignore=False, decode=True))
    found = {finding.fingerprint for finding in report.findings}
    expected = {Key.parse(case.planted.text).fingerprint} if case.is_key else set()
    assert found == expected
    assert report.complete


def test_every_place_has_a_name_of_its_own() -> None:
    names = [case.what for case in [*in_files(), *in_git()]]
    assert len(names) == len(set(names))
    assert {case.job for case in in_git()} == {Job.STAGED, Job.HISTORY}
