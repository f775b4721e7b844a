"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import hexscan

MODULES = ["hexscan"] + [
    module.name
    for module in pkgutil.walk_packages(hexscan.__path__, "hexscan.")
    if not module.name.endswith("__main__")
]

COMPILED = ("hexscan._packs", "hexscan._skim")


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name: str) -> None:
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in COMPILED:
            raise
        pytest.skip(f"{error.name} was not compiled")
    assert doctest.testmod(module).failed == 0
