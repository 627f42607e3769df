"""Global attributes of the product files, following CF-1.11 and ACDD-1.3.

They do not say when, where or from which commit a file was made, as this would change its bytes,
which dvc.lock records. The dates are those of CITATION.cff.
"""

import json
from urllib.parse import urlsplit

import numpy as np
import pandas as pd
import xarray as xr

from fluxprod.core.citation import Citation
from fluxprod.core.regions import REGIONS
from fluxprod.product.edition import Edition

WORLDS = {
    "synthetic": "SYNTHETIC EARTH: an observing-system simulation experiment. Computed from "
    "simulated towers, satellites, weather and inversions; not an estimate for the real Earth.",
    "observed": "Computed from observations of the real Earth.",
}
CONTENTS = {
    "daily": "daily means",
    "monthly": "monthly means",
    "monthly-members": "monthly means of every member of the ensembles",
    "regional-monthly": "monthly totals of 18 regions, unassigned land and the globe",
    "regional-annual": "annual totals of 18 regions, unassigned land and the globe",
}
RESOLUTION = {"daily": "P1D", "regional-annual": "P1Y"}  # P1M for the others
FLUX = (
    "Sign: positive to the atmosphere. Carbon mass, without fire and without river evasion (net "
    "ecosystem exchange, not net biome exchange)."
)
FIXED = {
    "Conventions": "CF-1.11, ACDD-1.3",
    "project": "fluxprod",
    "program": "fluxprod",
    "processing_level": "gridded model output",
    "cdm_data_type": "Grid",
    "platform_vocabulary": "names in common use",
    "instrument_vocabulary": "names in common use",
    "standard_name_vocabulary": "CF Standard Name Table v93",
    "keywords_vocabulary": "words in common use",
    "acknowledgement": "The method rests on data of FLUXNET and La Thuile towers, MODIS, ERA5, "
    "CAMS GFAS, the inversions of the Global Carbon Budget and FLUXCOM.",
    "geospatial_lat_units": "degrees_north",
    "geospatial_lon_units": "degrees_east",
    "geospatial_vertical_min": 0.0,
    "geospatial_vertical_max": 0.0,
    "geospatial_vertical_units": "m",
    "geospatial_vertical_positive": "up",
    "geospatial_vertical_resolution": "one level",
    "geospatial_bounds_crs": "EPSG:4326",
}


def fire_note(climatology: tuple[int, ...]) -> str:
    """Sentence on the fire emissions that are subtracted from the inversions."""
    if not climatology:
        return "Fires removed from the inversions: GFAS of each month."
    return (
        "Fires removed from the inversions: GFAS of each month; for "
        f"{' and '.join(map(str, climatology))}, which GFAS does not cover, its climatology."
    )


def gfas_coverage(period: range, climatology: tuple[int, ...]) -> str:
    """Years with fire emissions from GFAS, as an ISO 8601 interval."""
    covered = [year for year in period if year not in climatology]
    return f"{covered[0]}/{covered[-1]}" if covered else "none"


def global_attributes(
    fields: xr.Dataset, edition: Edition, *, content: str, years: range
) -> dict[str, object]:
    """Build all global attributes of one file.

    Parameters
    ----------
    fields : Dataset
        Content of the file, with ``time_bnds`` and, if it is gridded, ``lat`` and ``lon``.
    edition : Edition
        Edition of the product to which the file belongs.
    content : str
        Kind of file, a key of `CONTENTS`.
    years : range
        Years in this file.

    Returns
    -------
    dict
        Attributes by name.
    """
    citation, world = edition.citation, edition.world
    span = f"{years[0]}" + (f"-{years[-1]}" if len(years) > 1 else "")
    grid = f"{edition.resolution:g}deg"
    return {
        **common_attributes(edition),
        "title": f"{citation.title}, {CONTENTS[content]}, {span}",
        "id": f"fluxprod-v{citation.version}-{world}-{grid}-{content}-{span}",
        **_texts(content, edition),
        **_extent(fields),
        **_coverage(fields, content, years),
    }


def common_attributes(edition: Edition) -> dict[str, object]:
    """Global attributes shared by all files, which the root of the zarr store has too."""
    citation, world = edition.citation, edition.world
    simulated = "simulated " if world == "synthetic" else ""
    host = urlsplit(citation.url).hostname or "fluxprod"
    return {
        "title": citation.title,
        "product_version": citation.version,
        "history": f"Made by the pipeline of fluxprod {citation.version}.",
        "source": f"fluxprod neural networks EC-ATM and EC, driven by MODIS and ERA5 ({world})",
        "source_world": world,
        "naming_authority": ".".join(reversed(host.split("."))),
        **FIXED,
        "platform": f"{simulated}eddy-covariance towers, Terra and Aqua, weather reanalysis",
        "instrument": f"{simulated}eddy-covariance systems, MODIS",
        "gfas_coverage": gfas_coverage(edition.period, edition.fire_climatology),
        "land_cells_without_flux": np.int32(edition.cells_without_flux),
        **_people(citation),
        **_provenance(edition),
    }


