"""Read and check ``params.yaml``: the settings class of each block, and all faults at once.

Only stages, experiments and commands import this module.
"""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from fluxprod.benchmarks.settings import BenchmarkSettings
from fluxprod.bridge.robustness.settings import RobustnessSettings
from fluxprod.bridge.settings import BridgeSettings
from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.constants import PARAMS_FILE, WORLDS
from fluxprod.core.errors import DataError, DataErrors
from fluxprod.core.settings import Settings
from fluxprod.core.settings_in_words import absent_fault, faults_of_block
from fluxprod.core.unique_yaml import load_yaml
from fluxprod.core.world import SyntheticWorld, World
from fluxprod.drivers.settings import DriverSettings
from fluxprod.evaluation.report.settings import ReportSettings
from fluxprod.evaluation.settings import EvaluationSettings
from fluxprod.experiments.settings import CoverageSettings, RealTowersSettings, StudySettings
from fluxprod.geography.settings import GeographySettings
from fluxprod.inversions.settings import InversionSettings
from fluxprod.networks.settings import ForwardSettings, TrainingSettings
from fluxprod.plausibility.settings import PlausibilitySettings
from fluxprod.product.settings import ProductSettings
from fluxprod.readers.era5.settings import ClimateSettings
from fluxprod.readers.modis.settings import VegetationSettings
from fluxprod.synthetic.settings import EarthSettings
from fluxprod.towers.settings import TowerSettings

S = TypeVar("S", bound=Settings)
BLOCKS: dict[str, type[Settings]] = {
    "worlds.synthetic": SyntheticWorld,
    "worlds.observed": World,
    "compute": ComputeSettings,
    "synthesize": EarthSettings,
    "geography": GeographySettings,
    "towers": TowerSettings,
    "climate": ClimateSettings,
    "vegetation": VegetationSettings,
    "drivers": DriverSettings,
    "inversions": InversionSettings,
    "bridge": BridgeSettings,
    "plausibility": PlausibilitySettings,
    "robustness": RobustnessSettings,
    "train": TrainingSettings,
    "forward": ForwardSettings,
    "product": ProductSettings,
    "evaluate": EvaluationSettings,
    "report": ReportSettings,
    "real_towers": RealTowersSettings,
    "benchmark": BenchmarkSettings,
    "study": StudySettings,
    "coverage": CoverageSettings,
}


def read_params(path: Path = PARAMS_FILE) -> dict[str, Any]:
    """Read the file as nested dictionaries; values are not checked.

    Raises
    ------
    DataError
        If the file is missing, is not YAML, contains a key twice, or is not a mapping.
    """
    try:
        params = load_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError(path, "file", "no such file", "a YAML file of parameters") from error
    except OSError as error:
        found = f"an unreadable file ({error.strerror})"
        raise DataError(path, "file", found, "a YAML file of parameters") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataError(
            path, "file", f"text that is not YAML ({error})", "a YAML file of parameters"
        ) from error
    if not isinstance(params, dict):
        raise DataError(path, "file", type(params).__name__, "a YAML file of parameters")
    return params


def checked_params(path: Path = PARAMS_FILE) -> dict[str, Any]:
    """Read the file and check every block.

    Raises
    ------
    DataErrors
        If the file has faults; it lists all of them, one on each line.
    """
    params = read_params(path)
    if faults := list(params_faults(params, path)):
        raise DataErrors(faults)
    return params


def params_faults(params: dict[str, Any], source: Path = PARAMS_FILE) -> Iterator[DataError]:
    """Find all faults of all blocks: first within each block, then between blocks.

    Parameters
    ----------
    params : dict
        Parameters, as from `read_params`.
    source : Path
        File that errors name.

    Yields
    ------
    DataError
    """
    top = {name.split(".")[0] for name in BLOCKS} | {"source"}
    for name in _unknown(params, top):
        yield DataError(source, name, "an unknown block", f"one of {', '.join(sorted(top))}")
    one_world = f"one of {', '.join(WORLDS)}"
    if params.get("source") not in WORLDS:
        yield DataError(source, "source", repr(params.get("source")), one_world)
    for name in _unknown(params.get("worlds"), set(WORLDS)):
        yield DataError(source, f"worlds.{name}", "an unknown world", one_world)
    blocks: dict[str, Any] = {}
    for name, kind in BLOCKS.items():
        try:
            blocks[name] = block(params, kind, source, name)
        except DataError as error:
            yield from error.faults
    yield from _faults_between(blocks, params, source)


