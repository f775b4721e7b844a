"""Keys for tests, made at run time, so that no file of the repository holds one.

Everything here is settled by its seed: the same seed gives the same key in every run.
"""

from random import Random

from hexscan.key import DIGITS, RANDOM_BYTES, Key, has_right_checksum


def random_key(seed: int = 0) -> Key:
    """Make a key of today: ``hex_`` and 40 digits with a right checksum."""
    return Key.from_random(Random(seed).randbytes(RANDOM_BYTES))


def key_of(random_digits: str) -> Key:
    """Make the key whose random part is written in these 32 hex digits."""
    return Key.from_random(bytes.fromhex(random_digits))


def unprefixed(seed: int = 0) -> Key:
    """Make the same key as :func:`random_key` does, without its prefix."""
    return Key.parse(random_key(seed).reveal().removeprefix("hex_"))


def legacy(seed: int = 0) -> Key:
    """Make a key of the old format: 32 digits without prefix and without checksum."""
    return Key.parse(Random(f"legacy {seed}").randbytes(RANDOM_BYTES).hex())


def wrong_checksum(seed: int = 0) -> str:
    """Return ``hex_`` and 40 digits of which the last one is wrong: no key."""
    digits = random_key(seed).reveal().removeprefix("hex_")
    wrong = digits[:-1] + f"{int(digits[-1], 16) ^ 1:x}"
    assert len(wrong) == DIGITS
    assert not has_right_checksum(wrong.encode("ascii"))
    return f"hex_{wrong}"
