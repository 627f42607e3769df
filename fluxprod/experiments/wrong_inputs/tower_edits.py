"""Wrong edits of tower records and of the tables of sites."""

from pathlib import Path

import numpy as np
import pandas as pd

from fluxprod.core.units import CARBON_PER_CO2, SECONDS_PER_DAY
from fluxprod.experiments.wrong_inputs.edit import (
    FolderChange,
    TableChange,
    WrongEdit,
    columns,
    copied,
    csv,
    plus,
    times,
)

ALL, ONE, OTHER = "FLX_*_DD_2*", "FLX_DE-Tha_*", "FLX_DE-Hai_*"
SITES = "FLX_AA-Flx_BIF*"
OLDER = "*.synth.daily.allvars.csv"
NEE, PARTS = ("NEE_VUT", "NEE_CUT"), ("GPP", "RECO")
CO2_PER_C = 1.0 / CARBON_PER_CO2  # [1]
MICROMOL = 1e6 / 12.011 / SECONDS_PER_DAY  # umol m-2 s-1 of CO2 per g m-2 d-1 of carbon


def _later(prefixes: tuple[str, ...], days: int) -> TableChange:
    """Move columns to later rows."""
    return columns(prefixes, lambda values: np.roll(values, days))


def _still(values: np.ndarray) -> np.ndarray:
    """Repeat one value for a year, as a failed sensor does."""
    values = values.copy()
    values[200:565] = values[200]
    return values


def _zero_for_missing(table: pd.DataFrame) -> pd.DataFrame:
    return table.where(table != -9999, 0.0)


def _site(site: str, **facts: object) -> FolderChange:
    """Change facts of a site in the table of sites."""

    def edited(table: pd.DataFrame) -> pd.DataFrame:
        table["DATAVALUE"] = table.DATAVALUE.astype(str)
        for variable, value in facts.items():
            row = (table.SITE_ID == site) & (table.VARIABLE == variable)
            table.loc[row, "DATAVALUE"] = str(value)
        return table

    return csv(SITES, edited)


def _all_sites(table: pd.DataFrame) -> pd.DataFrame:
    table.loc[table.VARIABLE == "IGBP", "DATAVALUE"] = "EBF"
    return table


def _exchanged(table: pd.DataFrame) -> pd.DataFrame:
    """Exchange latitudes and longitudes of all sites that allow it."""
    names = {"LOCATION_LAT": "LOCATION_LONG", "LOCATION_LONG": "LOCATION_LAT"}
    far = table.VARIABLE.eq("LOCATION_LONG") & (
        pd.to_numeric(table.DATAVALUE, errors="coerce").abs() > 85.0
    )
    possible = ~table.SITE_ID.isin(table.SITE_ID[far])
    table.loc[possible, "VARIABLE"] = table.VARIABLE[possible].replace(names)
    return table


def _half_a_year_later(folder: Path) -> None:
    for path in sorted(folder.glob(ONE)):
        table = pd.read_csv(path)
        table["NEE_VUT_REF"] = np.roll(table.NEE_VUT_REF, 182)
        table.to_csv(path, index=False)


