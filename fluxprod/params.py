"""The blocks of ``params.yaml``, a frozen dataclass each. Only stages import this module."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fluxprod.core.grid import Grid
from fluxprod.core.regions import REGIONS

PARAMS_FILE = Path("params.yaml")
BRIDGES = ("lasso", "anchored", "sampled", "exact")
_DAY = r"\d{4}-\d{2}-\d{2}"


@dataclass(frozen=True)
class World:
    """Grid and period of the run; the block of ``worlds`` that ``source`` names."""

    resolution: float
    first_year: int
    last_year: int

    def __post_init__(self) -> None:
        if self.last_year < self.first_year:
            raise ValueError(f"last_year {self.last_year} before first_year {self.first_year}")
        Grid(self.resolution)  # raises where the resolution does not divide the globe

    @property
    def years(self) -> range:
        """All years of the period."""
        return range(self.first_year, self.last_year + 1)


@dataclass(frozen=True)
class SyntheticWorld(World):
    """Grid and period of the synthetic Earth, whatever ``source`` says."""


@dataclass(frozen=True)
class Compute:
    """Where a run happens, not what it computes."""

    scheduler: str
    device: str
    threads: int
    processes: int

    def __post_init__(self) -> None:
        if self.scheduler != "local" and "://" not in self.scheduler:
            raise ValueError(f"scheduler {self.scheduler!r} is not local or PROTOCOL://HOST:PORT")


@dataclass(frozen=True)
class Synthesize:
    """The synthetic Earth."""

    seed: int


@dataclass(frozen=True)
class Geography:
    """Land cells of the target grid."""

    min_land_fraction: float


@dataclass(frozen=True)
class Towers:
    """Quality screening of tower days and folds by site."""

    min_qc: float
    max_abs_nee: float
    partitioning_quantile: float
    outlier_iqr: float
    window: int
    min_days: int
    n_folds: int
    neighbour_distance: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.min_qc <= 1.0:
            raise ValueError(f"min_qc {self.min_qc} is no share")
        if not 0.0 <= self.partitioning_quantile < 0.5:
            raise ValueError(f"partitioning_quantile {self.partitioning_quantile} is not below 0.5")
        for name in ("max_abs_nee", "outlier_iqr"):
            if not getattr(self, name) >= 0.0:
                raise ValueError(f"{name} {getattr(self, name)} is below 0")
        if not (0 < self.window < 366 and self.window % 2):
            raise ValueError(f"window {self.window} is no odd number of days of a year")


@dataclass(frozen=True)
class Climate:
    """ERA5 on the target grid."""

    min_coverage: float


@dataclass(frozen=True)
class Vegetation:
    """MODIS per plant functional type."""

    max_gap: float
    known_gaps: list[str]

    def __post_init__(self) -> None:
        if not 0.0 <= self.max_gap <= 1.0:
            raise ValueError(f"max_gap {self.max_gap} is no share")
        for gap in self.known_gaps:
            if not isinstance(gap, str) or not re.fullmatch(rf"{_DAY}/{_DAY}", gap):
                raise ValueError(f"known_gaps {gap!r} is not YYYY-MM-DD/YYYY-MM-DD")
        for first, last in self.outages:
            if last < first:
                raise ValueError(f"known_gaps {first:%F}/{last:%F} ends before it begins")

    @property
    def outages(self) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
        """First and last day of each known gap."""
        gaps = [gap.split("/") for gap in self.known_gaps]
        return [(pd.Timestamp(first), pd.Timestamp(last)) for first, last in gaps]


@dataclass(frozen=True)
class Drivers:
    """Mean seasonal cycles and water balance of Table A2, and whether anomalies follow."""

    msc_first_year: int
    msc_last_year: int
    awc_upper: float
    awc_lower: float
    theta: float
    alpha: float
    spinup_loops: int
    evi_radiation: str
    ndvi_radiation: str
    anomalies: bool

    def __post_init__(self) -> None:
        for name in ("evi_radiation", "ndvi_radiation"):
            if getattr(self, name) not in ("incoming", "potential"):
                raise ValueError(f"{name} {getattr(self, name)!r} is not incoming or potential")


@dataclass(frozen=True)
class Inversions:
    """Members and their adjustment."""

    members: list[str]
    rivers: str

    def __post_init__(self) -> None:
        if self.rivers not in ("separate", "adjusted"):
            raise ValueError(f"rivers {self.rivers!r} is not separate or adjusted")


@dataclass(frozen=True)
class Bridge:
    """The regional models."""

    method: str
    cells_per_step: int
    n_clusters: int
    candidates_per_cluster: int
    r2_threshold: float
    n_alphas: int
    n_cv_folds: int
    seed: int

    def __post_init__(self) -> None:
        if self.method not in BRIDGES:
            raise ValueError(f"method {self.method!r} is not one of {BRIDGES}")
        counts = ("cells_per_step", "n_clusters", "candidates_per_cluster", "n_alphas")
        _check_least(self, 1, counts)


@dataclass(frozen=True)
class Robustness:
    """Repetition of the bridge over random candidates."""

    n_draws: int
    seed: int

    def __post_init__(self) -> None:
        _check_least(self, 1, ("n_draws",))


@dataclass(frozen=True)
class Train:
    """The network and its training, Table B1 and Eqs. 3 to 11."""

    width: int
    depth: int
    learning_rate: float
    final_learning_rate: float
    variance_rate: float
    variance_start: float
    batch: int
    steps: int
    validate_every: int
    day_stride: int
    held_out_stride: int
    n_regions: int
    n_months: int
    n_held_out_years: int
    norm: int
    annual_term: bool
    seed: int

    def __post_init__(self) -> None:
        _check_least(self, 1, ("width", "depth", "batch", "steps", "validate_every"))
        _check_least(self, 1, ("n_held_out_years",))
        _check_least(self, 0, ("learning_rate", "final_learning_rate", "variance_rate"))
        for name in ("day_stride", "held_out_stride"):
            if not 1 <= getattr(self, name) <= 28:
                raise ValueError(f"{name} {getattr(self, name)} would miss a month; 1 to 28 do not")
        if self.norm not in (1, 2, 3):
            raise ValueError(f"norm {self.norm} is not 1, 2 or 3")
        if not (0 <= self.n_months <= 12 and 0 <= self.n_regions <= len(REGIONS)):
            raise ValueError(f"n_regions {self.n_regions}, n_months {self.n_months}: 0 to 18, 12")
        if self.annual_term and (self.n_regions or self.n_months):
            raise ValueError("annual_term needs all regions and months: n_regions 0, n_months 0")


@dataclass(frozen=True)
class Forward:
    """The global run of all members."""

    block: int


@dataclass(frozen=True)
class Product:
    """The files that people download."""

    version: str
    funding: str


@dataclass(frozen=True)
class Evaluate:
    """Tables and figures."""

    example_regions: list[str]
    regional_inflation: dict[str, float]
    cell_inflation: dict[str, float]

    def __post_init__(self) -> None:
        for name in ("regional_inflation", "cell_inflation"):
            factors = getattr(self, name)
            sound = all(type(factor) in (int, float) and factor > 0 for factor in factors.values())
            if "EC-ATM" not in factors or not set(factors) <= {"EC-ATM", "EC"} or not sound:
                raise ValueError(f"{name} {factors} must be positive, of EC-ATM, or of it and EC")


@dataclass(frozen=True)
class Report:
    """The page that a person reads."""

    title: str


def _check_least(values: object, least: int, names: Iterable[str]) -> None:
    for name in names:
        if not getattr(values, name) >= least:
            raise ValueError(f"{name} {getattr(values, name)} is below {least}")
