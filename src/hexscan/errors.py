"""The exceptions of hexscan: one root, caught once, in the command line."""


class HexscanError(Exception):
    """Say in one line what is wrong and, in ``hint``, what to do about it."""

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class ConfigError(HexscanError):
    """A setting that cannot be used, with the file and line that hold it."""

    def __init__(self, message: str, *, path: str = "", line: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line


class SourceError(HexscanError):
    """A whole source of bytes that cannot be read."""


class ReportError(HexscanError):
    """A report that cannot be written."""
