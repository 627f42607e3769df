"""The door: names that load on first use, and docstrings that a notebook can rely on."""

import ast
import importlib.metadata
import inspect
import re
import subprocess
import sys

import pytest

import fluxprod
from tests.conftest import ROOT

NAMES = [name for name in fluxprod.__all__ if name != "__version__"]
FUNCTIONS = [name for name in NAMES if name.islower()]
# what a number is measured in
UNIT = re.compile(r"\[[^\]]+\]|in the units? of")


def test_import_loads_nothing():
    code = "import fluxprod, sys; print(*(m for m in sys.modules if m.startswith('fluxprod.')))"
    heavy = "print(*({'numpy', 'pandas', 'xarray', 'torch', 'pydantic'} & sys.modules.keys()))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; {heavy}"], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_version_is_that_of_the_distribution():
    assert fluxprod.__version__ == importlib.metadata.version("fluxprod")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_what_type_checkers_believe_it_is(name):
    """The imports under TYPE_CHECKING and the table of lazy names say the same."""
    value = getattr(fluxprod, name)
    tree = ast.parse((ROOT / "fluxprod" / "__init__.py").read_text())
    (home,) = (
        (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == name
    )
    assert value is getattr(importlib.import_module(home[0]), home[1])
    assert getattr(fluxprod, name) is value
    assert name in dir(fluxprod)


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'read_everything'"):
        fluxprod.read_everything  # noqa: B018


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_docstring_is_complete(name):
    """Parameters in their order, Returns, units, and Raises where the function raises."""
    validate = pytest.importorskip("numpydoc.validate")
    function = getattr(fluxprod, name)
    found = validate.validate(f"{function.__module__}.{function.__name__}")["errors"]
    ours = {"PR01", "PR02", "PR03", "PR04", "PR07", "RT01", "RT03", "RT04", "SS03", "GL07"}
    assert [error for error in found if error[0] in ours] == []
    docstring = inspect.getdoc(function)
    assert UNIT.search(docstring), "no unit in brackets"
    raises = re.search(r"\braise (DataError|ValueError)", inspect.getsource(function))
    assert not raises or "Raises\n" in docstring
