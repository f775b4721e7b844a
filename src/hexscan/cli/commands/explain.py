"""``hexscan explain``: what a rule means, or what one string is."""

import sys
from collections.abc import Callable

import click

from hexscan import rule as rules
from hexscan.cli import output
from hexscan.diagnosis import diagnose
from hexscan.errors import HexscanError
from hexscan.suggestion import nearest

HELP = """Say what a RULE means, or with - what the string on standard input is.

\b
  hexscan explain hex-api-key      the meaning of a rule
  hexscan explain -                type or paste a string; it is not shown
  pbpaste | hexscan explain -      the same from the clipboard

A string is never an argument, because other users of a machine can see those. It is not printed,
not stored and sent nowhere.
"""

# What a rule finds, and what it does not: shapes only, with x for any digit.
_EXAMPLES = {
    rules.API_KEY: (
        "hex_ and 40 hex digits, the last 8 of which are the CRC-32 of the others,",
        "in capitals too, and whatever stands before and after them.",
        "Not: hex_0123456789abcdef0123456789abcdef0123abcd, whose checksum is wrong.",
    ),
    rules.UNPREFIXED: (
        "HEX_API_KEY=xxxx… with 40 digits and a right checksum.",
        "Not: the id of a git commit, which has 40 digits and no checksum.",
    ),
    rules.LEGACY: (
        'HEX_API_KEY=xxxx…, or {api_key,<<"xxxx…">>} in a hex.config, with 32 digits.',
        "Not: an MD5 without such a label, ${HEX_API_KEY}, or a made-up sequence of digits.",
    ),
    rules.LOOKALIKE: (
        "hex_ and 40 hex digits with a wrong checksum, or a key cut short by up to 8 digits.",
        "hexscan explain - says whether a typing error hides a key.",
    ),
}
_DEFAULTS = {
    rules.LOOKALIKE: "off; --lookalikes switches it on. It never fails a run.",
    rules.UNPREFIXED: "on beside a label of Hex's own; --unprefixed reports them everywhere.",
}
_WHAT_TO_DO = """\
What to do:
  1. Revoke the key, or confirm that it is revoked: https://hex.pm/dashboard/keys
  2. Make a new key with only the permissions it needs.
  3. Replace the old key wherever it was used.
  4. Read the audit log for what was not you: https://hex.pm/dashboard/audit-logs
  5. Then clean the file and the history.
If it needs no attention, say so beside it (hexscan:allow and a reason behind it) or in the
baseline (hexscan baseline update --reason "…")."""

# No key is longer, and whoever pipes a whole file in means hexscan itself.
_MOST = 4096


@click.command("explain", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", metavar="RULE|-")
def command(what: str) -> Callable[[], int]:
    """Return the explanation, still to be printed."""
    if what == "-":
        return lambda: _print(diagnose(_string()).said)
    if what not in rules.ALL:
        # What was given may be a key; it is not quoted.
        raise HexscanError(
            f"there is no such rule{nearest(what, rules.ALL)}",
            hint=f"rules are {', '.join(rules.ALL)}; a string is read with: hexscan explain -",
        )
    return lambda: _print(_rule(what))


def _rule(rule: str) -> tuple[str, ...]:
    default = _DEFAULTS.get(rule, "on.")
    return (
        f"{rule}: {rules.TITLES[rule]}",
        f"  {rules.MEANINGS[rule]}",
        f"  By default {default}",
        "",
        "What it finds:",
        *(f"  {line}" for line in _EXAMPLES[rule]),
        "",
        *_WHAT_TO_DO.splitlines(),
    )


def _string() -> str:
    """Read the string: from a terminal without showing what is typed."""
    if sys.stdin is not None and sys.stdin.isatty():
        import getpass  # noqa: PLC0415 - for people only

        try:
            return getpass.getpass("String (it is not shown): ")
        except EOFError:
            raise HexscanError("there is no string on standard input") from None
    data = sys.stdin.buffer.read(_MOST + 1) if sys.stdin is not None else b""
    if len(data) > _MOST:
        raise HexscanError("that is more than one string", hint="scan it with: hexscan -")
    if not data.strip():
        raise HexscanError("there is no string on standard input")
    return data.decode("utf-8", "replace")


def _print(lines: tuple[str, ...]) -> int:
    output.write(iter(lines))
    return 0
