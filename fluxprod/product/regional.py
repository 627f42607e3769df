"""Regional totals of both models, from the files as written, and of the inversions."""

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.regions import ABBREVIATIONS, petagrams_per_month, regional_sums
from fluxprod.core.time_axis import month_days
from fluxprod.product.fluxes import MODELS

DECIMALS = 9  # Pg
INVERSIONS = "inversions"
ROWS = (*ABBREVIATIONS, "unassigned", "GLOBAL")
SOURCES = {**{name: model for name, (model, _) in MODELS.items()}, INVERSIONS: INVERSIONS}
PERIODS = {"regional-monthly": ("month", "%Y-%m"), "regional-annual": ("year", "%Y")}
COLUMNS = {"nee": "", "spread": "_spread", "members": "_members"}


def product_totals(density: xr.DataArray, land: xr.Dataset) -> np.ndarray:
    """Monthly totals of a gridded flux.

    The rows are the 18 regions, the land of no region ("unassigned") and the globe. The globe is
    summed over the grid and not over the regions, so that the rows can be checked against each
    other.

    Parameters
    ----------
    density : DataArray, dims (time, lat, lon)
        Monthly means [g m-2 d-1].
    land : Dataset
        ``cell_area`` [m2], ``land_fraction`` [1] and ``region``, dims (lat, lon).

    Returns
    -------
    ndarray, shape (20, time)
        Totals [PgC month-1].
    """
    land_area = (land.cell_area * land.land_fraction).values.ravel()
    cells = np.flatnonzero(land_area)
    values = density.transpose("time", "lat", "lon").values.reshape(density.sizes["time"], -1)
    on_land = np.nan_to_num(values[:, cells]).T.astype(float)
    days = month_days(pd.DatetimeIndex(density.time.values))
    total = petagrams_per_month(on_land, land_area[cells], days)
    globe = total.sum(axis=0, keepdims=True)
    return np.concatenate([regional_sums(total, land.region.values.ravel()[cells]), globe])


def totals_of_members(members: xr.DataArray, land: xr.Dataset) -> np.ndarray:
    """Totals of each member, read one by one; shape (member, 20, time) [PgC month-1]."""
    numbers = range(members.sizes["realization"])
    return np.stack([product_totals(members.isel(realization=n), land) for n in numbers])


def inversion_totals(inversions: xr.Dataset) -> np.ndarray:
    """Totals of each inversion, NaN where it has none; shape (member, 20, time) [PgC month-1]."""
    regions = inversions.NEE.sel(region=list(ABBREVIATIONS)).transpose("member", "region", "time")
    rest = inversions.unassigned.transpose("member", "time").values[:, None]
    parts = np.concatenate([regions.values, rest], axis=1)
    return np.concatenate([parts, parts.sum(axis=1, keepdims=True)], axis=1)


def yearly(monthly: np.ndarray) -> np.ndarray:
    """Annual sums, shape (..., month) to (..., year); NaN if a month of the year is."""
    annual: np.ndarray = monthly.reshape(*monthly.shape[:-1], -1, 12).sum(axis=-1)
    return annual


def ensemble_statistics(members: np.ndarray) -> dict[str, np.ndarray]:
    """Mean, standard deviation (n - 1) and number of the available members.

    Parameters
    ----------
    members : ndarray, shape (member, 20, time)
        Totals of each member, NaN where it is absent [Pg].

    Returns
    -------
    dict of ndarray, shape (20, time)
        "nee" and "spread" [Pg], and "members" [1]; the spread of a single member is NaN.
    """
    available = np.isfinite(members)
    number = available.sum(axis=0)
    with np.errstate(invalid="ignore"):  # 0 / 0 without a member, or for the spread of one
        mean = np.where(available, members, 0.0).sum(axis=0) / number
        squares = np.where(available, members - mean, 0.0) ** 2
        spread = np.sqrt(squares.sum(axis=0) / (number - 1.0))
    return {"nee": mean, "spread": spread, "members": number}


