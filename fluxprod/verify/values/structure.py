"""Layout of each kind of product file: its variables with dimensions and units."""

import xarray as xr

MAP = ("lat", "lon")
FLUX_UNITS = "g m-2 d-1"  # of carbon; parsers of units reject "gC"
TOTAL_UNITS = "Pg"  # of carbon, per month or year
MODELS = ("nee", "nee_ec")
MEANS_AND_SPREADS = tuple(name + ending for name in MODELS for ending in ("", "_spread"))
NUMBERS = {f"{name}_members": ((), "1") for name in MODELS}
BY_REGION = ("time", "region")

Layout = dict[str, tuple[tuple[str, ...], str | None]]  # dimensions and units by variable


def _on_map(names: tuple[str, ...], *dims: str) -> Layout:
    return {
        **{name: ((*dims, *MAP), FLUX_UNITS) for name in names},
        "cell_area": (MAP, "m2"),
        "land_fraction": (MAP, "1"),
        "region": (MAP, None),
        **{f"{axis}_bnds": ((axis, "bnds"), None) for axis in ("time", *MAP)},
        "crs": ((), None),
    }


REGIONAL: Layout = {
    **{
        f"{source}{ending}": (BY_REGION, units)
        for source in (*MODELS, "inversions")
        for ending, units in (("", TOTAL_UNITS), ("_spread", TOTAL_UNITS), ("_members", "1"))
    },
    "region_number": (("region",), None),
    "time_bnds": (("time", "bnds"), None),
}
LAYOUTS: dict[str, Layout] = {
    "daily": _on_map(MEANS_AND_SPREADS, "time") | NUMBERS,
    "monthly": _on_map(MEANS_AND_SPREADS, "time") | NUMBERS | {"days": (("time",), "1")},
    "monthly-members": _on_map(MODELS, "time", "realization") | {"days": (("time",), "1")},
    "regional-monthly": REGIONAL,
    "regional-annual": REGIONAL,
}
GRIDDED = ("daily", "monthly", "monthly-members")


def flux_names(content: str) -> tuple[str, ...]:
    """Names of the fluxes and spreads in a kind of file; empty for regional totals."""
    return tuple(name for name, (_, units) in LAYOUTS[content].items() if units == FLUX_UNITS)


def structure_faults(dataset: xr.Dataset, content: str) -> list[str]:
    """Variables that are missing, or that the other checks could not use."""
    faults = []
    for name, (dims, _) in LAYOUTS[content].items():
        if name not in dataset.variables:
            faults.append(f"no variable {name}")
            continue
        variable = dataset[name]
        if variable.dims != dims:
            found, expected = (f"({', '.join(map(str, each))})" for each in (variable.dims, dims))
            faults.append(f"{name}: dimensions {found}, expected {expected}")
        elif variable.dtype.kind not in "fiu" and name != "time_bnds":
            faults.append(f"{name}: found {variable.dtype}, expected numbers")
        elif variable.size == 0:
            faults.append(f"{name}: no value")
    if dataset.sizes.get("bnds", 2) != 2:
        faults.append(f"dimension bnds: found {dataset.sizes['bnds']}, expected 2")
    axes = {dim for dims, _ in LAYOUTS[content].values() for dim in dims} - {"bnds", "region"}
    return faults + [f"no coordinate {axis}" for axis in sorted(axes - set(dataset.coords))]
