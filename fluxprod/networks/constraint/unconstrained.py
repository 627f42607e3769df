"""A bridge and inversions without regions: with them EC is EC-ATM that nothing constrains."""

import numpy as np
import xarray as xr


def empty_bridge() -> xr.Dataset:
    """A bridge without a contribution."""
    return xr.Dataset(
        {
            "cell": ("contribution", np.empty(0, np.int32)),
            "contribution_region": ("contribution", np.empty(0, np.int8)),
            "theta": ("contribution", np.empty(0), {"units": "m2"}),
            "intercept": ("region", np.empty(0), {"units": "g d-1"}),
        }
    )


def empty_inversions() -> xr.Dataset:
    """Inversions without a member."""
    empty = np.empty((0, 0, 0))
    return xr.Dataset({"NEE": (("member", "region", "time"), empty, {"units": "Pg month-1"})})
