"""What to do about a leaked key: the six steps of Hex's page about leaked keys, in its order."""

KEYS_PAGE = "https://hex.pm/dashboard/keys"
AUDIT_PAGE = "https://hex.pm/dashboard/audit-logs"
HELP = "security@hex.pm"

# What to do, and how. "{s}" makes the key as many as there are.
STEPS = (
    (
        "Revoke the key{s}, or confirm that {it_is} revoked",
        (KEYS_PAGE, "mix hex.user key revoke NAME", "mix hex.organization key ORG revoke NAME"),
    ),
    ("Make a new key with only the permissions it needs", ()),
    ("Replace the old key{s} wherever {it_was} used", ()),
    ("Read the audit log for what was not you", (AUDIT_PAGE,)),
    ("Then clean the file and the history: deleting the line is not enough", ()),
    ("Prevent the next leak: a pre-commit hook, keys in the environment and not in files", ()),
)


def steps(keys: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return the steps for this many keys: what to do and, where that can be said, how."""
    several = keys > 1
    words = {
        "s": "s" if several else "",
        "it_is": "they are" if several else "it is",
        "it_was": "they were" if several else "it was",
    }
    return [(what.format(**words), how) for what, how in STEPS]
