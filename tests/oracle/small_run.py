"""The synthetic Earth at six degrees, and the stages from its raw files to drivers of 12 degrees.

So the cells of the run are means of several points of ERA5 and several pixels of MODIS.
"""

from pathlib import Path

import yaml

from fluxprod.compute.settings import ComputeSettings
from fluxprod.core.world import SyntheticWorld, World
from fluxprod.drivers.settings import DriverSettings
from fluxprod.geography.settings import GeographySettings
from fluxprod.readers.era5.settings import ClimateSettings
from fluxprod.readers.modis.settings import VegetationSettings
from fluxprod.stages import climate, drivers, geography, synthesize, towers, vegetation
from fluxprod.synthetic.settings import EarthSettings
from fluxprod.towers.settings import TowerSettings
from tests.conftest import ROOT

RAW, RESOLUTION = 6.0, 12.0  # degree
YEARS = range(2003, 2005)  # of which the second is a leap year
PERIOD = {"first_year": YEARS[0], "last_year": YEARS[-1]}
COMPUTE = ComputeSettings(scheduler="local", device="cpu", threads=1, processes=1)


def _blocks() -> dict:
    blocks: dict = yaml.safe_load((ROOT / "params.yaml").read_text())
    return blocks


def make_raw(folder: Path) -> None:
    """Write raw files in ``raw``."""
    synthesize.main(
        reference=ROOT / "data" / "reference" / "earth",
        raw=folder / "raw",
        truth=folder / "truth",
        world=SyntheticWorld(resolution=RAW, **PERIOD),
        params=EarthSettings(**_blocks()["synthesize"]),
        compute=COMPUTE,
    )


def run_stages(folder: Path) -> None:
    """Run the stages on the raw files, with the settings of params.yaml."""
    blocks, world = _blocks(), World(resolution=RESOLUTION, **PERIOD)
    raw, land = folder / "raw", folder / "geography.nc"
    geography.main(
        modis=raw / "modis",
        regions=raw / "regions",
        geography=land,
        world=world,
        params=GeographySettings(**blocks["geography"]),
    )
    towers.main(
        fluxnet=raw / "fluxnet",
        lathuile=raw / "lathuile",
        towers=folder / "towers.nc",
        screening=folder / "screening.csv",
        world=world,
        params=TowerSettings(**blocks["towers"] | {"min_days": 60, "n_folds": 5}),
    )
    climate.main(
        era5=raw / "era5",
        geography=land,
        climate=folder / "climate.zarr",
        world=world,
        params=ClimateSettings(**blocks["climate"]),
        compute=COMPUTE,
    )
    vegetation.main(
        modis=raw / "modis",
        geography=land,
        vegetation=folder / "vegetation.zarr",
        world=world,
        params=VegetationSettings(**blocks["vegetation"]),
        compute=COMPUTE,
    )
    drivers.main(
        climate=folder / "climate.zarr",
        vegetation=folder / "vegetation.zarr",
        geography=land,
        towers=folder / "towers.nc",
        drivers=folder / "drivers.zarr",
        sites=folder / "sites.nc",
        world=world,
        params=DriverSettings(**blocks["drivers"]),
        compute=COMPUTE,
    )
