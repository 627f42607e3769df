"""Wrong edits of inversions, rivers, fires, the FLUXCOM cube, the budget and the region mask."""

from pathlib import Path

import netCDF4
import numpy as np
import openpyxl

from fluxprod.core.units import CARBON_PER_CO2
from fluxprod.experiments.wrong_inputs.edit import (
    Change,
    FolderChange,
    WrongEdit,
    attribute,
    copied,
    half_rolled,
    netcdf,
    rolled,
    times,
    upside_down,
)

FLUX, RIVER, FIRE = "land_flux_only_fossil_cement_adjusted", "river_flux", "co2fire"


def _member(change: Change) -> FolderChange:
    """Change the second member alone."""

    def edited(flux: np.ndarray) -> np.ndarray:
        flux[1] = change(flux[1])
        return flux

    return netcdf("GCP*", FLUX, edited)


def _second_as_first(flux: np.ndarray) -> np.ndarray:
    flux[1] = flux[0]
    return flux


def _months_again(flux: np.ndarray) -> np.ndarray:
    flux[:, 12:24] = flux[:, :12]
    return flux


def _day_late(folder: Path) -> None:
    """Label each day of the GFAS files by the next one."""
    for path in sorted(folder.glob("*.nc")):
        with netCDF4.Dataset(path, "a") as dataset:
            dataset["time"][:] = dataset["time"][:] + 24


def _without_layer(mask: np.ndarray) -> np.ndarray:
    mask[4] = 0.0
    return mask


def _layer_twice(mask: np.ndarray) -> np.ndarray:
    mask[6] = mask[10]
    return mask


def _budget(column: str, factor: float) -> FolderChange:
    """Multiply a column of the balance by a factor."""

    def apply(folder: Path) -> None:
        (path,) = folder.glob("*.xlsx")
        book = openpyxl.load_workbook(path)
        sheet = book["Global Carbon Budget"]
        rows = list(sheet.iter_rows())
        header = next(row for row in rows if row[0].value == "Year")
        place = [str(cell.value) for cell in header].index(column)
        for row in rows[rows.index(header) + 1 :]:
            if isinstance(value := row[place].value, float):
                row[place].value = value * factor
        book.save(path)

    return apply


EDITS = (
    WrongEdit(
        "inversions", "all members positive into the land", netcdf("GCP*", FLUX, np.negative)
    ),
    WrongEdit(
        "inversions", "all members in g of CO2", netcdf("GCP*", FLUX, times(1.0 / CARBON_PER_CO2))
    ),
    WrongEdit("inversions", "all members per month", netcdf("GCP*", FLUX, times(1.0 / 12.0))),
    WrongEdit("inversions", "all members a month late", netcdf("GCP*", FLUX, rolled(1, 1))),
    WrongEdit("inversions", "all members upside down", netcdf("GCP*", FLUX, upside_down)),
    WrongEdit(
        "inversions", "all members rolled by half the globe", netcdf("GCP*", FLUX, half_rolled)
    ),
    WrongEdit(
        "inversions",
        "a year of all members repeats the year before",
        netcdf("GCP*", FLUX, _months_again),
    ),
    WrongEdit(
        "inversions", "unit said to be g m-2 yr-1", attribute("GCP*", FLUX, "units", "gC m-2 yr-1")
    ),
    WrongEdit("inversions", "one member positive into the land", _member(np.negative)),
    WrongEdit("inversions", "one member multiplied by 12/44", _member(times(CARBON_PER_CO2))),
    WrongEdit("inversions", "one member per month", _member(times(1.0 / 12.0))),
    WrongEdit("inversions", "one member zero", _member(np.zeros_like)),
    WrongEdit("inversions", "one member a month early", _member(rolled(-1, 0))),
    WrongEdit("inversions", "one member upside down", _member(upside_down)),
    WrongEdit("inversions", "one member rolled by half the globe", _member(half_rolled)),
    WrongEdit("inversions", "two members equal", netcdf("GCP*", FLUX, _second_as_first)),
    WrongEdit("rivers", "rivers positive to the atmosphere", netcdf("river*", RIVER, np.negative)),
    WrongEdit("rivers", "rivers per month", netcdf("river*", RIVER, times(1.0 / 12.0))),
    WrongEdit("rivers", "rivers in g of CO2", netcdf("river*", RIVER, times(1.0 / CARBON_PER_CO2))),
    WrongEdit("rivers", "no rivers at all", netcdf("river*", RIVER, times(0.0))),
    WrongEdit(
        "gfas", "fires in carbon, said to be CO2", netcdf("*.nc", FIRE, times(CARBON_PER_CO2))
    ),
    WrongEdit("gfas", "fires upside down", netcdf("*.nc", FIRE, upside_down)),
    WrongEdit("gfas", "fires rolled by half the globe", netcdf("*.nc", FIRE, half_rolled)),
    WrongEdit("gfas", "no fires in one year", netcdf("*2004.nc", FIRE, times(0.0))),
    WrongEdit("gfas", "fires a day late", _day_late),
    WrongEdit(
        "gfas", "fires half a year late", netcdf("*.nc", FIRE, lambda fire: np.roll(fire, 182, 0))
    ),
    WrongEdit("fluxcom", "cube positive into the land", netcdf("*.nc", "NEE", np.negative)),
    WrongEdit("fluxcom", "cube in g of CO2", netcdf("*.nc", "NEE", times(1.0 / CARBON_PER_CO2))),
    WrongEdit("fluxcom", "cube multiplied by 12/44", netcdf("*.nc", "NEE", times(CARBON_PER_CO2))),
    WrongEdit("fluxcom", "cube upside down", netcdf("*.nc", "NEE", upside_down)),
    WrongEdit("fluxcom", "cube rolled by half the globe", netcdf("*.nc", "NEE", half_rolled)),
    WrongEdit(
        "fluxcom", "cube half a year late", netcdf("*.nc", "NEE", lambda nee: np.roll(nee, 182, 0))
    ),
    WrongEdit("fluxcom", "cube a month late", netcdf("*.nc", "NEE", rolled(30, 0))),
    WrongEdit("fluxcom", "cube of 2003 as that of 2005", copied("*2003.nc", "*2005.nc")),
    WrongEdit("budget", "land sink negative", _budget("land sink", -1.0)),
    WrongEdit("budget", "land sink in Gt of CO2", _budget("land sink", 1.0 / CARBON_PER_CO2)),
    WrongEdit("regions", "mask rolled by half the globe", netcdf("*mask*", "MASK", half_rolled)),
    WrongEdit("regions", "mask upside down", netcdf("*mask*", "MASK", upside_down)),
    WrongEdit("regions", "mask rolled by 10 degrees", netcdf("*mask*", "MASK", rolled(20, -1))),
    WrongEdit(
        "regions", "layers of the mask in another order", netcdf("*mask*", "MASK", rolled(1, 0))
    ),
    WrongEdit("regions", "one layer of the mask empty", netcdf("*mask*", "MASK", _without_layer)),
    WrongEdit("regions", "one layer of the mask twice", netcdf("*mask*", "MASK", _layer_twice)),
)
