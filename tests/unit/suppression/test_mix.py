"""The globs of a mix.exs, read as text."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hexscan.errors import ConfigError
from hexscan.suppression.mix import globs

PROJECT = """\
defmodule App.MixProject do
  use Mix.Project
  # secret_scan: [ignore: ["commented/**"]]
  @doc "secret_scan: [ignore: [\\"quoted\\"]]"
  @moduledoc \"\"\"
  secret_scan: [ignore: ["documented"]]
  \"\"\"
  def project, do: [app: :app, package: package(), a: ?", b: ~s(secret_scan: [ignore: ["s"]])]
  defp ok?("x"), do: true
  defp package do
    [
      licenses: ["MIT"],
      secret_scan: [
        other: [x: ["no"]],
        # the keys of the tests
        ignore: ["test/fixtures/**", "priv/*.json",
          "a \\"quoted\\" ?",
        ]
      ]
    ]
  end
end
"""


def test_globs_are_found_in_code_alone() -> None:
    assert globs(PROJECT.encode()) == ("test/fixtures/**", "priv/*.json", 'a "quoted" ?')


@pytest.mark.parametrize("text", ["", "defmodule A do\nend\n", "secret_scan: []", "\xff"])
def test_a_project_without_globs(text: str) -> None:
    assert globs(text.encode("latin-1")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "secret_scan: @scan",
        "secret_scan:",
        "secret_scan: [ignore: @ignored]",
        'secret_scan: [ignore: ["a" <> "b"]]',
        'secret_scan: [ignore: ["#{root()}/a"]]',
        'secret_scan: [ignore: ["a\\x41"]]',
        "secret_scan: [ignore: ~w(a b)]",
        'secret_scan: [ignore: ["a"',
        "secret_scan: [ignore: [",
        "secret_scan: [",
        'secret_scan: [ignore: [""]]',
    ],
)
def test_what_would_have_to_be_run_is_refused(text: str) -> None:
    with pytest.raises(ConfigError) as caught:
        globs(f"x\n{text}".encode())
    assert (caught.value.path, caught.value.line) == ("mix.exs", 2)


@given(st.binary())
def test_any_bytes_are_read_or_refused(text: bytes) -> None:
    with suppress(ConfigError):
        assert all(globs(b"secret_scan: [ignore: [" + text))
