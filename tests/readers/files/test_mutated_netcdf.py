"""For files with changed bytes, every NetCDF reader returns valid data or raises a DataError."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluxprod.core.errors import DataError
from fluxprod.core.regions import REGIONS
from fluxprod.readers.era5.days import era5_days
from fluxprod.readers.era5.series import era5_series
from fluxprod.readers.fluxcom import read_fluxcom
from fluxprod.readers.inversions.ensemble import read_inversions
from fluxprod.readers.inversions.gfas import read_gfas_monthly
from fluxprod.readers.inversions.rivers import read_rivers
from fluxprod.readers.regions.mask import read_region_mask
from tests.readers.era5.era5_files import weather
from tests.readers.files.native_grid import GRID

FORMATS = {"classic": "NETCDF3_64BIT", "hdf5": "NETCDF4"}
VARIABLE = "land_flux_only_fossil_cement_adjusted"
YEARS = range(2003, 2004)


class Kind(NamedTuple):
    """A kind of file: its name, a valid dataset, its reader, and a check of the result."""

    name: str
    dataset: Callable[[], xr.Dataset]
    read: Callable[[Path], xr.DataArray]
    largest: float


def cube(name: str, units: str, high: float, leading: dict, dtype: str = "f4") -> xr.Dataset:
    """Random values on the globe."""
    shape = (*map(len, leading.values()), *GRID.shape)
    values = np.random.default_rng(1).uniform(0.0, high, shape).astype(dtype)
    coords = {**leading, "latitude": GRID.lat, "longitude": GRID.lon}
    return xr.Dataset({name: (tuple(coords), values, {"units": units})}, coords)


def months() -> pd.DatetimeIndex:
    return pd.date_range("2003-01-01", "2003-12-01", freq="MS", unit="s")


def regions() -> xr.Dataset:
    dataset = cube("MASK", "1", 0.0, {"region": np.arange(len(REGIONS))}, "i1")
    dataset["MASK"].values[np.arange(32) % len(REGIONS), np.arange(32) // 8, np.arange(32) % 8] = 1
    return dataset


def inversions() -> xr.Dataset:
    names = {"ensemble_member": np.arange(2), "time": months()}
    dataset = cube(VARIABLE, "gC m-2 yr-1", 300.0, names)
    letters = np.array([list("CAMS"), list("UoE ")], "S1")
    return dataset.assign(ensemble_member_name=(("ensemble_member", "length"), letters))


def hours(folder: Path) -> xr.DataArray:
    days = pd.date_range("2003-01-01", "2003-01-03", unit="s")
    return xr.concat(list(era5_days(era5_series(folder, "TA", days))), "time")


KINDS = {
    "era5": Kind(
        "era5.nc",
        lambda: weather("TA", "2003-01-01", "2003-01-03 23:00").to_dataset(),
        hours,
        100.0,
    ),
    "inversions": Kind(
        "GCP2022_inversions_1x1_version1_1_20230127.nc",
        inversions,
        lambda folder: read_inversions(folder, ["CAMS"], variable=VARIABLE, years=YEARS).flux,
        500.0,
    ),
    "gfas": Kind(
        "cams_co2fire_2003.nc",
        lambda: cube(
            "co2fire",
            "kg m**-2 s**-1",
            1e-8,
            {"time": pd.date_range("2003-01-01", "2003-12-31", unit="s")},
        ),
        lambda folder: read_gfas_monthly(folder, YEARS),
        1e5,
    ),
    "fluxcom": Kind(
        "NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.720_360.monthly.2003.nc",
        lambda: cube("NEE", "gC m-2 d-1", 5.0, {"time": months()}),
        lambda folder: read_fluxcom(folder, YEARS),
        60.0,
    ),
    "regions": Kind("mask.nc", regions, read_region_mask, 1.0),
    "rivers": Kind(
        "river_flux.nc",
        # together an uptake of 0.65 PgC yr-1
        lambda: cube("river_adjustment_land", "gC m-2 d-1", 7e-3, {"time": months()}),
        lambda folder: read_rivers(folder, YEARS),
        50.0,
    ),
}

place = st.floats(0.0, 1.0, exclude_max=True)
edits = st.lists(st.tuples(place, st.binary(min_size=1, max_size=8)), min_size=1, max_size=6)
# bytes of the header matter most
near_the_start = st.tuples(st.floats(0.0, 0.1, exclude_max=True), st.binary(min_size=1, max_size=4))
mutations = st.one_of(
    st.tuples(st.just("overwrite"), edits),
    st.tuples(st.just("overwrite"), st.lists(near_the_start, min_size=1, max_size=4)),
    st.tuples(st.just("insert"), edits),
    st.tuples(st.just("cut out"), st.lists(st.tuples(place, st.binary(max_size=64)), min_size=1)),
    st.tuples(st.just("break off"), st.lists(st.tuples(place, st.just(b"")), min_size=1)),
)


def mutated(whole: bytes, mutation: tuple) -> bytes:
    """Content with one kind of fault."""
    how, faults = mutation
    content = bytearray(whole)
    for share, piece in faults:
        at = int(share * len(content))
        if how == "overwrite":
            content[at : at + len(piece)] = piece
        elif how == "insert":
            content[at:at] = piece
        elif how == "cut out":
            del content[at : at + len(piece)]
        else:
            del content[at:]
    return bytes(content)


def outcome(read: Callable[[Path], xr.DataArray], folder: Path) -> xr.DataArray | str:
    """The result of a reader, or the text of its error."""
    try:
        return read(folder)
    except DataError as error:
        return str(error)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("kind", KINDS)
def test_error_or_valid_data(tmp_path, kind, form):
    name, dataset, read, largest = KINDS[kind]
    path = tmp_path / name
    dataset().to_netcdf(path, format=FORMATS[form], engine="netcdf4")
    whole = path.read_bytes()
    valid = read(tmp_path)
    assert np.isfinite(valid).any()

    @settings(
        max_examples=60,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(mutation=mutations)
    def check(mutation):
        path.unlink()  # so that a file still open under this name keeps its content
        path.write_bytes(mutated(whole, mutation))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            got = outcome(read, tmp_path)
        if isinstance(got, str):
            assert "\n" not in got
            return
        assert got.dims == valid.dims
        values = np.asarray(got.values, float)
        assert not (np.abs(values) > largest).any()
        assert not np.isinf(values).any()

    check()
