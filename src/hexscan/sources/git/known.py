"""What a source of git's objects asks about those that were scanned before."""

from __future__ import annotations

TYPE_CHECKING = False  # the import of typing costs as much as the scan of a commit
if TYPE_CHECKING:
    from typing import Protocol

    class Known(Protocol):
        """Tells which objects need not be read again, and hears which were."""

        def holds(self, name: bytes) -> bool:
            """Tell whether the object of a hex name was proved clean before: it is passed over."""
            ...

        def told(self, name: bytes) -> None:
            """Note that all of an object has been yielded, and that whoever took it came back."""
            ...
