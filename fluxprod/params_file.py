"""Read ``params.yaml`` and fill its blocks. Only stages and commands import this module."""

import copy
import re
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from fluxprod.core.errors import DataError
from fluxprod.params import PARAMS_FILE, SyntheticWorld, World


def read_params(path: Path = PARAMS_FILE) -> dict[str, Any]:
    """Read the whole file as nested dictionaries.

    Raises
    ------
    DataError
        If the file is absent or not YAML.
    """
    try:
        return yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise DataError(path, "file", error, "a YAML file of parameters") from error


def block_name(kind: type, params: dict[str, Any]) -> str:
    """Dotted name of the block that fills a dataclass."""
    if issubclass(kind, World):
        return f"worlds.{'synthetic' if kind is SyntheticWorld else params.get('source')}"
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


def block(params: dict[str, Any], kind: type, source: Path = PARAMS_FILE) -> Any:
    """Fill a dataclass from its block; ``source`` is the file that errors name.

    Raises
    ------
    DataError
        If a key is missing, misspelt, of another type or has an impossible value.
    """
    name = block_name(kind, params)
    values: Any = params
    for key in name.split("."):
        values = (values or {}).get(key)
    if values is None:
        raise DataError(source, name, "no such block", f"a block {name}")
    expected = {field.name: field.type for field in fields(kind)}
    if set(values) != set(expected):
        odd = sorted(set(values) ^ set(expected))
        raise DataError(source, name, f"keys {odd} missing or unknown", sorted(expected))
    typed = {key: _typed(source, name, key, values[key], expected[key]) for key in expected}
    try:
        return kind(**typed)
    except ValueError as error:
        raise DataError(source, name, error, "a possible value") from error


def changed(params: dict[str, Any], changes: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Parameters with other values at dotted names.

    Parameters
    ----------
    params : dict
        As `read_params` gives them; they stay as they are.
    changes : dict
        ``{"bridge.method": "lasso"}``.
    source : str
        Where the changes are written, for the error.

    Raises
    ------
    DataError
        If there is no such parameter.
    """
    params = copy.deepcopy(params)
    for name, value in changes.items():
        *path, key = name.split(".")
        tree: Any = params
        for step in path:
            tree = tree.get(step) if isinstance(tree, dict) else None
        if not isinstance(tree, dict) or key not in tree:
            raise DataError(PARAMS_FILE, source, name, "the dotted name of a parameter")
        tree[key] = value
    return params


def _typed(source: Path, name: str, key: str, value: Any, kind: Any) -> Any:
    if kind is float and type(value) is int:
        return float(value)
    plain = getattr(kind, "__origin__", kind)
    if type(value) is not plain:
        raise DataError(source, f"{name}.{key}", repr(value), f"a {plain.__name__}")
    return value