def regional_series(
    monthly: xr.Dataset, members: xr.Dataset, inversions: xr.Dataset
) -> dict[str, dict[str, dict[str, np.ndarray]]]:
    """Compute totals of regions by frequency and source.

    Parameters
    ----------
    monthly, members : Dataset
        The files of monthly means and of monthly means of members, as written.
    inversions : Dataset
        ``NEE``, dims (member, region, time), and ``unassigned``, dims (member, time)
        [PgC month-1].

    Returns
    -------
    dict of dict of dict
        Results of `ensemble_statistics` [Pg] for ``nee``, ``nee_ec`` and ``inversions``, under each
        of "regional-monthly" and "regional-annual".
    """
    by_member = {name: totals_of_members(members[name], monthly) for name in MODELS}
    by_member[INVERSIONS] = inversion_totals(inversions)
    mean = {name: product_totals(monthly[name], monthly) for name in MODELS}
    series: dict[str, dict] = {}
    for frequency in PERIODS:
        if frequency == "regional-annual":
            by_member = {name: yearly(each) for name, each in by_member.items()}
            mean = {name: yearly(each) for name, each in mean.items()}
        series[frequency] = {name: ensemble_statistics(each) for name, each in by_member.items()}
        for name, values in mean.items():  # of the mean as published rather than of its members
            series[frequency][name]["nee"] = values
    return series


def regional_dataset(
    series: dict[str, dict[str, np.ndarray]], begin: pd.DatetimeIndex
) -> xr.Dataset:
    """Convert the totals of one frequency to a dataset, rounded.

    Parameters
    ----------
    series : dict
        Statistics by source, one frequency of `regional_series`.
    begin : DatetimeIndex
        First day of each month or year.

    Returns
    -------
    Dataset, dims (time, region)
        Total and spread [Pg] and number of members [1] of each source.
    """
    fields: dict[str, tuple] = {}
    for source, statistics in series.items():
        for column, suffix in COLUMNS.items():
            values = statistics[column].T
            if column == "members":
                values = values.astype(np.int32)
            else:
                values = values.round(DECIMALS) + 0.0  # no -0.0 in the file
            attributes = _attributes(source, column)
            fields[f"{source}{suffix}"] = (("time", "region"), values, attributes)
    number = np.array([*range(len(ABBREVIATIONS)), -1, len(ABBREVIATIONS)], np.int8)
    # bytes, as xarray adds the attribute _Encoding to text and iris then drops the names
    names = ("region", np.array(ROWS, "S"), {"long_name": "name of the region"})
    coords = {"time": begin, "region_name": names}
    fields["region_number"] = (
        "region",
        number,
        {
            "long_name": "number of the region, as in the gridded files",
            "flag_values": number,
            "flag_meanings": " ".join(ROWS),
            "coverage_content_type": "auxiliaryInformation",
        },
    )
    return xr.Dataset(fields, coords=coords)


def regional_table(regional: xr.Dataset, frequency: str) -> pd.DataFrame:
    """Convert a regional dataset to a table with one row per period, region and source.

    Parameters
    ----------
    regional : Dataset
        Totals made by `regional_dataset`.
    frequency : str
        "regional-monthly" or "regional-annual".

    Returns
    -------
    DataFrame
        Period, region, model, total and spread [PgC per period], and number of members [1].
    """
    period, form = PERIODS[frequency]
    labels = pd.DatetimeIndex(regional.time.values).strftime(form)
    index = pd.MultiIndex.from_product([labels, ROWS], names=[period, "region"])
    parts = []
    for source, model in SOURCES.items():
        columns: dict[str, object] = {"model": model}
        for column, suffix in COLUMNS.items():
            unit = "" if column == "members" else f"_PgC_per_{period}"
            columns[f"{column}{unit}"] = regional[f"{source}{suffix}"].values.ravel()
        parts.append(pd.DataFrame(columns, index=index).reset_index())
    return pd.concat(parts, ignore_index=True)


def _attributes(source: str, column: str) -> dict[str, str]:
    what = SOURCES[source] if source == INVERSIONS else f"model {SOURCES[source]}"
    if column == "members":
        return {
            "long_name": f"number of members that went into the total, {what}",
            "units": "1",
            "coverage_content_type": "auxiliaryInformation",
        }
    total = {
        "units": "Pg",
        "cell_methods": "area: sum where ice_free_land time: sum",
    }
    if column == "spread":
        return {
            "long_name": f"standard deviation over the ensemble of the total, {what}",
            **total,
            "coverage_content_type": "qualityInformation",
            "comment": "Sample standard deviation (n - 1) of the members' totals of the region and "
            "period; missing where one member is there.",
        }
    return {
        "long_name": f"total net ecosystem exchange of carbon, {what}",
        **total,
        "coverage_content_type": "modelResult",
        "ancillary_variables": f"{source}_spread {source}_members",
        "comment": "Mass of carbon that land gives to the atmosphere in the period; negative: "
        "uptake by land. Without emissions from fire and without river evasion."
        + (" Mean over the inversions that are there." if source == INVERSIONS else ""),
    }