def _texts(content: str, edition: Edition) -> dict[str, str]:
    note = WORLDS[edition.world]
    return {
        "summary": f"Net ecosystem exchange of carbon between land and atmosphere: "
        f"{CONTENTS[content]}, from an ensemble of neural networks trained on eddy-covariance "
        "towers and on regional totals of atmospheric inversions (EC-ATM), and from the same "
        f"networks trained on towers alone (EC). {note}",
        "comment": f"{FLUX} {_how_to_sum(content)} {gap_note(edition.cells_without_flux)} "
        f"{fire_note(edition.fire_climatology)} Days are UTC, as in ERA5; the days of the towers "
        f"are local standard time. Months have their true lengths. {note}",
    }


def gap_note(cells: int) -> str:
    """Sentence on land cells that totals leave out."""
    if not cells:
        return "Every land cell has a flux at all times."
    return (
        f"{cells} land cells lack a driver at some time: their flux is missing then, and totals "
        "leave them out."
    )


def _how_to_sum(content: str) -> str:
    if content.startswith("regional"):
        names = "; ".join(f"{region.abbreviation}: {region.name}" for region in REGIONS)
        return f"Totals of nee x cell_area x land_fraction of the monthly files. {names}."
    return "Flux of a region [g d-1] = sum of nee x cell_area x land_fraction."


def _people(citation: Citation) -> dict[str, str]:
    """Attributes on authors, contact and citation."""
    one = len(citation.creators) == 1 and citation.creators[0].group
    affiliations = [person.affiliation for person in citation.creators if person.affiliation]
    return {
        "creator_name": citation.authors,
        "creator_type": "group" if one else "person",
        "creator_email": citation.email,
        "creator_url": citation.url,
        "creator_institution": "; ".join(dict.fromkeys(affiliations)) or citation.publisher,
        "institution": citation.publisher,
        "publisher_name": citation.publisher,
        "publisher_type": "group",
        "publisher_email": citation.email,
        "publisher_url": citation.url,
        "publisher_institution": citation.publisher,
        "contributor_name": citation.authors,
        "contributor_role": "author",
        "license": f"{citation.license}, {citation.license_url}",
        "references": "; ".join(map(str, citation.references)),
        "keywords": ", ".join(citation.keywords),
        "citation": citation.text,
        "doi": citation.doi or "none assigned",
        "metadata_link": citation.doi_url or citation.url,
        "funding": citation.funding,
        "date_created": citation.released,
        "date_issued": citation.released,
        "date_modified": citation.released,
        "date_metadata_modified": citation.released,
    }


def _extent(fields: xr.Dataset) -> dict[str, str | float]:
    """Extent of cell centres, which checkers compare with the coordinates; of tables, the globe."""
    extent: dict = {}
    for axis, limit in (("lat", 90.0), ("lon", 180.0)):
        values = fields[axis].values if axis in fields else None
        extent[f"geospatial_{axis}_min"] = -limit if values is None else float(values.min())
        extent[f"geospatial_{axis}_max"] = limit if values is None else float(values.max())
        extent[f"geospatial_{axis}_resolution"] = (
            "regions" if values is None else f"{values[1] - values[0]:g} degrees"
        )
    west, east = extent["geospatial_lon_min"], extent["geospatial_lon_max"]
    south, north = extent["geospatial_lat_min"], extent["geospatial_lat_max"]
    corners = [(south, west), (north, west), (north, east), (south, east), (south, west)]
    ring = ", ".join(f"{lat:g} {lon:g}" for lat, lon in corners)
    return {**extent, "geospatial_bounds": f"POLYGON (({ring}))"}


def _coverage(fields: xr.Dataset, content: str, years: range) -> dict[str, str]:
    first, last = (pd.Timestamp(fields.time_bnds.values[i, i]) for i in (0, -1))
    return {
        "time_coverage_start": f"{first:%FT%TZ}",
        "time_coverage_end": f"{last:%FT%TZ}",
        "time_coverage_duration": f"P{len(years)}Y",
        "time_coverage_resolution": RESOLUTION.get(content, "P1M"),
    }


def _provenance(edition: Edition) -> dict[str, str]:
    """Parameters as JSON, and the SHA-256 of raw sources and code."""
    made_of = edition.provenance
    return {
        "provenance_params": json.dumps(made_of.params),
        "provenance_raw_sha256": "; ".join(f"{n} {each.sha256}" for n, each in made_of.raw.items()),
        "provenance_code_sha256": made_of.code.sha256,
    }
