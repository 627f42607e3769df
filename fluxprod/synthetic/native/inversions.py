"""The inversion ensemble of the Global Carbon Budget 2022, and the matching river fluxes."""

from collections.abc import Sequence
from pathlib import Path

import netCDF4
import numpy as np
import pandas as pd

from fluxprod.core.grid import Grid
from fluxprod.core.units import PG
from fluxprod.synthetic.native.netcdf import add_axis, add_field, new_netcdf, round_to_step

FLUX = "land_flux_only_fossil_cement_adjusted"
RIVER_ADJUSTED = "land_flux_fossil_cement_and_river_adjusted"
UNITS = "PgC m-2 yr-1"
STEP = 2.0**-54  # Pg m-2 yr-1, 0.056 g m-2 yr-1
EPOCH = pd.Timestamp("1960-01-01")


def write_gcp2022(
    path: Path,
    flux: Sequence[np.ndarray] | np.ndarray,
    river_adjusted: Sequence[np.ndarray] | np.ndarray,
    members: Sequence[str],
    time: pd.DatetimeIndex,
) -> None:
    """Write ``GCP2022_inversions_1x1_version1_1_20221122.nc``.

    Parameters
    ----------
    path : Path
        File to write.
    flux, river_adjusted : sequence of ndarray, shape (time, lat, lon)
        Land flux of each member without and with river adjustment, south to north, positive to the
        atmosphere; NaN where the member has no data [g m-2 yr-1 of the whole cell].
        ``np.broadcast_to(np.nan, shape)`` serves for a member without any data.
    members : sequence of str
        Names of the members.
    time : DatetimeIndex
        First days of the months.
    """
    with new_netcdf(path, title="GCP 2022 atmospheric inversions") as dataset:
        dataset.createDimension("ensemble_member", len(members))
        _add_axes(dataset, time, Grid(180.0 / flux[0].shape[-2]))
        _add_names(dataset, members)
        for name, source in ((FLUX, flux), (RIVER_ADJUSTED, river_adjusted)):
            dims = ("ensemble_member", "time", "latitude", "longitude")
            out = add_field(
                dataset,
                name,
                np.float32,
                dims,
                fill_value=np.float32(np.nan),
                units=UNITS,
                long_name=name.replace("_", " "),
            )
            for number, field in enumerate(source):
                for month in range(len(time)):
                    out[number, month] = round_to_step(field[month] / PG, STEP)


def write_rivers(path: Path, flux: np.ndarray, time: pd.DatetimeIndex) -> None:
    """Write ``river_flux_lauerwald_1x1.nc``.

    Parameters
    ----------
    path : Path
        File to write.
    flux : ndarray, shape (time, lat, lon)
        River flux, south to north, positive to the atmosphere [g m-2 yr-1 of the whole cell].
    time : DatetimeIndex
        First days of the months; twelve months are a climatology.
    """
    with new_netcdf(path, title="Lateral carbon transport by rivers, on land") as dataset:
        _add_axes(dataset, time, Grid(180.0 / flux.shape[-2]))
        out = add_field(
            dataset,
            "river_flux",
            np.float32,
            ("time", "latitude", "longitude"),
            fill_value=np.float32(np.nan),
            units=UNITS,
            long_name="river carbon flux adjustment",
        )
        for month in range(len(time)):
            out[month] = round_to_step(flux[month] / PG, STEP)


def _add_axes(dataset: netCDF4.Dataset, time: pd.DatetimeIndex, grid: Grid) -> None:
    days = np.asarray((time - EPOCH).days, dtype=np.float64)
    add_axis(dataset, "time", days, units=f"days since {EPOCH:%F}", calendar="standard")
    add_axis(dataset, "latitude", grid.lat, units="degrees_north")
    add_axis(dataset, "longitude", grid.lon, units="degrees_east")


def _add_names(dataset: netCDF4.Dataset, members: Sequence[str]) -> None:
    """Add the names of the members as rows of single characters, padded with blanks."""
    length = max(map(len, members))
    dataset.createDimension("name_length", length)
    names = dataset.createVariable("ensemble_member_name", "S1", ("ensemble_member", "name_length"))
    names[:] = np.array([list(name.ljust(length)) for name in members], dtype="S1")
