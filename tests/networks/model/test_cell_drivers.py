import numpy as np
import torch

from fluxprod.core.variables import DRIVERS
from fluxprod.networks.model.cell_drivers import stored_cell_drivers
from fluxprod.networks.model.scaling import Scaling
from tests.networks import tiny_world


def test_rows_are_what_xarray_selects():
    store = tiny_world.driver_store()
    days = np.array([58, 59, 60, 365 + 59, 365 + 60])  # about 28 February of 2003 and 2004
    mean, std = np.arange(10.0), np.arange(1.0, 11.0)
    drivers = stored_cell_drivers(store, DRIVERS).on_device(torch.device("cpu"))
    cells, scaling = torch.tensor([4, 1]), Scaling(mean, std, 0.0, 1.0)
    rows = drivers.rows(torch.from_numpy(days), cells, scaling).view(2, 5, 10)
    dates = tiny_world.TIME[days].to_pydatetime()
    # the calendar day of a leap year, counted with the standard library of 2004
    season = [date.replace(year=2004).timetuple().tm_yday - 1 for date in dates]
    for column, name in enumerate(DRIVERS):
        field = store[name].isel(cell=[4, 1])
        if "time" in field.dims:
            field = field.isel(time=days)
        elif "calendar_day" in field.dims:
            field = field.isel(calendar_day=season)
        expected = (field.values - mean[column]) / std[column]
        expected = np.broadcast_to(expected.reshape(2, -1), (2, 5))
        np.testing.assert_allclose(rows[:, :, column], expected, rtol=1e-6, atol=1e-6)


def test_all_cells_are_the_default():
    store = tiny_world.driver_store()
    drivers = stored_cell_drivers(store, DRIVERS).on_device(torch.device("cpu"))
    assert drivers.rows(torch.arange(3)).shape == (6 * 3, 10)
