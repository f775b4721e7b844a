"""Keys that only a label beside them tells apart."""

import pytest

from hexscan import rule as rules
from hexscan.matcher import find
from tests.support.keys import legacy, random_key

LEGACY = legacy(1).reveal().encode()
BARE = random_key(1).reveal()[4:].encode()
DIGEST = legacy(2).reveal().encode()

LABELLED = {
    "HEX_API_KEY": b"HEX_API_KEY=%s",
    "HEX_REPOS_KEY": b"export HEX_REPOS_KEY='%s'",
    "HEXPM_API_KEY": b"HEXPM_API_KEY: %s",
    "HEXPM_READ_API_KEY": b"HEXPM_READ_API_KEY=%s",
    "HEX_TOKEN": b"HEX_TOKEN=%s",
    "HEX_ORG_KEY": b"HEX_ORG_KEY=%s",
    "HEX_ORGANIZATION_KEY": b"HEX_ORGANIZATION_KEY=%s",
    "HEX_PM_KEY": b"HEX_PM_KEY=%s",
    "HEX_AUTH_KEY": b"HEX_AUTH_KEY=%s",
    "HEX_API_PULL_KEY": b"HEX_API_PULL_KEY=%s",
    "lower case": b'hex_api_key = "%s"',
    "with more around the name": b"PROD_HEX_API_KEY_2=%s",
    "a default in a reference": b"${HEX_API_KEY:-%s}",
    "a default in Elixir": b'System.get_env("HEX_API_KEY", "%s")',
    "value before name": b'{"value": "%s", "name": "HEX_API_KEY"}',
    "Kubernetes, on the next line": b"- name: HEX_API_KEY\n  value: %s\n",
    "JSON, on the next line": b'"HEX_API_KEY": {\r\n  "value": "%s"',
    "a comment on the line before": b"# HEX_API_KEY of acme\n%s\n",
    "Python, wrapped": b'os.environ["HEX_API_KEY"] = (\n    "%s"',
    "mix hex.organization": b"mix hex.organization auth acme --key %s",
    "mix, wrapped": b"mix hex.organization auth acme \\\n  --key %s",
    "mix hex.repo add": b"mix hex.repo add acme https://repo.acme.example --auth-key %s",
    "mix hex.repo set": b"mix hex.repo set acme --auth-key %s",
    "mix hex.config": b"mix hex.config api_key %s",
    "mix hex.publish": b"RUN mix hex.publish --yes --key %s",
    "rebar3": b"rebar3 hex organization auth acme --key %s",
    "rebar3 -k": b"rebar3 hex organization auth acme -k %s",
    "hex.config, api_key": b'{api_key,<<"%s">>}.',
    "hex.config, repos_key": b'{repos_key,<<"%s">>}.',
    "hex.config, $repos": b'{\'$repos\',#{<<"hexpm:acme">> => #{auth_key => <<"%s">>}}}.',
    "hex.config, wrapped": b'#{<<"hexpm:acme">> =>\n  #{auth_key =>\n      <<"%s">>}}',
    "hex.config, $read_key": b"{'$read_key',<<\"%s\">>}.",
    "hex.config, in a string": b'"{api_key,<<\\"%s\\">>}."',
    "rebar3's hex.config": b'#{<<"hexpm">> => #{read_key => <<"%s">>,username => <<"me">>}}.',
    "rebar3's repo_key": b'#{<<"hexpm">> => #{repo_key=><<"%s">>}}.',
    "a command in an exec form": b'RUN ["mix", "hex.organization", "auth", "acme", "--key", "%s"]',
    "a command behind another": b"mix do hex.organization auth acme --key %s",
    "a command over three lines": b"mix hex.organization \\\n  auth acme \\\n  --key %s",
    "what mix hex.repo list prints": (
        b"$ mix hex.repo list\nName  URL  Public key  Enabled  Auth key\n"
        b"acme  https://repo.acme.example  SHA256:abc  true  %s"
    ),
    "a row of it alone": b"hexpm:acme  https://repo.hex.pm/repos/acme  SHA256:abc  true  %s",
    "config.exs": b'config :hex, api_key: "%s"',
    "a call, wrapped": b'System.put_env("HEX_API_KEY",\n  "%s")',
    "Terraform": b'TF_VAR_hex_api_key="%s"',
    "a bearer": b'HEX_API_KEY: "Bearer %s"',
    "a block of YAML": b"HEX_API_KEY: >-\n  %s\n",
    "Dependabot, the key above the type": b"  acme:\n    key: %s\n    type: hex-organization\n",
    "Dependabot, commented": (
        b"    type: hex-organization # ours\n    organization: a\n    key: %s\n"
    ),
    "mix.exs": b'hex: [api_key: "%s"]',
    "mix.exs, wrapped": b'hex: [\n  unsafe_https: true,\n  api_key: "%s"\n]',
    "mix.exs, value on the next line": b'hex: [api_key:\n  "%s"]',
    "Dependabot": b"  acme:\n    type: hex-organization\n    organization: acme\n    key: %s\n",
    "Dependabot's own repository": (
        b"    type: hex-repository\n    repo: acme\n    url: https://x.example\n    auth-key: %s\n"
    ),
}


