import numpy as np
import pandas as pd
import pytest

from fluxprod.synthetic.radiation import SOLAR_CONSTANT, potential_radiation


def test_equinox_at_the_equator_by_hand():
    """Twelve hours of a sun that passes the zenith: S0 E0 / pi."""
    day = pd.DatetimeIndex(["2003-03-21"])
    found = potential_radiation(day, np.array([0.0])).item()
    assert found == pytest.approx(SOLAR_CONSTANT / np.pi, rel=0.01)


def test_polar_night_and_day():
    days = pd.DatetimeIndex(["2003-12-21", "2003-06-21"])
    night, bright = potential_radiation(days, np.array([80.0]))[:, 0]
    assert night == 0.0
    assert bright > 450.0


@pytest.mark.parametrize(
    ("name", "lat"),
    [
        ("FLX_US-MMS_FLUXNET2015_SUBSET_DD_1999-2014_1-4.csv.gz", 39.3232),
        ("FLX_AU-Lox_FLUXNET2015_SUBSET_DD_2008-2009_1-4.csv", -34.4704),
    ],
)
def test_equals_real_files(realdata, name, lat):
    table = pd.read_csv(realdata / "fluxnet" / name, usecols=["TIMESTAMP", "SW_IN_POT"])
    days = pd.DatetimeIndex(pd.to_datetime(table.TIMESTAMP.astype(str)))
    ratio = potential_radiation(days, np.array([lat]))[:, 0] / table.SW_IN_POT.to_numpy()
    assert np.median(ratio) == pytest.approx(1.0, abs=0.001)
