"""What pyproject.toml cannot say: the C extension, which an installation can do without.

``hexscan._skim`` makes scans faster and changes nothing else. Where it cannot be compiled, the
installation goes on in pure Python and says so. The variable ``HEXSCAN_NO_EXTENSION``, if it is not
empty, leaves it out on purpose.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import cast

from setuptools import Extension, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError, LinkError

# The stable ABI: one file serves every CPython from 3.11 on, except for free-threaded ones.
STABLE = not sysconfig.get_config_var("Py_GIL_DISABLED")
SKIM = Extension(
    "hexscan._skim",
    sorted(map(str, Path("csrc").glob("*.c"))),
    depends=sorted(map(str, Path("csrc").glob("*.h"))),
    define_macros=[("Py_LIMITED_API", "0x030b0000")] if STABLE else [],
    py_limited_api=STABLE,
    # MSVC optimizes by itself, and does not know the option.
    extra_compile_args=[] if sys.platform == "win32" else ["-O3", "-fvisibility=hidden"],
    optional=True,
)


_ZLIB_PROGRAM = """#include <zlib.h>
int main(void) { z_stream zlib = {0}; return inflateInit(&zlib) != Z_OK; }
"""


class BuildExtension(build_ext):
    """Builds the extension if that can be done; ``failed`` tells afterwards whether it could."""

    failed = False

    def build_extension(self, ext: Extension) -> None:
        """Build, and read git's packs with zlib where it can be compiled and linked."""
        if self._has_zlib():
            ext.define_macros.append(("HEXSCAN_ZLIB", None))
            ext.libraries.append("z")
        else:
            self.warn("no zlib to compile with: git reads its packs for hexscan")
        super().build_extension(ext)

    def _has_zlib(self) -> bool:
        with tempfile.TemporaryDirectory(prefix="hexscan-zlib-") as directory:
            source = Path(directory, "zlib.c")
            source.write_text(_ZLIB_PROGRAM)
            try:
                objects = self.compiler.compile([str(source)], output_dir=directory)
                self.compiler.link_shared_lib(objects, "hexscan_zlib", directory, libraries=["z"])
            except (CompileError, LinkError):
                return False
            return True

    def run(self) -> None:
        """Build, and say after the compiler's reason for a failure what follows from it."""
        super().run()
        self.failed = not all(Path(path).exists() for path in self.get_outputs())
        if self.failed:
            self.warn("hexscan works without its C extension too, only slower: going on")


class Wheel(bdist_wheel):
    """A wheel whose name tells what is in it: without the extension it is for every machine."""

    def get_tag(self) -> tuple[str, str, str]:
        """Return the tag; asked for when all is built, but for an editable install."""
        build = cast("BuildExtension", self.get_finalized_command("build_ext"))
        self.root_is_pure = self.root_is_pure or build.failed
        return super().get_tag()


# Not beside the source: what is left there of an earlier build would get into the wheel.
with tempfile.TemporaryDirectory(prefix="hexscan-build-") as fresh:
    setup(
        cmdclass={"build_ext": BuildExtension, "bdist_wheel": Wheel},
        ext_modules=[] if os.environ.get("HEXSCAN_NO_EXTENSION") else [SKIM],
        options={
            "build": {"build_base": fresh},
            "egg_info": {"egg_base": fresh},
            "bdist_wheel": {"py_limited_api": "cp311" if STABLE else ""},
        },
    )
