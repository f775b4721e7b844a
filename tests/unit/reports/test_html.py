"""The report for a browser, read without one."""

from dataclasses import replace
from html.parser import HTMLParser

from hexscan.finding import Report
from hexscan.reports import html, timeline
from tests.golden.sample import CLEAN, FACTS, PUBLISHED, SHOWN, failure, finding

VOID = {"br", "input", "meta", "link", "img"}
# What may load something, run something or send something.
ACTIVE = {"script", "iframe", "object", "embed", "form", "img", "link", "base", "audio", "video"}


class Reader(HTMLParser):
    """Collects tags and text, and checks that every tag is closed in turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(report: Report) -> Reader:
    reader = Reader()
    reader.feed("\n".join(html.lines(report, FACTS)))
    reader.close()
    assert reader.open == []
    return reader


def test_nothing_is_loaded_and_nothing_runs() -> None:
    reader = read(SHOWN)
    assert not ACTIVE & {tag for tag, _ in reader.tags}
    for _, attributes in reader.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert not {"src", "srcset", "action", "style"} & attributes.keys()
    policies = [a["content"] for tag, a in reader.tags if tag == "meta" and "http-equiv" in a]
    assert policies
    assert (policies[0] or "").startswith("default-src 'none'")


def test_the_style_loads_nothing_either() -> None:
    written = "\n".join(html.lines(CLEAN, FACTS))
    assert "url(" not in written
    assert "@import" not in written
    assert "prefers-color-scheme: dark" in written
    assert "@media print" in written


def test_links_lead_to_hex_or_into_the_document() -> None:
    reader = read(SHOWN)
    ids = {a["id"] for _, a in reader.tags if "id" in a}
    for target in [a["href"] or "" for tag, a in reader.tags if tag == "a"]:
        assert target.startswith(("https://hex.pm/", "mailto:security@hex.pm")) or target[1:] in ids


def test_a_screen_reader_finds_its_way() -> None:
    reader = read(SHOWN)
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("h1") == tags.count("main") == 1
    assert ("html", {"lang": "en"}) in reader.tags
    ids = [a["id"] for _, a in reader.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for _, attributes in reader.tags:
        assert set((attributes.get("aria-labelledby") or "").split()) <= set(ids)
    assert all(a.get("aria-labelledby") for tag, a in reader.tags if tag == "svg")
    assert all(a.get("scope") == "col" for tag, a in reader.tags if tag == "th")


def test_the_verdict() -> None:
    def verdict(report: Report) -> str:
        return " ".join("".join(read(report).text).split())

    assert "2 keys found: act now" in verdict(SHOWN)
    assert "Not complete: 5 paths could not be read." in verdict(SHOWN)
    assert "No key was foundEverything in scope was read to its last byte." in verdict(CLEAN)
    unread = verdict(Report(failures=(failure(b"x"),)))
    assert "No key was found, but not everything was read" in unread


def test_hostile_names_are_text() -> None:
    told = "".join(read(SHOWN).text)
    assert "]]><script>alert(1)</script>&\"'.ex" in told
    assert "refs/heads/<b>::error::" in told
    assert "suppressed" in told


def test_steps_are_there_only_for_keys() -> None:
    assert len([tag for tag, _ in read(SHOWN).tags if tag == "input"]) == 6
    assert not [tag for tag, _ in read(CLEAN).tags if tag in {"input", "svg"}]


def test_a_life_is_drawn_once_and_many_are_counted() -> None:
    twice = Report(findings=(finding(b"a", git=PUBLISHED), finding(b"b", git=PUBLISHED)))
    assert sum(tag == "polygon" for tag, _ in read(twice).tags) == 1
    many = tuple(finding(b"%d" % n, git=replace(PUBLISHED, commit=f"{n:040x}")) for n in range(15))
    reader = read(Report(findings=many))
    assert sum(tag == "polygon" for tag, _ in reader.tags) == timeline.LONGEST
    assert "3 more are in the table only." in "".join(reader.text)