def _unknown(mapping: Any, known: set[str]) -> list[str]:
    return sorted(map(str, mapping.keys() - known)) if isinstance(mapping, dict) else []


def block(params: dict[str, Any], kind: type[S], source: Path = PARAMS_FILE, name: str = "") -> S:
    """Fill a settings class from its block of parameters.

    Parameters
    ----------
    params : dict
        Parameters, as from `read_params`.
    kind : type
        One of the classes in ``BLOCKS``; `World` means the world that the key ``source`` names.
    source : Path
        File that errors name.
    name : str, optional
        Dotted name of the block, by default that of the class.

    Returns
    -------
    Settings
        An instance of ``kind``.

    Raises
    ------
    DataErrors
        If keys are missing or unknown, or values have the wrong type or are out of range.
    """
    name = name or block_name(kind, params)
    values = block_values(params, name)
    if values is None:
        raise DataErrors([DataError(source, name, "no such block", f"a block named {name}")])
    if not isinstance(values, dict):
        raise DataErrors([DataError(source, name, repr(values), "a block of parameters")])
    # defaults serve the library only: the file must state every value that a run used
    absent = [key for key in kind.model_fields if key not in values]
    faults = [absent_fault(key, kind, name, source) for key in absent]
    try:
        filled = kind(**{str(key): value for key, value in values.items()})
    except ValidationError as error:
        raise DataErrors([*faults, *faults_of_block(error, kind, name, source)]) from error
    if faults:
        raise DataErrors(faults)
    return filled


def block_values(params: dict[str, Any], name: str) -> Any:
    """Content of a block by its dotted name; None if there is none."""
    values: Any = params
    for key in name.split("."):
        values = values.get(key) if isinstance(values, dict) else None
    return values


def block_name(kind: type[Settings], params: dict[str, Any]) -> str:
    """Find the dotted name of the block that fills a settings class."""
    if kind is World:
        return f"worlds.{params.get('source')}"
    return next(name for name, each in BLOCKS.items() if each is kind)


def changed(params: dict[str, Any], changes: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Copy parameters and change values, which are given by dotted name.

    Parameters
    ----------
    params : dict
        Parameters, as from `read_params`; they are not modified.
    changes : mapping of str to object
        New values by dotted name, such as ``{"bridge.method": "lasso"}``.
    where : str
        Dotted name of the parameter that holds the changes, which an error names.

    Returns
    -------
    dict
        Changed parameters, which are not checked.

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
            raise DataError(PARAMS_FILE, where, name, "the dotted name of a parameter")
        tree[key] = value
    return params


def _faults_between(
    blocks: dict[str, Any], params: dict[str, Any], source: Path
) -> Iterator[DataError]:
    """Find faults of combinations of blocks, ignoring blocks that have faults of their own."""
    world = blocks.get(f"worlds.{params.get('source')}")
    if world:
        yield from _faults_of_years(blocks, world, source)
    study: StudySettings | None = blocks.get("study")
    if study and len(blocks) == len(BLOCKS):  # otherwise a block itself may be at fault
        for where, changes in _changes(study):
            try:
                for name in BLOCKS:
                    if any(key.startswith(f"{name}.") for key in changes):
                        block(changed(params, changes, where), BLOCKS[name], source, name)
            except DataError as error:
                for fault in error.faults:
                    found = (
                        f"{fault.variable} {fault.found}"
                        if fault.variable != where
                        else fault.found
                    )
                    yield DataError(source, where, found, fault.expected, fault.action)


def _faults_of_years(blocks: dict[str, Any], world: World, source: Path) -> Iterator[DataError]:
    n_years = len(world.years)
    period = f"the {n_years} years {world.first_year} to {world.last_year}"
    train, bridge, drivers = (blocks.get(name) for name in ("train", "bridge", "drivers"))
    if train and train.n_held_out_years >= n_years:
        expected = f"fewer than {period}"
        yield DataError(source, "train.n_held_out_years", train.n_held_out_years, expected)
    if bridge and bridge.n_cv_folds > n_years:
        yield DataError(source, "bridge.n_cv_folds", bridge.n_cv_folds, f"at most {period}")
    if drivers and not set(range(drivers.msc_first_year, drivers.msc_last_year + 1)) & set(
        world.years
    ):
        found = f"{drivers.msc_first_year} to {drivers.msc_last_year}"
        yield DataError(source, "drivers.msc_first_year", found, f"at least one of {period}")


def _changes(study: StudySettings) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every set of changes in a study, with its dotted name."""
    for kind in ("drivers", "variants"):
        for name, changes in getattr(study, kind).items():
            yield f"study.{kind}.{name}", changes
