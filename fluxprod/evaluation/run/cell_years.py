"""Annual NEE of cells, of an ensemble."""

import numpy as np
import xarray as xr

from fluxprod.evaluation.run.maps import annual_density
from fluxprod.evaluation.run.periods import spread


def cell_years(members: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread over members of annual NEE, each of shape (cell, year) [g m-2 yr-1].

    Parameters
    ----------
    members : DataArray, dims (member, cell, month) [g m-2 d-1]
        Per area of land; read one member at a time.
    """
    monthly = members.rename(month="time")
    each = [annual_density(monthly.isel(member=i)) for i in range(members.sizes["member"])]
    yearly = xr.DataArray(np.stack(each), dims=("member", "cell", "year"))
    return yearly.mean("member").values, spread(yearly).values
