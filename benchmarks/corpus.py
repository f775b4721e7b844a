"""Generate the inputs of the benchmarks: the same bytes for the same seed, on every machine.

No key is written down here: keys are made from seeded random bytes, so the repository scans clean.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

from hexscan.key import Key

SEED = 1
KIB = 1024
MIB = 1024 * KIB

DENSE_KEYS = 29_412
DENSE_STRIDE = 102
"""A key and its filler: 29,412 of them make a line of 3,000,024 bytes."""

# The commonest words of English, most frequent first, so that letters come about as often as in
# real text; the rest of the vocabulary is rarer by Zipf's law. "key" is in it: it is a needle's
# neighbour and real prose has it too.
_PROSE = (
    "the of and a to in he have it that for they I with as not on she at by this we you do but "
    "from or which one would all will there say who make when can more if no man out other so "
    "what time up go about than into could state only new year some take come these know see use "
    "get like then first any work now may such give over think most even find day also after way "
    "many must look before great back through long where much should well people down own just "
    "because good each those feel seem how high too place little world very still nation hand old "
    "life tell write become here show house both between need mean call develop under last right "
    "move thing general school never same another begin while number part turn real leave might "
    "want point form off child few small since against ask late home interest large person end "
    "open public follow during present without again hold govern around possible head consider "
    "word program problem however lead system set order eye plan run keep face fact group play "
    "stand increase early course change help line city put close case force meet once water upon "
    "war build hear light unite live every country bring center let side try provide continue "
    "name certain power pay result question study woman member until far night always service "
    "away report something company week church toward start social room figure nature though "
    "young less enough almost read include president nothing yet better big boy cost business "
    "value second why clear expect family complete act sense mind experience art next near direct "
    "car law industry important girl god several matter usual rather per often kind among white "
    "reason action return foot care simple within love human along appear doctor believe speak "
    "active student month drive concern best door hope example inform body ever least probable "
    "understand reach effect different idea whole control condition field pass fall note special "
    "talk particular today measure walk teach low hour type carry rate remain full street easy "
    "although record sit determine level local sure receive thus moment spirit train college "
    "religion perhaps music grow free cause serve age book board recent sound office cut step key"
)
_WORDS = _PROSE.split()

_IDENTIFIERS = (
    "buffer length offset parse_header state index encode_frame socket reply retries table node "
    "checksum_ok flags next_block write_byte config path handler size_limit result acc mask"
)
_NAMES = _IDENTIFIERS.split()
_STATEMENTS = (
    "    {0} = {1}({2}, {n});\n",
    "    if ({0} < {n} && {1}->{2}) {{\n",
    "    }}\n\n",
    "  def {0}({1}, {2}) do\n",
    "      {{:ok, {0}}} -> {1}({0}, 0x{h:08x})\n",
    "  end\n\n",
    "# {0}: the {1} of every {2} since version {n}\n",
    "static const uint32_t {0}_{1} = 0x{h:08X};\n",
    '        return self.{0}[{n}].{1}("{2}")\n',
)


def clean_text(size: int, seed: int = SEED) -> bytes:
    """Return ``size`` bytes of English-like text in lines of about 80 characters, without a key."""
    weights = list(accumulate(1 / rank for rank in range(1, len(_WORDS) + 1)))
    random = Random(seed)
    lines: list[str] = []
    left = size
    while left > 0:
        line = " ".join(random.choices(_WORDS, cum_weights=weights, k=15)) + ".\n"
        lines.append(line)
        left -= len(line)
    return "".join(lines).encode("ascii")[:size]


def code(size: int, *, lookalikes: float, seed: int = SEED) -> bytes:
    """Return ``size`` bytes of source-like text without a key.

    ``lookalikes`` is the share of lines that hold one of the shapes that look like a key, and are
    none, or one of the words that stand beside keys.
    """
    random = Random(seed)
    lines: list[str] = []
    left = size
    while left > 0:
        looks_alike = random.random() < lookalikes
        line = _lookalike(random) if looks_alike else _statement(random)
        lines.append(line)
        left -= len(line)
    return "".join(lines).encode("ascii")[:size]


def _statement(random: Random) -> str:
    names = random.choices(_NAMES, k=3)
    return random.choice(_STATEMENTS).format(
        *names, n=random.randrange(1000), h=random.getrandbits(32)
    )


def _lookalike(random: Random) -> str:
    sha1 = random.randbytes(20).hex()
    return random.choice(
        (
            f"    hex_array[{random.randrange(256)}] = HEX_FLOAT_LIT;\n",
            f'    assert pubkey_hex_{random.randbytes(32).hex()} == "{sha1}"\n',
            f"    commit_hex_{sha1}\n",
            f"    invalid_signature_hex_{'0' * 40}\n",
            f"    test_writehex_deadbeef_lower(JSON_HEX_APOS, 0x{random.getrandbits(32):08x})\n",
            f'  primary_key = foreign_key("{sha1}")\n',
            f'  cache_key: "{random.randbytes(16).hex()}",\n',
        )
    )


def keys(count: int, seed: int = SEED) -> Iterator[bytes]:
    """Yield ``count`` keys with their prefix and a right checksum."""
    random = Random(seed)
    for _ in range(count):
        yield Key.from_random(random.randbytes(16)).reveal().encode("ascii")


def dense_keys(count: int = DENSE_KEYS, seed: int = SEED) -> bytes:
    """Return one line of ``count`` keys, each with a filler to 102 bytes, without a newline."""
    filler = b'", "created by the release job of one project", next one: "'
    return b"".join((key + filler)[:DENSE_STRIDE] for key in keys(count, seed))


def short_keys(size: int, seed: int = SEED) -> bytes:
    """Return ``size`` bytes of ``hex_`` and 39 digits, back to back: each one digit short."""
    return b"".join(key[:-1] for key in keys(size // 43 + 1, seed))[:size]


def prefixes(size: int) -> bytes:
    """Return ``size`` bytes of ``hex_hex_hex_…``: a candidate every four bytes, and no key."""
    return (b"hex_" * (size // 4 + 1))[:size]


def long_line(size: int, seed: int = SEED) -> bytes:
    """Return one line of ``size`` bytes without a newline, with a key in its middle and at its end.

    The text repeats every 8 MiB, which is more than a processor's cache holds of it.
    """
    middle, end = keys(2, seed)
    text = clean_text(min(size, 8 * MIB), seed).replace(b"\n", b" ")
    line = bytearray((text * (size // len(text) + 1))[:size])
    line[size // 2 : size // 2 + len(middle)] = middle
    line[-len(end) :] = end
    return bytes(line)


@dataclass(frozen=True, slots=True)
class Tree:
    """A directory of generated files, and how many keys were planted in them."""

    root: Path
    files: int
    size: int
    keys: int


def write_tree(root: Path, files: int, seed: int = SEED) -> Tree:
    """Fill ``root`` with ``files`` small source files in directories of 100, some of them nested.

    Sizes are log-normal with a median of 3 KiB, as those of source files are. One file in 20 has
    a lookalike or a label in it (1 to 6 % of the files of the Linux kernel and of site-packages
    have), and one in 2,000 a key on a line of its own.
    """
    random = Random(seed)
    clean = code(4 * MIB, lookalikes=0, seed=seed)
    seasoned = code(MIB, lookalikes=0.05, seed=seed)
    planted = keys(files, seed)
    total = count = 0
    for number in range(files):
        pool = seasoned if number % 20 == 10 else clean
        size = min(int(random.lognormvariate(8.03, 1.1)), 256 * KIB)
        start = random.randrange(len(pool) - size)
        content = pool[start : start + size]
        if number % 2000 == 137:
            content += b'\n  api_token: "' + next(planted) + b'"\n'
            count += 1
        directory = root / f"app{number // 1000:02}" / f"lib{number // 100 % 10}"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / f"module_{number:05}.ex").write_bytes(content)
        total += len(content)
    return Tree(root, files, total, count)


def write_sparse(path: Path, size: int, seed: int = SEED) -> None:
    """Write a file of ``size`` bytes that is one hole, except for a key in its last bytes."""
    (key,) = keys(1, seed)
    with path.open("wb") as file:
        file.seek(size - len(key), os.SEEK_SET)
        file.write(key)


PROJECT_FILES = 10


def write_project(root: Path, *, mentions_hex: bool, seed: int = SEED) -> list[str]:
    """Write ten clean files like a small Elixir project's; return their names, relative to root.

    With ``mentions_hex`` they speak of Hex as real projects do (``mix hex.publish`` in the README,
    a ``hex:`` option in mix.exs), so that a scan must look closer before it calls them clean.
    """
    readme = '# Sample\n\nAdd `{:sample, "~> 0.1"}` to your dependencies.\n'
    mix = (
        "defmodule Sample.MixProject do\n  use Mix.Project\n\n"
        '  defp deps do\n    [\n      {:jason, "~> 1.4"},\n      {:plug, "~> 1.15"}\n'
        "    ]\n  end\nend\n"
    )
    if mentions_hex:
        readme += "\nTo release: `mix hex.publish`, with HEX_API_KEY set in the environment.\n"
        mix = mix.replace("    [\n", '    [\n      {:other, "~> 2.0", hex: :other_fork},\n')
    files = {"README.md": readme, "mix.exs": mix, ".formatter.exs": '[inputs: ["lib/**"]]\n'}
    for number in range(PROJECT_FILES - len(files)):
        module = code(4 * KIB, lookalikes=0, seed=seed + number)
        files[f"lib/sample/part_{number}.ex"] = module.decode("ascii")
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="ascii")
    return list(files)
