"""Annual NEE of cells from an ensemble."""

import numpy as np
import xarray as xr

from fluxprod.evaluation.run.maps import annual_density
from fluxprod.evaluation.run.periods import spread


def cell_years(members: xr.DataArray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and spread across the members of annual NEE.

    Parameters
    ----------
    members : DataArray, dims (member, cell, month)
        Monthly NEE per area of land [g m-2 d-1]; read one member at a time.

    Returns
    -------
    mean : ndarray, shape (cell, year)
        Mean of the members [g m-2 yr-1].
    spread : ndarray, shape (cell, year)
        Sample standard deviation across the members [g m-2 yr-1].
    """
    monthly = members.rename(month="time")
    each = [annual_density(monthly.isel(member=i)) for i in range(members.sizes["member"])]
    yearly = xr.DataArray(np.stack(each), dims=("member", "cell", "year"))
    return yearly.mean("member").values, spread(yearly).values
