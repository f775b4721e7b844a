"""The rules: what hexscan reports, under ids that never change.

Configurations, baselines and dashboards hold these ids.
"""

API_KEY = "hex-api-key"
UNPREFIXED = "hex-api-key-unprefixed"
LEGACY = "hex-api-key-legacy"
LOOKALIKE = "hex-api-key-lookalike"

ALL = (API_KEY, UNPREFIXED, LEGACY, LOOKALIKE)

ERROR = "error"
NOTE = "note"

TITLES = {
    API_KEY: "Hex.pm API key",
    UNPREFIXED: "Hex.pm API key without its prefix",
    LEGACY: "legacy Hex.pm API key",
    LOOKALIKE: "looks like a Hex.pm API key, but is none",
}

MEANINGS = {
    API_KEY: "The checksum is right: this is a real key, and its holder can act as its owner.",
    UNPREFIXED: "40 digits with a key's checksum: Hex.pm accepts them without the prefix too.",
    LEGACY: "A key of the old format, by the label beside it. Old keys still work.",
    LOOKALIKE: "The checksum is wrong: an example, or a key with a typing error in it.",
}
