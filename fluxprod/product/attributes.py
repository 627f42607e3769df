"""Global attributes of the product files, CF-1.11 and ACDD-1.3.

They hold nothing of when, where or from which commit a file was made: those would change its
bytes, which dvc.lock records.
"""

import pandas as pd
import xarray as xr

GFAS_FIRST_YEAR = 2003  # first full year of the Global Fire Assimilation System
WORLDS = {
    "synthetic": "SYNTHETIC EARTH: an observing-system simulation experiment. Computed from "
    "simulated towers, satellites, weather and inversions; not an estimate for the real Earth.",
    "observed": "Computed from observations of the real Earth.",
}
REFERENCES = (
    "Upton, S., Reichstein, M., Gans, F., Peters, W., Kraft, B., and Bastos, A.: Constraining "
    "biospheric carbon dioxide fluxes by combined top-down and bottom-up approaches (the method); "
    "Tramontana et al. (2016), doi:10.5194/bg-13-4291-2016 and Jung et al. (2020), "
    "doi:10.5194/bg-17-1343-2020 (drivers); Friedlingstein et al. (2022), "
    "doi:10.5194/essd-14-4811-2022 (atmospheric inversions)"
)
FIXED = {
    "Conventions": "CF-1.11, ACDD-1.3",
    "institution": "fluxprod developers",
    "creator_name": "fluxprod developers",
    "creator_type": "group",
    "creator_institution": "fluxprod developers",
    "publisher_name": "fluxprod developers",
    "publisher_type": "group",
    "acknowledgement": "The method rests on data of FLUXNET and La Thuile towers, MODIS, ERA5, "
    "CAMS GFAS, the inversions of the Global Carbon Budget and FLUXCOM.",
    "license": "CC-BY-4.0, https://creativecommons.org/licenses/by/4.0/",
    "references": REFERENCES,
    "keywords": "net ecosystem exchange, NEE, carbon flux, land carbon sink, eddy covariance, "
    "atmospheric inversion, machine learning",
    "naming_authority": "fluxprod",
    "project": "fluxprod",
    "processing_level": "gridded model output",
    "cdm_data_type": "Grid",
    "standard_name_vocabulary": "CF Standard Name Table v93",
    "geospatial_lat_units": "degrees_north",
    "geospatial_lon_units": "degrees_east",
    "geospatial_vertical_min": 0.0,
    "geospatial_vertical_max": 0.0,
    "geospatial_vertical_units": "m",
    "geospatial_vertical_positive": "up",
    "geospatial_bounds_crs": "EPSG:4326",
}
RESOLUTION = {"daily": "P1D", "monthly": "P1M"}


def fire_note(period: range) -> str:
    """What was taken for the fires that are removed from the inversions."""
    early = [year for year in period if year < GFAS_FIRST_YEAR]
    if not early:
        return "Fires removed from the inversions: GFAS of each day."
    return (
        f"Fires removed from the inversions: GFAS, which begins in {GFAS_FIRST_YEAR}; for "
        f"{' and '.join(map(str, early))} its monthly climatology."
    )


def _texts(content: str, world: str, period: range) -> dict:
    return {
        "summary": "Net ecosystem exchange of carbon between land and atmosphere, global, "
        f"{content}, from an ensemble of neural networks trained on eddy-covariance towers and on "
        "regional totals of atmospheric inversions (EC-ATM), and from the same networks trained "
        "on towers alone (EC), each with the spread over its members, cell area, land fraction "
        f"and regions. {WORLDS[world]}",
        "source": f"fluxprod neural networks EC-ATM and EC, driven by MODIS and ERA5 ({world})",
        "source_world": world,
        "comment": "Sign: positive to the atmosphere. Carbon mass, without fire and without river "
        "evasion (net ecosystem exchange, not net biome exchange). Flux of a region [g d-1] = sum "
        f"of nee x cell_area x land_fraction. {fire_note(period)} Days are UTC, as in ERA5; the "
        "days of the towers are local standard time. Months have their true lengths. "
        f"{WORLDS[world]}",
    }


def _extent(fields: xr.Dataset) -> dict:
    """Extents at cell centres, as checkers compare them with the coordinates."""
    extent: dict = {}
    for axis, name in (("lat", "lat"), ("lon", "lon")):
        values = fields[name].values
        extent[f"geospatial_{axis}_min"] = float(values.min())
        extent[f"geospatial_{axis}_max"] = float(values.max())
        extent[f"geospatial_{axis}_resolution"] = f"{values[1] - values[0]:g} degrees"
    west, east = extent["geospatial_lon_min"], extent["geospatial_lon_max"]
    south, north = extent["geospatial_lat_min"], extent["geospatial_lat_max"]
    corners = [(south, west), (north, west), (north, east), (south, east), (south, west)]
    ring = ", ".join(f"{lat:g} {lon:g}" for lat, lon in corners)
    return {**extent, "geospatial_bounds": f"POLYGON (({ring}))"}


def _coverage(fields: xr.Dataset, content: str, years: range) -> dict:
    first, last = (pd.Timestamp(fields.time.values[i]) for i in (0, -1))
    return {
        "time_coverage_start": f"{first:%FT%TZ}",
        "time_coverage_end": f"{last:%FT%TZ}",
        "time_coverage_duration": f"P{len(years)}Y",
        "time_coverage_resolution": RESOLUTION[content],
    }


def global_attributes(
    fields: xr.Dataset,
    *,
    title: str,
    version: str,
    world: str,
    period: range,
    content: str,
    years: range,
) -> dict:
    """All global attributes of one file.

    Parameters
    ----------
    fields : Dataset
        With lat, lon and time (middle of each period).
    title, version : str
        Of the product.
    world : str
        "synthetic" or "observed".
    period : range
        Years of the whole run: the inversions of all of them went into every file.
    content : str
        "daily" or "monthly".
    years : range
        Years in this file.
    """
    return {
        "title": f"{title}, {content}, {years[0]}"
        + (f"-{years[-1]}" if len(years) > 1 else "")
        + (" (synthetic Earth)" if world == "synthetic" else ""),
        "id": f"fluxprod-v{version}-{world}-{content}",
        "product_version": version,
        "history": f"Made by the pipeline of fluxprod {version}.",
        **_texts(content, world, period),
        **FIXED,
        **_extent(fields),
        **_coverage(fields, content, years),
    }
