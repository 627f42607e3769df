"""Sign of fires and rivers, gaps that must not become zeros, and the climatology by hand."""

import numpy as np
import pytest
import xarray as xr

from fluxprod.core.time_axis import monthly_axis
from fluxprod.inversions.adjustment import adjusted, fill_missing_cells, fill_with_climatology


def field(values: np.ndarray, first: int = 2001, last: int = 2001) -> xr.DataArray:
    """One value per month on a grid of two by two cells."""
    months = monthly_axis(first, last)
    whole = np.broadcast_to(np.asarray(values, float)[:, None, None], (len(months), 2, 2))
    return xr.DataArray(
        whole.copy(),
        dims=("time", "lat", "lon"),
        coords={"time": months, "lat": [-45.0, 45.0], "lon": [-90.0, 90.0]},
    )


def test_sources_to_the_atmosphere_are_subtracted():
    # the atmosphere sees -1, with 0.25 from fires and 0.125 from rivers: -1.375 is left
    nee = adjusted(field([-1.0] * 12), field([0.25] * 12), field([0.125] * 12))
    assert (nee == -1.375).all()


def test_a_month_without_data_stays_missing():
    flux = field([np.nan] + [1.0] * 11)
    nee = adjusted(flux, field([0.5] * 12))
    assert nee[0].isnull().all()
    assert (nee[1:] == 0.5).all()


def test_missing_cells_of_a_month_with_data_become_zero():
    flux = field([1.0] * 12)
    flux[3, 0, 1] = np.nan
    assert float(fill_missing_cells(flux)[3, 0, 1]) == 0.0


def test_components_on_another_grid_or_time_are_rejected():
    flux = field([0.0] * 12)
    with pytest.raises(ValueError, match="lat differs"):
        adjusted(flux, flux.assign_coords(lat=[-30.0, 30.0]))
    with pytest.raises(ValueError, match="time differs"):
        adjusted(flux, field([0.0] * 12, 2002, 2002))


def test_coordinates_equal_to_rounding_do_not_drop_cells():
    flux = field([2.0] * 12)
    fire = field([0.5] * 12).assign_coords(lat=np.array([-45.000004, 45.000004]))
    assert (adjusted(flux, fire) == 1.5).all()


def test_years_before_the_fire_data_get_the_climatology():
    # January 10 and 30: mean 20; February 11 and 31: mean 21; ...
    fire = field([*range(10, 22), *range(30, 42)], 2003, 2004)
    filled, is_climatology = fill_with_climatology(fire, monthly_axis(2001, 2004))
    assert is_climatology.tolist() == [True] * 24 + [False] * 24
    assert filled[:24, 0, 0].values.tolist() == [*range(20, 32)] * 2
    assert filled[24:, 1, 1].values.tolist() == [*range(10, 22), *range(30, 42)]
    assert filled.dims == ("time", "lat", "lon")