@pytest.mark.parametrize("text", LABELLED.values(), ids=LABELLED.keys())
@pytest.mark.parametrize(("digits", "rule"), [(LEGACY, rules.LEGACY), (BARE, rules.UNPREFIXED)])
def test_a_label_makes_a_key(text: bytes, digits: bytes, rule: str) -> None:
    data = b"first line\n\n" + text % digits + b"\nlast line\n"
    matches = find(data)
    assert [(match.rule, data[match.start : match.end]) for match in matches] == [(rule, digits)]
    assert matches[0].severity == rules.ERROR


UNLABELLED = {
    "no label at all": b"checksum: %s",
    "a bare api_key": b'api_key: "%s"',
    "a bare auth_key": b"auth_key = '%s'",
    "somebody's read_key": b'"read_key": "%s"',
    "a cipher's key": b'hex_key = "%s"',
    "a cipher's constant": b'#define HEX_KEY "%s"',
    "a token of some test": b'hex_token = "%s"',
    "another product's variable": b"ALEX_API_KEY=%s",
    "a list of dependencies": b'{:hex, "~> 2.0"}, "%s"',
    "two lines on": b"HEX_API_KEY=\n\n%s",
    "two lines on, a command": b"mix hex.publish\n...\n%s",
    "the line after a reference": b"HEX_API_KEY: ${{ secrets.HEX_API_KEY }}\nDIGEST: %s",
    "the line after a bare reference": b"echo $HEX_API_KEY\n%s  file.tar",
    "the line after a lookup": b'System.get_env("HEX_API_KEY"),\nmd5: "%s"',
    "the line after its value": b"HEX_API_KEY=changeme\nDIGEST=%s",
    "the line before": b"%s\nHEX_API_KEY=changeme",
    "a variable named so": b"HEX_API_KEY=${%s}",
    "somebody's term": b'{datadog_api_key, <<"%s">>}',
    "somebody's map": b'#{client_auth_key => <<"%s">>}',
    "somebody's configuration": b'[{my_app,[{api_key,<<"%s">>}]}].',
    "a next line with a name of its own": b"HEX_API_KEY=\nSENTRY_DSN=https://%s@sentry.example/1",
    "the next argument": b"ARG HEX_API_KEY\nARG DIGEST=%s",
    "the next variable": b"- HEX_API_KEY\n- DD_API_KEY=%s",
    "the line after a command": b'mix hex.organization auth a --key ${K}\necho "%s a" | md5sum -c',
    "another name on the line": b'{"HEX_API_KEY":"${X}","DATADOG_API_KEY":"%s"}',
    "an address on the line": b'curl -H "Authorization: $HEX_API_KEY" https://cdn.example/%s.tar',
    "a comment on the line": b"HEX_API_KEY=changeme # see %s",
    "a comment behind a command": b"HEX_API_KEY=$X mix hex.publish # md5 %s",
    "a pair on the line": b'{"HEX_API_KEY": "x", "etag": "%s"}',
    "a name below a comment": b"# set HEX_API_KEY\nmd5: %s",
    "another command on the line": b"export HEX_API_KEY; echo %s",
    "a cipher's name around it": b'aes_hex_auth_key = "%s"',
    "a user's key": b'hex_user_key = "%s"',
    "a name before it": b'{"digest": "%s", "x": "HEX_API_KEY"}',
    "far off on one line": b"HEX_API_KEY " + b"." * 1100 + b"%s",
}


@pytest.mark.parametrize("text", UNLABELLED.values(), ids=UNLABELLED.keys())
def test_without_a_label_there_is_no_legacy_key(text: bytes) -> None:
    assert find(text % DIGEST) == []


@pytest.mark.parametrize(
    "placeholder",
    [
        b"f48ac236bca15c3271e077c15c5320c4",
        b"F48AC236BCA15C3271E077C15C5320C4",
        b"0" * 32,
        b"deadbeef" * 4,
        b"0123456789abcdef0123456789abcdef",
        b"aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb",
        b"12345678901234567890123456789012",
        b"fedcba98765432100a1b2c3d4e5f6a7b",
        DIGEST + b"0",
        DIGEST[:31],
    ],
)
def test_placeholders_and_other_lengths_are_silent(placeholder: bytes) -> None:
    assert find(b"HEX_API_KEY=" + placeholder) == []


def test_an_upper_case_legacy_key_is_found() -> None:
    assert [match.rule for match in find(b"HEX_API_KEY=" + LEGACY.upper())] == [rules.LEGACY]


def test_several_labels_over_one_key_tell_it_once() -> None:
    data = b"mix hex.publish; HEX_API_KEY=" + LEGACY + b" HEX_TOKEN=x hex_api_key"
    assert len(find(data)) == 1
