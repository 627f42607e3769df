"""File names, made of product, version, grid, content and period; and descriptions of files."""

from fluxprod.product.edition import Edition

STORE = ""  # the zarr store holds all contents, and its name mentions none
DESCRIPTIONS = {
    ("daily", "nc"): "daily NEE of EC-ATM and EC with spread, one year, NetCDF-4, CF-1.11",
    ("monthly", "nc"): "monthly NEE of EC-ATM and EC with spread, whole period, NetCDF-4, CF-1.11",
    ("monthly-members", "nc"): "monthly NEE of every member of EC-ATM and EC, whole period, "
    "NetCDF-4, CF-1.11",
    ("regional-monthly", "csv"): "monthly totals of 18 regions, unassigned land and the globe: "
    "EC-ATM, EC and inversions with spread, from the values in the monthly files",
    ("regional-monthly", "nc"): "the monthly totals as NetCDF-4, CF-1.11",
    ("regional-annual", "csv"): "annual totals of 18 regions, unassigned land and the globe: "
    "EC-ATM, EC and inversions with spread, sums of the monthly totals",
    ("regional-annual", "nc"): "the annual totals as NetCDF-4, CF-1.11",
    ("quicklook-annual", "png"): "maps of mean annual NEE of EC-ATM and EC",
    ("quicklook-seasons", "png"): "maps of NEE of EC-ATM in four seasons",
    ("quicklook-spread", "png"): "maps of the spread of monthly NEE over members",
    ("quicklook-series", "png"): "monthly NEE of the globe of EC-ATM, EC and inversions",
    (STORE, "zarr"): "all of the NetCDF files as one zarr 3 store for lazy reading, a group each "
    "frequency",
}


def file_name(edition: Edition, content: str, ending: str = "nc", year: int | None = None) -> str:
    """Name of a product file.

    Parameters
    ----------
    edition : Edition
        Edition of the product.
    content, ending : str
        Content and suffix of the file, together a key of `DESCRIPTIONS`.
    year : int, optional
        Year of a file that covers one year; other names give the whole period.

    Returns
    -------
    str
        File name.
    """
    product = f"nee_fluxprod-v{edition.citation.version}_{edition.resolution:g}deg"
    parts = filter(None, (product, content, str(year or edition.span)))
    return f"{'_'.join(parts)}.{ending}"


def description(name: str) -> str:
    """Describe a product file, given its name.

    >>> description("nee_fluxprod-v0.1.0_2deg_regional-annual_2001-2008.nc")
    'the annual totals as NetCDF-4, CF-1.11'
    >>> description("nee_fluxprod-v0.1.0_0.5deg_2001-2017.zarr")[:24]
    'all of the NetCDF files '
    """
    stem, ending = name.rsplit(".", 1)
    _, _, _, *content, _ = stem.split("_")
    return DESCRIPTIONS["".join(content), ending]
