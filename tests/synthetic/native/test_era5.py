import netCDF4
import numpy as np
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis
from fluxprod.synthetic.native.era5 import write_era5_year

GRID = Grid(45.0)


@pytest.fixture
def field():
    """Two years of temperature: 250 K plus the flat index of the cell, south to north."""
    days = daily_axis(2003, 2004)
    values = 250.0 + np.broadcast_to(np.arange(32.0).reshape(4, 8), (len(days), 4, 8))
    coords = {"time": days, "lat": GRID.lat, "lon": GRID.lon}
    return xr.DataArray(values, dims=("time", "lat", "lon"), coords=coords)


def attributes(variable):
    return {name: variable.getncattr(name) for name in variable.ncattrs() if name != "_FillValue"}


def test_layout_is_that_of_the_real_file(tmp_path, field, realdata):
    path = write_era5_year(tmp_path, "t2m", field, 2003)
    real_path = realdata / "era5" / "new_cds" / "data_stream-moda_stepType-avgua.nc"
    with netCDF4.Dataset(path) as ours, netCDF4.Dataset(real_path) as real:
        assert list(ours.variables) == list(real.variables)
        for name in ("number", "valid_time", "latitude", "longitude", "expver"):
            assert ours[name].dtype == real[name].dtype, name
            assert ours[name].dimensions == real[name].dimensions, name
            assert attributes(ours[name]) == attributes(real[name]), name
        assert ours["t2m"].dtype == real["t2m"].dtype
        assert ours["t2m"].dimensions == real["t2m"].dimensions
        assert set(attributes(ours["t2m"])) <= set(attributes(real["t2m"]))
        for name in ("units", "long_name", "GRIB_paramId", "GRIB_shortName", "coordinates"):
            assert ours["t2m"].getncattr(name) == real["t2m"].getncattr(name)


def test_values_dates_and_orientation(tmp_path, field):
    path = write_era5_year(tmp_path, "t2m", field, 2004)
    assert path.name == "2m_temperature_stream-oper_daily-mean_2004.nc"
    with xr.open_dataset(path) as dataset:
        assert dataset.latitude.values.tolist() == [67.5, 22.5, -22.5, -67.5]
        assert str(dataset.valid_time.values[59])[:10] == "2004-02-29"
        assert dataset.sizes["valid_time"] == 366
        assert dataset.t2m.sel(latitude=-67.5, longitude=-157.5).values.tolist() == [250.0] * 366
        assert set(np.unique(dataset.expver)) == {"0001"}


@pytest.mark.parametrize(
    ("variable", "name", "step"),
    [
        ("ssrd", "surface_solar_radiation_downwards_stream-oper_daily-sum_2003.nc", 2048.0),
        ("tp", "total_precipitation_stream-oper_daily-sum_2003.nc", 2.0**-17),
    ],
)
def test_sums_are_rounded_to_their_step(tmp_path, field, variable, name, step):
    path = write_era5_year(tmp_path, variable, field * step * 0.3, 2003)
    assert path.name == name
    with xr.open_dataset(path) as dataset:
        written = dataset[variable].values.astype(float)
    expected = field.values[:365, ::-1] * step * 0.3
    assert (written / step == np.rint(expected / step)).all()
