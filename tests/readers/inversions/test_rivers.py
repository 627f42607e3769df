import numpy as np
import pytest

from fluxprod.core.errors import DataError
from fluxprod.core.time_axis import monthly_axis
from fluxprod.readers.inversions.rivers import read_rivers
from fluxprod.synthetic.native.inversions import write_rivers
from tests.readers.files.native_grid import numbered, write_cube

NAME = "river_flux_lauerwald_1x1.nc"


def month_numbers() -> np.ndarray:
    return np.arange(1.0, 13.0)[:, None, None] * np.ones((12, 4, 8))


def test_climatology_is_repeated(tmp_path):
    # 365.25 g m-2 yr-1 is 1 g m-2 d-1, so that month m has the value m.
    write_rivers(tmp_path / NAME, 365.25 * month_numbers(), monthly_axis(1999, 1999))
    flux = read_rivers(tmp_path, range(2001, 2003))
    assert flux.dims == ("time", "lat", "lon")
    np.testing.assert_allclose(flux[:, 0, 0], [*range(1, 13)] * 2, atol=1e-4)
    assert str(flux.time.values[-1])[:10] == "2002-12-01"


def test_months_are_taken_by_date(tmp_path):
    field = np.concatenate([month_numbers(), 20.0 + month_numbers()])
    write_rivers(tmp_path / NAME, 365.25 * field, monthly_axis(2001, 2002))
    flux = read_rivers(tmp_path, range(2002, 2003))
    np.testing.assert_allclose(flux[:, 0, 0], np.arange(21, 33), atol=1e-4)


def test_years_outside_a_monthly_file(tmp_path):
    write_rivers(tmp_path / NAME, np.ones((24, 4, 8)), monthly_axis(2001, 2002))
    with pytest.raises(DataError, match="24 months from 2001-01 to 2002-12"):
        read_rivers(tmp_path, range(2002, 2004))


def test_wrong_unit(tmp_path):
    days = {"time": np.arange(12.0) * 30.5, "time_units": "days since 2001-01-01"}
    write_cube(tmp_path / NAME, "river_flux", numbered(12), units="mol m-2 s-1", **days)
    with pytest.raises(DataError, match="units of river_flux: found 'mol m-2 s-1'"):
        read_rivers(tmp_path, range(2001, 2002))


def test_no_file(tmp_path):
    with pytest.raises(DataError, match="river fluxes: found no such file"):
        read_rivers(tmp_path, range(2001, 2002))


@pytest.mark.parametrize("content", [b"<html>log in</html>", b"", b"\x89HDF\r\n\x1a\n cut"])
def test_broken_file(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    with pytest.raises(DataError, match=f"{NAME}: file: found"):
        read_rivers(tmp_path, range(2001, 2002))


def test_undeclared_fill_value(tmp_path):
    days = {"time": 15.0 + np.arange(12.0) * 30.4, "time_units": "days since 2001-01-01"}
    write_cube(tmp_path / NAME, "river_flux", numbered(12) - 9999.0, units="gC m-2 d-1", **days)
    with pytest.raises(DataError, match="magnitude of 9999 g m-2 d-1, .* fill value"):
        read_rivers(tmp_path, range(2001, 2002))


def test_repeated_month(tmp_path):
    days = 15.0 + np.arange(24.0) * 30.4
    days[5] = days[4] + 1.0
    clock = {"time": days, "time_units": "days since 2001-01-01"}
    write_cube(tmp_path / NAME, "river_flux", numbered(24), units="gC m-2 d-1", **clock)
    with pytest.raises(DataError, match="river_flux_lauerwald_1x1.nc: time: found 24 months"):
        read_rivers(tmp_path, range(2001, 2003))


def test_no_months(tmp_path):
    clock = {"time": np.zeros(0), "time_units": "days since 2001-01-01"}
    write_cube(tmp_path / NAME, "river_flux", numbered(0), units="gC m-2 d-1", **clock)
    with pytest.raises(DataError, match="time: found no steps, expected dates"):
        read_rivers(tmp_path, range(2001, 2003))
