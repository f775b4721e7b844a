"""What could not be unpacked, told so that a person knows what to do about it."""

from hexscan.blob import FAILURE, Origin, Skip

HOW_TO_EXCLUDE = "exclude it in .hexscanignore, or use --no-unpack"


def failed(origin: Origin, reason: str) -> Skip:
    """Make the skip of a container, or of a part of one, that cannot be read."""
    return Skip(origin, FAILURE, f"{reason}; {HOW_TO_EXCLUDE}")
