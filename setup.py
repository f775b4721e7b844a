"""What pyproject.toml cannot say: the C extensions, which an installation can do without.

``hexscan._skim`` and ``hexscan._packs`` make scans faster and change nothing else. Where they
cannot be compiled, the installation goes on without and says so. The variable
``HEXSCAN_NO_EXTENSION``, if it is not empty, leaves them out on purpose.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

# The stable ABI: one file serves every CPython from 3.11 on, except for free-threaded ones.
STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")


def extension(name: str, source: Path, libraries: Sequence[str] = ()) -> Extension:
    """Return an extension of all that is in a directory, which may fail to be built."""
    return Extension(
        name,
        sorted(map(str, source.glob("*.c"))),
        depends=sorted(map(str, source.glob("*.h"))),
        define_macros=[("Py_LIMITED_API", "0x030b0000")] if STABLE else [],
        py_limited_api=STABLE,
        # MSVC optimizes by itself, and does not know the option.
        extra_compile_args=[] if sys.platform == "win32" else ["-O3", "-fvisibility=hidden"],
        libraries=list(libraries),
        optional=True,
    )


EXTENSIONS = [
    extension("hexscan._skim", Path("csrc")),
    # On its own, since it takes zlib, and who scans no history need not load it.
    extension("hexscan._packs", Path("csrc", "packs"), ["z"]),
]


class BuildExtension(build_ext):
    """Builds what can be built; ``built`` tells afterwards whether that was anything."""

    built = False

    def run(self) -> None:
        """Build, and say after the compiler's reason for a failure what follows from it."""
        super().run()
        are_there = [Path(path).exists() for path in self.get_outputs()]
        self.built = any(are_there)
        if not all(are_there):
            self.warn("hexscan works without its C extensions too, only slower: going on")


class Wheel(bdist_wheel):
    """A wheel whose name tells what is in it: without an extension it is for every machine."""

    def get_tag(self) -> tuple[str, str, str]:
        """Return the tag; asked for when all is built, but for an editable install."""
        build = cast("BuildExtension", self.get_finalized_command("build_ext"))
        self.root_is_pure = self.root_is_pure or not build.built
        return super().get_tag()


# Not beside the source: what is left there of an earlier build would get into the wheel.
with tempfile.TemporaryDirectory(prefix="hexscan-build-") as fresh:
    setup(
        cmdclass={"build_ext": BuildExtension, "bdist_wheel": Wheel},
        ext_modules=[] if os.environ.get("HEXSCAN_NO_EXTENSION") else EXTENSIONS,
        options={
            "build": {"build_base": fresh},
            "egg_info": {"egg_base": fresh},
            "bdist_wheel": {"py_limited_api": "cp311" if STABLE else ""},
        },
    )
