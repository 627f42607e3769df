"""How product files are stored: rounding with a stated bound, chunks for maps and for series.

Daily values are 16-bit integers: at a step of 0.002 g m-2 d-1 they span -65.5 to 65.5, twice the
range of measured NEE, and their error of 0.001 is a hundredth of a tower's random error. Monthly
values are 32-bit floats rounded to a power of two: exact in binary, so they compress as well, and
no program that keeps the type of its input (CDO) runs over when it sums them.
"""

import numpy as np
import xarray as xr

from fluxprod.product.fluxes import rounded

DAILY_STEP = 0.002  # g m-2 d-1
MONTHLY_STEP = 2.0**-13  # g m-2 d-1, 0.000122
MISSING = np.int16(-32768)
FLOAT_MISSING = np.float32(9.96921e36)  # default of the NetCDF library, exact in float32
CHUNK = {"time": 61, "lat": 60, "lon": 60}  # one cell's year: 6 chunks; a map: 72 at 0.5 degrees
BOUND = "Rounded to multiples of {step:g} g m-2 d-1: stored values err by at most {half:g}."


def is_flux(name: str) -> bool:
    """Whether a variable is a flux of the product."""
    return name.startswith("nee")


def packed_daily(dataset: xr.Dataset) -> xr.Dataset:
    """Set 16-bit packing on the fluxes.

    Raises
    ------
    ValueError
        If a value does not fit: it would wrap around.
    """
    limit = DAILY_STEP * np.iinfo(np.int16).max
    for name in filter(is_flux, map(str, dataset.data_vars)):
        largest = float(abs(dataset[name]).max())
        if largest > limit:
            raise ValueError(f"{name}: {largest:g} g m-2 d-1 is outside +-{limit:g}")
        dataset[name].encoding = {
            "dtype": np.int16,
            "scale_factor": np.float32(DAILY_STEP),
            "_FillValue": MISSING,
        }
    return _stored(dataset, DAILY_STEP)


def packed_monthly(dataset: xr.Dataset) -> xr.Dataset:
    """Round the fluxes to a power of two, as float32."""
    dataset = dataset.copy()
    for name in filter(is_flux, map(str, dataset.data_vars)):
        attributes = dataset[name].attrs
        dataset[name] = rounded(dataset[name], MONTHLY_STEP).assign_attrs(attributes)
        dataset[name].encoding = {"dtype": np.float32, "_FillValue": FLOAT_MISSING}
    return _stored(dataset, MONTHLY_STEP)


def _stored(dataset: xr.Dataset, step: float) -> xr.Dataset:
    since = f"days since {dataset.time_bnds.values[0, 0]:.10}"
    for name in map(str, dataset.variables):
        variable = dataset[name]
        if is_flux(name):
            bound = BOUND.format(step=step, half=step / 2)
            variable.attrs["comment"] = f"{variable.attrs['comment']} {bound}"
            chunks = tuple(min(CHUNK[str(dim)], size) for dim, size in variable.sizes.items())
            variable.encoding |= {"zlib": True, "complevel": 4, "shuffle": True}
            variable.encoding |= {"chunksizes": chunks}
        else:
            variable.encoding = {"_FillValue": None}
        if name in ("time", "time_bnds"):
            variable.encoding |= {
                "units": since,
                "calendar": "proleptic_gregorian",
                "dtype": np.float64,
            }
    return dataset
