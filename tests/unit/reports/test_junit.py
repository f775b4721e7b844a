"""JUnit's XML."""

from xml.etree import ElementTree as ET

from hexscan.finding import Report
from hexscan.reports import junit
from tests.golden.sample import CLEAN, FACTS, KEY, SHOWN, finding


def read(report: Report) -> ET.Element:
    """Parse the document, of which the one suite is returned."""
    text = "\n".join(junit.lines(report, FACTS))
    root = ET.fromstring(text.encode())  # noqa: S314 - it was written here
    (suite,) = root
    assert root.attrib["tests"] == suite.attrib["tests"]
    return suite


def test_numbers_are_those_of_the_cases() -> None:
    suite = read(SHOWN)
    cases = suite.findall("testcase")
    counted = {
        tag: len(suite.findall(f"testcase/{tag}")) for tag in ("failure", "error", "skipped")
    }
    assert counted == {"failure": 8, "error": 5, "skipped": 3}
    assert suite.attrib["failures"] == "8"
    assert suite.attrib["errors"] == "5"
    assert suite.attrib["skipped"] == "3"
    assert suite.attrib["tests"] == str(len(cases)) == "17"
    assert suite.attrib["timestamp"] == "2026-02-02T02:40:00"


def test_a_clean_run_has_one_case_that_passed() -> None:
    suite = read(CLEAN)
    (case,) = suite.findall("testcase")
    assert [child.tag for child in case] == ["system-out"]
    assert "Found no key in 10 files" in (case[0].text or "")


def test_a_finding_is_a_failure_of_its_file() -> None:
    case = read(Report(findings=(finding(b"a<b>&\"'.ex"),))).find("testcase")
    assert case is not None
    assert case.attrib["classname"] == "a<b>&\"'.ex"
    assert case.attrib["name"] == f"hex-api-key {KEY.preview} at 3:9"
    assert case[0].attrib["message"] == f"Hex.pm API key: {KEY.preview}"
    assert KEY.fingerprint in (case[0].text or "")


def test_why_something_was_skipped() -> None:
    skipped = [case.attrib["message"] for case in read(SHOWN).findall("testcase/skipped")]
    assert skipped[0].endswith("; suppressed (inline: =revoked\\n<b> 2026-05-20 ]]>)")
    assert skipped[2].endswith(
        "; The checksum is wrong: an example, or a key with a typing error in it."
    )
