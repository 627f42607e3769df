"""Every parameter is read; tests/test_dvc_lock.py asks DVC which stages each changes."""

import ast
import dataclasses
import importlib
import inspect
import textwrap
from pathlib import Path

import pytest
import yaml

import fluxprod.params as blocks
from fluxprod.bridge.regional_model import METHODS, SPARSE
from fluxprod.core.errors import DataError
from fluxprod.evaluation.tables import bridge as bridge_table
from fluxprod.networks.constraint.bridge_source import EVERY_CELL
from fluxprod.params_file import block, block_name

ROOT = Path(__file__).parent.parent
PARAMS = yaml.safe_load((ROOT / "params.yaml").read_text())
SOURCE = PARAMS["source"]


def signature_blocks(stage):
    main = importlib.import_module(f"fluxprod.stages.{stage}").main
    kinds = [parameter.annotation for parameter in inspect.signature(main).parameters.values()]
    return [kind for kind in kinds if dataclasses.is_dataclass(kind)]


def reads(stage):
    """(keyword of ``main``, key) of every attribute that a stage's source takes.

    Modules that stages share, ``_*.py``, count as the stage's own.
    """
    tree = ast.parse((ROOT / "fluxprod" / "stages" / f"{stage}.py").read_text())
    shared = {
        node.module.split(".")[-1]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module.startswith("fluxprod.stages._")
    }
    own = {
        (node.value.id, node.attr)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return own.union(*(reads(module) for module in shared))


STAGES = [p.stem for p in sorted((ROOT / "fluxprod" / "stages").glob("[a-z]*.py"))]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_reads_every_key_of_its_own_block(stage):
    """A key that the stage of its block never names is dead, whatever other blocks call theirs."""
    main = importlib.import_module(f"fluxprod.stages.{stage}").main
    own = [kind for kind in signature_blocks(stage) if block_name(kind, PARAMS) == stage]
    named = {key for keyword, key in reads(stage) if keyword in inspect.signature(main).parameters}
    for kind in own:
        keys = {field.name for field in dataclasses.fields(kind)}
        assert keys - named - behind_properties(kind, named) == set()


def behind_properties(kind, named):
    """Keys that the named properties of a block read."""
    used = [vars(kind)[name] for name in named if isinstance(vars(kind).get(name), property)]
    return {
        node.attr
        for each in used
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(each.fget))))
        if isinstance(node, ast.Attribute)
    }


@pytest.mark.parametrize(
    ("kind", "keyword"), [(blocks.World, "world"), (blocks.Compute, "compute")]
)
def test_every_key_of_a_shared_block_is_read_by_some_stage(kind, keyword):
    modules = [
        *STAGES,
        "../compute/tasks",
    ]  # it takes `compute` for the stages that hand tasks to it
    read = {key for module in modules for name, key in reads(module) if name == keyword}
    assert {field.name for field in dataclasses.fields(kind)} - read == set()


def test_blocks_fill_from_the_file():
    world = block(PARAMS, blocks.World)
    assert world.years == range(2001, 2009)
    assert block(PARAMS, blocks.Train).learning_rate == 0.003  # Table B1


def test_a_misspelt_key_is_named():
    broken = {**PARAMS, "forward": {"blok": 4096}}
    with pytest.raises(DataError, match=r"forward: found keys \['block', 'blok'\]"):
        block(broken, blocks.Forward)


@pytest.mark.parametrize(
    ("name", "key", "value", "found"),
    [
        ("drivers", "evi_radiation", "direct", "evi_radiation 'direct' is not incoming"),
        ("inversions", "rivers", "none", "rivers 'none' is not separate"),
        ("train", "day_stride", 31, "day_stride 31 would miss a month"),
        ("train", "held_out_stride", 0, "held_out_stride 0 would miss a month"),
        ("train", "norm", 4, "norm 4 is not 1, 2 or 3"),
        ("train", "n_months", 13, "n_regions 0, n_months 13"),
        ("train", "n_regions", 19, "n_regions 19, n_months 0"),
        ("train", "steps", 0, "steps 0 is below 1"),
        ("train", "validate_every", 0, "validate_every 0 is below 1"),
        ("train", "n_held_out_years", 0, "n_held_out_years 0 is below 1"),
        ("train", "final_learning_rate", -1e-5, "final_learning_rate -1e-05 is below 0"),
        ("bridge", "cells_per_step", 0, "cells_per_step 0 is below 1"),
        ("bridge", "method", "exakt", "method 'exakt' is not one of .*'exact'"),
        ("robustness", "n_draws", 0, "n_draws 0 is below 1"),
        (
            "evaluate",
            "regional_inflation",
            {"EC": 2.0},
            "regional_inflation {'EC': 2.0} must be positive, of EC-ATM",
        ),
        (
            "evaluate",
            "cell_inflation",
            {"EC-ATM": 0.0, "EC": 1.0},
            "cell_inflation .* must be positive",
        ),
    ],
)
def test_an_impossible_value_is_named(name, key, value, found):
    broken = {**PARAMS, name: {**PARAMS[name], key: value}}
    with pytest.raises(DataError, match=f"params.yaml: {name}: found {found}"):
        block(broken, vars(blocks)[name.capitalize()])


def test_methods_are_those_of_the_bridge():
    assert blocks.BRIDGES == METHODS
    # packages do not import one another: each that treats sparse bridges apart has its own list
    assert bridge_table.SPARSE == SPARSE
    assert (*SPARSE, *EVERY_CELL) == METHODS


def test_an_impossible_grid_is_named():
    broken = {**PARAMS, "worlds": {SOURCE: {**PARAMS["worlds"][SOURCE], "resolution": 7.0}}}
    with pytest.raises(DataError, match=r"resolution 7.0 does not divide 180 degrees"):
        block(broken, blocks.World)


def test_a_wrong_type_is_named():
    broken = {**PARAMS, "forward": {"block": "many"}}
    with pytest.raises(DataError, match="forward.block: found 'many', expected a int"):
        block(broken, blocks.Forward)
