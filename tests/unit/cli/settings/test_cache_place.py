import pytest

from hexscan.cli.settings.cache_place import directory, settle_cache
from hexscan.config import Config


@pytest.mark.parametrize(
    ("variables", "platform", "place"),
    [
        ({"HOME": "/h"}, "linux", "/h/.cache/hexscan"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "linux", "/x/hexscan"),
        ({"HOME": "/h", "XDG_CACHE_HOME": "x"}, "darwin", "/h/.cache/hexscan"),
        ({"HOME": "/h", "XDG_CACHE_HOME": ""}, "linux", "/h/.cache/hexscan"),
        ({"HOME": "h"}, "linux", None),
        ({}, "linux", None),
        ({"LOCALAPPDATA": "/l", "HOME": "/h"}, "win32", "/l/hexscan"),
        ({"HOME": "/h"}, "win32", None),
    ],
)
def test_the_user_s_cache(variables: dict[str, str], platform: str, place: str | None) -> None:
    assert directory(variables, platform) == place


def test_what_the_options_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/x")
    assert settle_cache(Config(), no_cache=False, cache_dir="/d").cache_dir == "/d"
    assert settle_cache(Config(), no_cache=False, cache_dir=None).cache_dir == "/x/hexscan"
    assert settle_cache(Config(), no_cache=True, cache_dir="/d").cache_dir is None
