import gzip
import io

import numpy as np
import pandas as pd
import pytest

from fluxprod.radiation import potential_radiation, potential_radiation_year

# latitudes from the sites' BADM pages, in the BIF of FLUXNET2015
LATITUDES = {
    "AT-Neu": 47.1167, "AU-Lox": -34.4704, "DE-Gri": 50.9500, "DE-Kli": 50.8931,
    "IT-Col": 41.8494, "NL-Hor": 52.2404, "US-Atq": 70.4696, "US-MMS": 39.3232, "GL-ZaF": 74.4814,
}  # fmt: skip


@pytest.mark.parametrize("site", LATITUDES)
def test_agrees_with_fluxnets_own_potential_radiation(realdata, site):
    (path,) = (realdata / "fluxnet").glob(f"FLX_{site}_*.csv*")
    raw = path.read_bytes()
    text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    table = pd.read_csv(io.BytesIO(text), usecols=["TIMESTAMP", "SW_IN_POT"])
    day = pd.to_datetime(table.TIMESTAMP.astype(str)).dt.day_of_year.to_numpy()
    ours = potential_radiation(np.array([LATITUDES[site]]), day)[0]
    lit = table.SW_IN_POT > 10
    assert np.median(ours[lit] / table.SW_IN_POT[lit]) == pytest.approx(1.0, abs=0.002)


def test_polar_night_and_day():
    year = potential_radiation_year(np.array([80.0, -80.0]))
    assert year.shape == (2, 366)
    assert year[0, 0] == 0.0
    assert year[1, 0] > 450.0
    assert np.isfinite(year).all()


def test_equinox_at_the_equator_by_hand():
    """Twelve hours of a sun that passes the zenith: S0 / pi, near one sun-earth distance."""
    found = potential_radiation(np.array([0.0]), np.array([80])).item()
    assert found == pytest.approx(1376.0 / np.pi, rel=0.01)
