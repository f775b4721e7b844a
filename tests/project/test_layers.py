"""The rooms of ARCHITECTURE.md: who imports whom, how large a module is, where it is tested."""

import ast
import subprocess
import sysconfig
from pathlib import Path

from tests.support import checkout

LONGEST_MODULE = 320
LONGEST_FUNCTION = 45
VAGUE_NAMES = {"common", "core", "helper", "helpers", "manager", "misc", "util", "utils"}


def modules() -> list[Path]:
    return [
        path
        for path in checkout.files()
        if path.suffix == ".py" and path.parts[0] in {"src", "tests", "benchmarks"}
    ]


def test_each_layer_imports_only_lower_ones() -> None:
    lint_imports = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run(
        [lint_imports, "--no-cache"],
        cwd=checkout.ROOT,
        capture_output=True,
        check=False,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kept, 0 broken" in done.stdout


def test_modules_stay_small() -> None:
    lengths = {
        str(path): len((checkout.ROOT / path).read_text(encoding="utf-8").splitlines())
        for path in modules()
        if path.parts[0] == "src"
    }
    assert {path: length for path, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_functions_stay_small() -> None:
    long_ones = []
    for path in modules():
        for node in ast.walk(ast.parse((checkout.ROOT / path).read_bytes())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long_ones.append(f"{path}: {node.name} has {lines} lines")
    assert long_ones == []


def test_modules_say_what_they_are_about() -> None:
    assert [path for path in modules() if path.stem.strip("_") in VAGUE_NAMES] == []


def test_architecture_has_a_place_for_every_room() -> None:
    text = (checkout.ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    tops = {path.relative_to("src/hexscan").parts for path in modules() if path.parts[0] == "src"}
    rooms = {f"{parts[0]}/" if len(parts) > 1 else parts[0] for parts in tops}
    missing = [room for room in rooms if f"`{room}`" not in text and not room.startswith("__")]
    assert sorted(missing) == []
