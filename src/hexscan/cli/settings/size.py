"""Sizes on the command line and in files: ``1000``, ``64K``, ``512M``, ``8G``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    _Type = click.ParamType[int]
else:
    _Type = click.ParamType  # which takes no parameter at run time in older versions

_UNITS = {"K": 10, "M": 20, "G": 30, "T": 40}


class Size(_Type):
    """A number of bytes, with a unit of 1024 or its powers if one is given."""

    name = "SIZE"

    def convert(
        self, value: str | int, param: click.Parameter | None, ctx: click.Context | None
    ) -> int:
        """Return the number of bytes."""
        digits = str(value).upper().removesuffix("IB").removesuffix("B")
        shift = _UNITS.get(digits[-1:], 0)
        number = digits[:-1] if shift else digits
        if not (number.isascii() and number.isdigit()):
            self.fail(f"not a size: {value!r}; write for example 512M or 8G", param, ctx)
        return int(number) << shift
