# The one function of PyYAML that the tests use; its own types come as a package of their own.
from typing import Any

def safe_load(stream: str) -> Any: ...  # noqa: ANN401 - YAML is
