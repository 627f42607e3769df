"""Parameters: each has a meaning, a unit and a range; each fault is one line, before any work.

tests/test_dvc_lock.py asks DVC which stages each parameter changes.
"""

import ast
import copy
import importlib
import inspect

from annotated_types import Ge, Gt, Le, Lt

from fluxprod.core.settings import Settings
from fluxprod.core.settings_in_words import unit_of
from fluxprod.core.world import World
from fluxprod.networks.settings import ForwardSettings, TrainingSettings
from fluxprod.params import BLOCKS, block, params_faults, read_params
from tests.conftest import ROOT

PARAMS = read_params(ROOT / "params.yaml")
SOURCE = PARAMS["source"]
PACKAGE = ROOT / "fluxprod"

# what each numeric parameter is set to, one at a time; .nan and .inf as YAML writes them
TRIED = {"-7": -7, "0": 0, "1e9": 1e9, "nan": float("nan"), "inf": float("inf"), "text": "many"}
# by hand, from the meaning of each: all others are refused, and NaN, infinity, text and absence
# always are
LEGAL = {
    "-7": {"train.variance_start"},
    "0": {
        "synthesize.seed", "bridge.seed", "robustness.seed", "train.seed",
        "towers.min_qc", "towers.max_abs_nee", "towers.partitioning_quantile",  # rules that are off
        "towers.outlier_iqr",
        "towers.neighbour_distance",  # no two towers share a fold
        "vegetation.max_gap",  # no gap at all
        "drivers.spinup_loops",
        "drivers.alpha",  # nothing evaporates
        "train.final_learning_rate",
        "train.variance_rate",  # fixed weights of the losses
        "train.variance_start",
        "train.n_regions", "train.n_months",  # all of them
        "train.weight_decay", "train.patience",
        "train.site_balance", "train.driver_noise", "train.daily_noise",
        "benchmark.min_qc",
    },
    "1e9": {
        "synthesize.seed", "bridge.seed", "robustness.seed", "train.seed",
    },
}  # fmt: skip


def signature_blocks(stage):
    """Settings classes that a stage's ``main`` asks for."""
    main = importlib.import_module(f"fluxprod.stages.{stage}").main
    kinds = [parameter.annotation for parameter in inspect.signature(main).parameters.values()]
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Settings)]


def fields():
    """(block, name, field) of every parameter."""
    for name, kind in BLOCKS.items():
        for key, field in kind.model_fields.items():
            yield name, key, field


def block_of(params, name):
    for key in name.split("."):
        params = params[key]
    return params


def numeric():
    return [
        (name, key)
        for name, key, _ in fields()
        if type(block_of(PARAMS, name)[key]) in (int, float)
    ]


def with_value(name, key, value):
    """The shipped parameters with one other value; whole numbers stay whole."""
    params = copy.deepcopy(PARAMS)
    values = block_of(params, name)
    is_whole = type(values[key]) is int and type(value) is float and value == value // 1
    values[key] = int(value) if is_whole and abs(value) < 1e18 else value
    return params


def without(name, key):
    params = copy.deepcopy(PARAMS)
    del block_of(params, name)[key]
    return params


def lines(params):
    return [str(fault) for fault in params_faults(params)]


def test_every_number_is_legal_or_one_clear_line():
    """The table of docs/decisions/0026-settings.md: which extreme values are accepted, and why."""
    rows, accepted = [], {}
    for name, key in numeric():
        row = [f"{name}.{key}"]
        cases = {value: with_value(name, key, tried) for value, tried in TRIED.items()}
        for value, params in (cases | {"absent": without(name, key)}).items():
            found = lines(params)
            if found:
                (line,) = found
                assert line.startswith("params.yaml: ")
                assert "\n" not in line
                assert f" {name}.{key}: " in line or (f" {name}: " in line and key in line), line
            else:
                accepted.setdefault(value, set()).add(f"{name}.{key}")
            row.append("refused" if found else "accepted")
        rows.append(row)
    width = max(len(row[0]) for row in rows)
    print("\n", " " * width, *(f"{value:>8}" for value in (*TRIED, "absent")))
    for row in rows:
        print("", row[0].ljust(width), *(f"{cell:>8}" for cell in row[1:]))
    assert accepted == LEGAL
    assert len(rows) > 60


def test_every_parameter_has_a_meaning_and_every_number_a_range_and_a_unit():
    faults = []
    for name, key, field in fields():
        at = f"{name}.{key}"
        if not field.description or field.description.lower() == key.replace("_", " "):
            faults.append(f"{at}: meaning")
        if type(block_of(PARAMS, name)[key]) in (int, float) and field.annotation is not bool:
            limits = {type(limit) for limit in field.metadata}
            is_choice = "Literal" in str(field.annotation)
            if not is_choice and not (limits & {Ge, Gt} and limits & {Le, Lt}):
                faults.append(f"{at}: range")
            if not is_choice and not unit_of(field):
                faults.append(f"{at}: unit")
    assert faults == []


def test_every_parameter_is_read_somewhere():
    """A key that no module names but its settings class is dead."""
    named = {
        node.attr
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and not (path.name == "settings.py" and _is_of_self(node))
    }
    # a property of the class reads these for the others
    read_by_properties = {"msc_first_year", "msc_last_year", "known_gaps", "only_under"}
    assert {key for _, key, _ in fields()} - named - read_by_properties == set()


def _is_of_self(node):
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def test_the_shipped_file_has_no_fault():
    assert lines(PARAMS) == []
    assert lines(PARAMS | {"source": "observed"}) == []


def test_blocks_fill_from_the_file():
    world = block(PARAMS, World)
    assert world.years == range(2001, 2009)
    assert block(PARAMS, TrainingSettings).learning_rate == 0.003  # Table B1


def test_defaults_of_the_library_are_not_defaults_of_the_file():
    assert ForwardSettings(block=1).block == 1
    assert TrainingSettings().width == 32  # Table B1
    (line,) = lines(without("train", "width"))
    assert "train.width: found no value" in line
