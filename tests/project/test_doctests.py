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


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_a_module(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