EDITS = (
    WrongEdit(
        "fluxnet", "NEE of all towers positive into the land", csv(ALL, columns(NEE, np.negative))
    ),
    WrongEdit(
        "fluxnet",
        "NEE, GPP and RECO of all towers negative",
        csv(ALL, columns((*NEE, *PARTS), np.negative)),
    ),
    WrongEdit("fluxnet", "NEE of all towers in g of CO2", csv(ALL, columns(NEE, times(CO2_PER_C)))),
    WrongEdit(
        "fluxnet", "NEE of all towers in umol m-2 s-1", csv(ALL, columns(NEE, times(MICROMOL)))
    ),
    WrongEdit(
        "fluxnet",
        "NEE, GPP and RECO of all towers in g of CO2",
        csv(ALL, columns((*NEE, *PARTS), times(CO2_PER_C))),
    ),
    WrongEdit("fluxnet", "NEE of all towers in kg", csv(ALL, columns(NEE, times(1e-3)))),
    WrongEdit(
        "fluxnet", "NEE of one tower positive into the land", csv(ONE, columns(NEE, np.negative))
    ),
    WrongEdit("fluxnet", "NEE of one tower in g of CO2", csv(ONE, columns(NEE, times(CO2_PER_C)))),
    WrongEdit("fluxnet", "NEE of one tower in mg", csv(ONE, columns(NEE, times(1e3)))),
    WrongEdit(
        "fluxnet",
        "NEE of one tower per second",
        csv(ONE, columns(NEE, times(1.0 / SECONDS_PER_DAY))),
    ),
    WrongEdit("fluxnet", "NEE of one tower half a year late", _half_a_year_later),
    WrongEdit(
        "fluxnet",
        "NEE of one tower stands still for a year",
        csv(ONE, columns((*NEE, *PARTS), _still)),
    ),
    WrongEdit("fluxnet", "missing values of all towers set to zero", csv(ALL, _zero_for_missing)),
    WrongEdit("fluxnet", "records of a tower under the name of another", copied(ONE, OTHER)),
    WrongEdit("fluxnet", "TA of one tower in K", csv(ONE, columns(("TA_",), plus(273.15)))),
    WrongEdit(
        "fluxnet",
        "TA of one tower in degrees Fahrenheit",
        csv(ONE, columns(("TA_",), lambda t: 1.8 * t + 32.0)),
    ),
    WrongEdit(
        "fluxnet",
        "meteorology of all towers a day late",
        csv(ALL, _later(("TA_", "SW_IN_F", "P_F"), 1)),
    ),
    WrongEdit(
        "fluxnet",
        "SW_IN of one tower in MJ m-2 d-1",
        csv(ONE, columns(("SW_IN_F",), times(0.0864))),
    ),
    WrongEdit(
        "fluxnet",
        "photon flux in place of SW_IN at one tower",
        csv(ONE, columns(("SW_IN_F",), times(2.05))),
    ),
    WrongEdit("fluxnet", "P of one tower in m", csv(ONE, columns(("P_F",), times(1e-3)))),
    WrongEdit(
        "fluxnet", "P of one tower in tenths of mm", csv(ONE, columns(("P_F",), times(10.0)))
    ),
    WrongEdit("fluxnet", "VPD of all towers in kPa", csv(ALL, columns(("VPD_F",), times(0.1)))),
    WrongEdit("fluxnet", "VPD of one tower in Pa", csv(ONE, columns(("VPD_F",), times(100.0)))),
    WrongEdit(
        "fluxnet", "one tower at 0 N, 0 E", _site("DE-Tha", LOCATION_LAT=0.0, LOCATION_LONG=0.0)
    ),
    WrongEdit(
        "fluxnet",
        "one tower in the middle of an ocean",
        _site("DE-Tha", LOCATION_LAT=-40.0, LOCATION_LONG=-120.0),
    ),
    WrongEdit(
        "fluxnet", "latitude of one tower without its sign", _site("AU-How", LOCATION_LAT=12.4943)
    ),
    WrongEdit(
        "fluxnet", "longitude of one tower without its sign", _site("US-Ha1", LOCATION_LONG=72.1715)
    ),
    WrongEdit("fluxnet", "latitude and longitude exchanged", csv(SITES, _exchanged)),
    WrongEdit("fluxnet", "IGBP class of one tower unknown", _site("DE-Tha", IGBP="FOREST")),
    WrongEdit("fluxnet", "all towers in evergreen broadleaf forest", csv(SITES, _all_sites)),
    WrongEdit(
        "lathuile",
        "NEE of all older towers positive into the land",
        csv(OLDER, columns(("NEE_f",), np.negative)),
    ),
    WrongEdit(
        "lathuile",
        "Rg of all older towers in W m-2",
        csv(OLDER, columns(("Rg_f",), times(1.0 / 0.0864))),
    ),
    WrongEdit(
        "lathuile", "Ta of all older towers in K", csv(OLDER, columns(("Ta_f",), plus(273.15)))
    ),
)
