"""ERA5 files of a small Earth hold the weather that its towers measure."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fluxprod.core.time_axis import daily_axis
from fluxprod.readers.era5.series import era5_series
from fluxprod.readers.era5.vapour_deficit import vapour_deficit_days
from fluxprod.synthetic.earth.reference import read_reference
from fluxprod.synthetic.earth.tower_records import measure_weather
from fluxprod.synthetic.earth.world import make_earth
from fluxprod.synthetic.raw_weather import write_weather

REFERENCE = Path(__file__).parents[2] / "data" / "reference" / "earth"


class NoNoise:
    """A generator that draws nothing but zeros."""

    def standard_normal(self, shape):
        return np.zeros(shape)


@pytest.fixture(scope="module")
def earth():
    return make_earth(read_reference(REFERENCE), 9.0, range(2003, 2004), seed=5)


@pytest.fixture(scope="module")
def era5(earth, tmp_path_factory):
    folder = tmp_path_factory.mktemp("era5")
    write_weather(earth, folder)
    return folder


def test_a_file_per_year_and_variable(era5):
    assert sorted(path.name for path in era5.iterdir()) == [
        "2m_dewpoint_temperature_stream-oper_daily-mean_2003.nc",
        "2m_temperature_stream-oper_daily-mean_2003.nc",
        "surface_solar_radiation_downwards_stream-oper_daily-sum_2003.nc",
        "total_precipitation_stream-oper_daily-sum_2003.nc",
    ]


def test_a_tower_with_the_weather_of_its_cell_has_its_deficit(earth, era5):
    """But for noise; the files are rounded to 1/128 K, which is 0.03 hPa at 45 degC."""
    days = daily_axis(2003, 2003)
    air, dewpoint = (era5_series(era5, name, pd.DatetimeIndex(days)) for name in ("TA", "TD"))
    of_cells = np.stack(
        [day.values.ravel()[earth.land.cell] for day in vapour_deficit_days(air, dewpoint)]
    )
    at_towers = measure_weather(np.arange(len(earth.land.cell)), earth.weather, NoNoise())
    assert of_cells.max() > 20.0
    np.testing.assert_allclose(of_cells, at_towers["vapour_deficit"], atol=0.03)
